"""Which spans behind a number are asked for: an address in, a choice out, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from annotations.agreement.cases import Place
from annotations.agreement.measures.behind import DIFFERENT, Choice, Side, What
from annotations.agreement.measures.funnel import STEPS
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.tally import MATCHINGS, VARIANTS
from annotations.agreement.parts import Where
from annotations.agreement.wanted import NoSuchSpans, one_of, where
from annotations.schema.spec import Spec

OUTCOMES: Mapping[str, frozenset[str]] = {
    "different": DIFFERENT,
    "same": frozenset({"same"}),
    "one": frozenset({"first", "second"}),
}
_WHATS: tuple[What, ...] = ("lost", "alone", "matched", "value", "relation", "entity")


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
