"""Reading comfort, as every page shows it: the attributes on the root, and the choices in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from annotations.accounts.models import User
from annotations.accounts.preferences import Preferences

Words = str | Promise
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Question:
    """A preference with one answer of a few: its field, and the answers with their words."""

    name: str
    words: Words
    answers: Sequence[tuple[Value, Words]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a form shows it; `value` is written as forms and scripts write it."""

    value: str
    words: Words
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    name: str
    words: Words
    answers: Sequence[Answer]


THEME = Question(
    "theme",
    _("Theme"),
    (
        ("auto", _("As the system")),
        ("light", _("Light")),
        ("dark", _("Dark")),
        ("sepia", _("Sepia")),
        ("contrast", _("High contrast")),
    ),
)
ARTICLE = (
    Question(
        "font_size",
        _("Text size"),
        ((1, _("Smallest")), (2, _("Small")), (3, _("Normal")), (4, _("Large")), (5, _("Largest"))),
    ),
    Question("typeface", _("Typeface"), (("serif", _("Serif")), ("sans", _("Sans serif")))),
    Question(
        "line_length",
        _("Line length"),
        (("narrow", _("Short")), ("normal", _("Normal")), ("wide", _("Long"))),
    ),
    Question(
        "line_spacing",
        _("Line spacing"),
        (("close", _("Tight")), ("normal", _("Normal")), ("open", _("Loose"))),
    ),
    Question("badges", _("Letters of labels"), ((True, _("Shown")), (False, _("Hidden")))),
)
MOTION = Question(
    "motion",
    _("Movement"),
    (("system", _("As the system")), ("reduced", _("As little as possible"))),
)
SINGLE_KEYS = Question("single_keys", _("Single keys"), ((True, _("On")), (False, _("Off"))))


def asked(questions: Iterable[Question], preferences: Preferences) -> Sequence[Asked]:
    """Return the questions with this person's answers chosen."""
    return [_asked(question, getattr(preferences, question.name)) for question in questions]


def _asked(question: Question, chosen: Value) -> Asked:
    answers = [
        Answer(written(value), words, chosen=value == chosen) for value, words in question.answers
    ]
    return Asked(question.name, question.words, answers)


def written(value: Value) -> str:
    """A value as forms and attributes write it: true and false as scripts do."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def preferences_url(user: User) -> str:
    """Where a page of this person sends their changes: whoever signs in on the same browser
    meanwhile does not get them."""
    return f"{reverse('preferences')}?of={user.pk}"


def root_attributes(user: User) -> SafeString:
    """What stands on <html>, so that the first paint is this person's: whose page it is, where
    changes go, and a data attribute for everything that styles depend on (`theme.js` keeps those
    true)."""
    preferred = user.preferred
    shown: dict[str, object] = {
        "account": user.pk,
        "preferences": preferences_url(user),
        "theme-choice": preferred.theme,
    }
    if preferred.theme != "auto":
        shown["theme"] = preferred.theme
    return _attributes(shown | _styled(preferred))


def _styled(preferred: Preferences) -> dict[str, object]:
    styled = (*ARTICLE, MOTION)
    return {
        question.name.replace("_", "-"): written(getattr(preferred, question.name))
        for question in styled
    }


def _attributes(shown: Mapping[str, object]) -> SafeString:
    return format_html_join("", ' data-{}="{}"', shown.items())
