"""Scripts and styles inside a page, for its first frame (`annotations.web.opening`)."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from annotations.web import opening

register = template.Library()


@register.simple_tag(takes_context=True)
def script_inside(context: template.Context, name: str) -> SafeString:
    """The script with this name, to run before anything after it."""
    return opening.script(context["request"], name)


@register.simple_block_tag
def folded(content: str, element_id: str) -> SafeString:
    """Markup that nobody sees before they ask, as a text in the page: the first frame waits for every
    element that the browser has read. `js/opening.js` unfolds it."""
    return json_script(content, element_id)


@register.simple_tag(takes_context=True)
def style_inside(context: template.Context, name: str) -> SafeString:
    """The style sheet with this name, there before anything is shown."""
    return opening.style(context["request"], name)
