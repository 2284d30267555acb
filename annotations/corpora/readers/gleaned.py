"""Articles whose fields are gleaned from a document: what can be no field costs no article."""

import re
from collections.abc import Mapping

from annotations.corpora.readers.blocks import UNFIT
from annotations.corpora.readers.drafts import ArticleDraft, Place, UnfitError
from annotations.corpora.readers.fields import draft
from annotations.text import gate

_NOWHERE = Place("", 0, 0)
_SHORT = 500  # code points: more is no misspelt date or name
# what programs write where people wrote nothing; in brackets it is ReportLab's
_UNNAMED = re.compile(
    r"\((?:anonymous|unspecified|untitled)\)|untitled(?: document)?[ -]?\d*|(?:document|dokumen)\d+"
    r"|tanpa judul|(?:microsoft|libreoffice) ?\w* - .+\.\w{2,5}",
    re.IGNORECASE,
)


def gleaned(
    text: str,
    found: Mapping[str, str | None],
    place: Place,
    encoding: str,
    metadata: Mapping[str, object] | None = None,
) -> ArticleDraft:
    """Return the article of `text` with every field in `found` that has a valid value.

    A value that is none stands in the metadata instead, if it is short; of the text, characters
    that no article may hold are left out, as nobody sees them. Raises UnfitError where it is
    empty or too long.
    """
    given = {name: value for name, value in found.items() if value}
    fit = {name: value for name, value in given.items() if fits(name, value)}
    odd = {
        name: value
        for name, value in given.items()
        if name not in fit and len(value) <= _SHORT and gate.refusal(value) is None
    }
    record = {**fit, "text": UNFIT.sub("", text), "metadata": odd | dict(metadata or {})}
    return draft(record, place, encoding)


def fits(name: str, value: str) -> bool:
    """Whether the field `name` of an article may have this value."""
    try:
        draft({"text": "-", name: value}, _NOWHERE, "")
    except UnfitError:
        return False
    return True


def made_on(created: str) -> dict[str, object]:
    """The metadata that says when a file was made: that need not be the day its text appeared."""
    return {"created": created} if created and fits("published", created) else {}


def in_own_words(value: str) -> str:
    """Return the title or author that a document tells, "" where a program wrote it, not a person."""
    return "" if _UNNAMED.fullmatch(value) else value


def flat(value: str | None) -> str:
    """Return `value` on one line, with one space where there were more."""
    return " ".join((value or "").split())
