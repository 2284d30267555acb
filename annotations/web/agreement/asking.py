"""Which spans behind a number are asked for: an address in, a choice out, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from annotations.agreement.cases import Place
from annotations.agreement.measures.behind import DIFFERENT, Choice, Side, What
from annotations.agreement.measures.funnel import STEPS
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.tally import MATCHINGS, VARIANTS
from annotations.agreement.parts import Part, Where, moment_of
from annotations.schema.spec import Spec

OUTCOMES: Mapping[str, frozenset[str]] = {
    "different": DIFFERENT,
    "same": frozenset({"same"}),
    "one": frozenset({"first", "second"}),
}
NO_SOURCE = " "
"""How an address asks for articles without a source: an empty word asks for all."""
_WHATS: tuple[What, ...] = ("lost", "alone", "matched", "value", "relation", "entity")

Word = TypeVar("Word", bound=str)


class NoSuchSpans(ValueError):
    """The address asks for what no campaign of this schema has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. `label` None is all labels; `outcome` is a key of OUTCOMES."""

    choice: Choice
    where: Where
    label: str | None
    outcome: str
    after: Place | None
    before: Place | None


def asked(told: QueryDict, spec: Spec) -> Asked:
    """Return what an address asks for. Raises NoSuchSpans."""
    label = told.get("label") or None
    if label is not None and spec.label(label) is None:
        raise NoSuchSpans(label)
    outcome = one_of(told.get("outcome") or "different", OUTCOMES)
    of = where(told)
    what = one_of(told.get("what") or "lost", _WHATS)
    matched = MATCHINGS if what in ("value", "relation", "entity") else VARIANTS
    one, other = told.get("one", ""), told.get("other", "")
    choice = Choice(
        what,
        [label] if label else [each.key for each in spec.labels],
        one_of(told.get("variant") or "overlap", matched),
        one_of(told.get("step") or "found", STEPS),
        told.get("detail", ""),
        (one, other) if one and other else None,
        OUTCOMES[outcome],
        _side(told.get("by", ""), of.pair),
    )
    return Asked(
        choice,
        of,
        label,
        outcome,
        Place.parse(told.get("after", "")),
        Place.parse(told.get("before", "")),
    )


def where(told: QueryDict) -> Where:
    """Return which part of the campaign an address asks for. Raises NoSuchSpans."""
    article, week, batch = (told.get(word, "") for word in ("article", "week", "batch"))
    if article and not (article.isascii() and article.isdigit()):
        raise NoSuchSpans(article)
    try:
        monday = date.fromisoformat(week) if week else None
        loaded = moment_of(batch) if batch else None
    except ValueError as error:
        raise NoSuchSpans(week or batch) from error
    source, language = told.get("source") or None, told.get("language") or None
    part = Part(
        source="" if source == NO_SOURCE else source,
        language=language,
        batch=batch if loaded else None,
        week=monday,
    )
    return Where(_pair(told.get("pair", "")), int(article[:18]) if article else None, part)


def one_of(word: str, known: Iterable[Word]) -> Word:
    """Return the one of these words that is asked for. Raises NoSuchSpans."""
    for each in known:
        if each == word:
            return each
    raise NoSuchSpans(word)


def _pair(written: str) -> Names | None:
    """The names of two annotators, a blank between them, which no name has."""
    names = sorted(written.split())
    if len(names) not in (0, 2):
        raise NoSuchSpans(written)
    return (names[0], names[1]) if names else None


def _side(name: str, pair: Names | None) -> Side | None:
    """Which layer of the pair is this annotator's; None where nobody is named."""
    if not name:
        return None
    if pair is None or name not in pair:
        raise NoSuchSpans(name)
    return "first" if name == pair[0] else "second"


def way(campaign: str, **asked: object) -> str:
    """Return the address of the spans that these words ask for; empty ones are left out. `pair` may
    be two names."""
    told = {
        word: " ".join(value) if isinstance(value, tuple) else value
        for word, value in asked.items()
        if value not in (None, "", ())
    }
    return f"{reverse('agreement_spans', args=[campaign])}?{urlencode(told)}"
