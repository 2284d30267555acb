"""Reading comfort in templates: the attributes of the root element, and the choices."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from annotations.web import reading

register = template.Library()


@register.simple_tag(takes_context=True)
def root_attributes(context: template.Context) -> SafeString | str:
    """What a signed-in person's preferences write on <html>; nothing for anyone else."""
    user = context.get("user")
    return reading.root_attributes(user) if user and user.is_authenticated else ""


@register.inclusion_tag("preferences/_questions.html", takes_context=True)
def reading_options(context: template.Context) -> dict[str, Any]:
    """The theme and the look of the article, with this person's answers chosen."""
    questions = (reading.THEME, *reading.ARTICLE)
    return {"questions": reading.asked(questions, context["user"].preferred)}
