"""Reading comfort in templates: the attributes of the root element, and the choices."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from annotations.accounts.preferences import read
from annotations.web import reading

register = template.Library()
QUESTIONS = (reading.THEME, *reading.ARTICLE)


@register.simple_tag(takes_context=True)
def root_attributes(context: template.Context) -> SafeString | str:
    """What a signed-in person's preferences write on <html>; nothing for anyone else."""
    user = context.get("user")
    return reading.root_attributes(user) if user and user.is_authenticated else ""


@register.simple_tag(takes_context=True)
def reading_options(context: template.Context) -> SafeString:
    """The theme and the look of the article, with this person's answers chosen."""
    preferred = context["user"].preferred
    answers = tuple(getattr(preferred, question.name) for question in QUESTIONS)
    return _options(answers, get_language() or "en")


@lru_cache(maxsize=256)
def _options(answers: tuple[str | int, ...], language: str) -> SafeString:
    """Rendered once for each set of answers and language, not at each opening of the desk."""
    names = (question.name for question in QUESTIONS)
    asked = reading.asked(QUESTIONS, read(dict(zip(names, answers, strict=True))))
    return render_to_string("preferences/_questions.html", {"questions": asked})
