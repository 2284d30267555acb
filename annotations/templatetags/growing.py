"""A page that is sent while it grows (`annotations.web.growing`)."""

from django import template

from annotations.web.growing import place_for

register = template.Library()
register.simple_tag(place_for, name="later")
