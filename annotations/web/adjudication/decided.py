"""How differences were settled, in words: shares, and decision by decision what everyone had."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication.decisions import Asked, Decided, Place, Share, log, shares
from annotations.adjudication.rules import Rule
from annotations.adjudication.versions import Drawn
from annotations.adjudication.versions import Version as Settled
from annotations.assignments.models import Campaign
from annotations.schema.naming import named
from annotations.schema.services import spec_of
from annotations.schema.spec import Label, Spec
from annotations.spans.requests import SpanImage
from annotations.web.adjudicating import gold_url
from annotations.web.kwic import articles_url
from annotations.web.labels import label_name, values_in_words
from annotations.web.passages import Fact, Version, compared, parts, stretch

DECISIONS: Mapping[str, str | Promise] = {
    "take": gettext_lazy("One version taken"),
    "merge": gettext_lazy("Merged"),
    "none": gettext_lazy("None is right"),
}
_EQUAL = gettext_lazy("All alike")
_BY_RULE = gettext_lazy("Nobody looked: more than half of the annotators have it alike.")


@dataclass(frozen=True, slots=True)
class ShownShare:
    words: str
    number: int
    percent: int


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision. `gold` is what became of it where that is none of the versions; `nothing`: no span
    and no relation did; `nobody`: who has none."""

    title: str
    url: str
    words: str
    by: str
    at: datetime
    reason: str
    versions: Sequence[Version]
    nobody: str
    gold: Version | None
    nothing: bool


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    words: str | Promise
    chosen: bool


@dataclass(frozen=True, slots=True)
class DecisionsScreen:
    """`more` is the address of the next page, "" at the end."""

    shares: Sequence[ShownShare]
    total: int
    labels: Sequence[Choice]
    relations: Sequence[Choice]
    decisions: Sequence[Choice]
    reasoned: bool
    is_filtered: bool
    began: bool
    rows: Sequence[ShownDecision]
    more: str


def asked_in(told: QueryDict) -> Asked:
    """Return which decisions an address asks for; what cannot be is not asked for."""
    decision = told.get("decision", "")
    return Asked(
        about=told.get("about", ""),
        decision=decision if decision in DECISIONS else "",
        reasoned="reasoned" in told,
        after=Place.parse(told.get("after", "")),
    )


def screen(campaign: Campaign, asked: Asked, user: User) -> DecisionsScreen:
    """Return one page of the log, with the shares of all. Eleven queries at most."""
    spec = spec_of(campaign.schema_id)
    known = [*(each.key for each in spec.labels), *(each.key for each in spec.relations)]
    if asked.about not in known:
        asked = replace(asked, about="")
    counted = shares(campaign, asked.about)
    found = log(campaign, asked)
    showing = _Showing(campaign, spec, found.decisions, user)
    total = sum(each.number for each in counted)
    return DecisionsScreen(
        shares=[_share(each, total) for each in counted],
        total=total,
        labels=[_choice(each.key, named(each.name), asked.about) for each in spec.labels],
        relations=[_choice(each.key, named(each.name), asked.about) for each in spec.relations],
        decisions=[_choice(key, words, asked.decision) for key, words in DECISIONS.items()],
        reasoned=asked.reasoned,
        is_filtered=bool(asked.about or asked.decision or asked.reasoned),
        began=asked.after is not None,
        rows=[showing.decision(each) for each in found.decisions],
        more=_more(asked, found.after),
    )


def _share(share: Share, total: int) -> ShownShare:
    words = _decided(share.decision, share.took)
    return ShownShare(words, share.number, round(100 * share.number / total))


def _choice(key: str, words: str | Promise, chosen: str) -> Choice:
    return Choice(key, words, key == chosen)


def _more(asked: Asked, after: Place | None) -> str:
    if after is None:
        return ""
    told = {"about": asked.about, "decision": asked.decision, "after": after}
    kept = {key: value for key, value in told.items() if value}
    return "?" + urlencode(kept | ({"reasoned": "1"} if asked.reasoned else {}))


def _decided(decision: str, took: str) -> str:
    if decision == "take" and took:
        return _("Taken from %(name)s") % {"name": took}
    return str(DECISIONS.get(decision, _EQUAL))


class _Showing:
    """The decisions of one page in words. One query, for the names of entities."""

    def __init__(
        self, campaign: Campaign, spec: Spec, decisions: Sequence[Decided], user: User
    ) -> None:
        self._spec, self._user = spec, user
        self._articles = articles_url(campaign.corpus.slug)
        linked = {uuid for each in decisions for uuid in _linked(each)}
        known = policy.entities_seen_by(user, campaign.corpus.registry).filter(uuid__in=linked)
        self._entities = dict(known.values_list("uuid", "name")) if linked else {}

    def decision(self, decided: Decided) -> ShownDecision:
        every = [*decided.versions, *([decided.result] if decided.result else [])]
        ends = [
            edge
            for each in every
            for span in _marked(each)
            for pair in span.fragments
            for edge in pair
        ]
        around = stretch(decided.text, min(ends), max(ends)) if ends else (0, 0)
        shown = [self._version(each, decided.text, around) for each in decided.versions]
        gold = None
        if decided.result is not None:
            gold = self._version(decided.result, decided.text, around, annotator=_("Gold"))
            if any(replace(each, annotator=gold.annotator) == gold for each in shown):
                gold = None
        return ShownDecision(
            title=decided.title,
            url=self._url(decided, min(ends, default=0), max(ends, default=0)),
            words=_decided(decided.decision, decided.took),
            by=decided.by,
            at=decided.at,
            reason=str(_BY_RULE) if decided.reason == Rule.MAJORITY else decided.reason,
            versions=[*compared(shown)],
            nobody=", ".join(decided.missing),
            gold=gold,
            nothing=decided.result is None,
        )

    def _url(self, decided: Decided, start: int, end: int) -> str:
        """The gold layer where it is one's own, else the article."""
        if decided.owner == self._user.pk:
            return gold_url(decided.gold, start, end)
        return f"{self._articles}{decided.article}/?from={start}&to={end}#hit"

    def _version(
        self, version: Settled, text: str, around: tuple[int, int], *, annotator: str = ""
    ) -> Version:
        spans = _marked(version)
        label = self._spec.label(spans[0].label) if spans else None
        fragments = sorted((a, b) for span in spans for a, b in span.fragments)
        return Version(
            annotator=annotator or ", ".join(version.annotators),
            label=label_name(label) if label else None,
            parts=parts(text, fragments, around) if spans else (),
            facts=[Fact(*fact) for fact in self._facts(version, label)],
        )

    def _facts(self, version: Settled, label: Label | None) -> Iterator[tuple[str, str]]:
        for span in version.spans:
            yield from values_in_words(label.attributes if label else (), span.attributes)
            if span.entity is not None:
                yield "→", self._entities.get(span.entity, "")
        for drawn in version.relations:
            kind = self._spec.relation(drawn.relation.type)
            yield (named(kind.name) if kind else drawn.relation.type), self._end(drawn)
            yield from values_in_words(kind.attributes if kind else (), drawn.relation.attributes)

    def _end(self, drawn: Drawn) -> str:
        if drawn.target is not None:
            return " … ".join(drawn.target.text)
        entity = drawn.relation.target.entity
        return self._entities.get(entity, "") if entity else ""


def _marked(version: Settled) -> Sequence[SpanImage]:
    """The spans that are marked in the text: those decided about, or where a relation begins, once."""
    sources = (each.source for each in version.relations)
    every = [*version.spans, *(source for source in sources if source)]
    return [*{span.id: span for span in every}.values()]


def _linked(decided: Decided) -> Iterator[UUID]:
    for version in (*decided.versions, *([decided.result] if decided.result else [])):
        ends = [drawn.relation.target.entity for drawn in version.relations]
        yield from filter(None, (*(span.entity for span in version.spans), *ends))
