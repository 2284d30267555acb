"""What gold has otherwise than one annotator's layer: what they are corrected in. Pure.

Only these two layers are compared, as if there were no other. Of a settlement nothing is told but its
reason: whose version was taken, and what else it was about, tells of others.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from annotations.adjudication.cases import Entities, cases
from annotations.adjudication.records import (
    ARTICLE,
    Attributes,
    Case,
    Layer,
    Named,
    RelationCase,
    RelationVersion,
    Shape,
    SpanCase,
    SpanVersion,
    in_order,
    members_of,
)
from annotations.adjudication.rules import Rule
from annotations.spans.remarks import Member, SettlementImage


class Kind(StrEnum):
    """In what a span or relations are corrected. A remark corrects nothing: both are the same, and
    the adjudicator has a word about it."""

    MISSED = "missed"
    NOT_RIGHT = "not_right"
    LABEL = "label"
    EXTENT = "extent"
    VALUE = "value"
    ENTITY = "entity"
    TARGET = "target"
    REMARK = "remark"


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that gold has otherwise; of a value, the key of its attribute."""

    kind: Kind
    attribute: str = ""


class Goal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a relation leads: to a span of its own layer, or to an entity."""

    span: Shape | None = None
    entity: Named | None = None
    attributes: Attributes = {}


class SpanCorrection(msgspec.Struct, frozen=True, tag_field="kind", tag="span"):
    """One's own span and that of gold; one of them may be missing. `label` is that of gold, if gold
    has it; `notes` are the adjudicator's about the gold span, `span` is the id of one's own."""

    id: str
    label: str
    range: tuple[int, int]
    differs: list[Difference]
    mine: Shape | None
    gold: Shape | None
    reasons: list[str]
    notes: list[str]
    span: UUID | None = None

    @property
    def about(self) -> str:
        return self.label

    @property
    def shapes(self) -> list[Shape]:
        """All spans that are shown."""
        return [*filter(None, (self.mine, self.gold))]


class RelationCorrection(
    msgspec.Struct, frozen=True, tag_field="kind", tag="relation", rename={"source": "from"}
):
    """The relations of a type from one span, or from the article (None)."""

    id: str
    type: str
    range: tuple[int, int]
    differs: list[Difference]
    source: Shape | None
    mine: list[Goal]
    gold: list[Goal]
    reasons: list[str]

    @property
    def about(self) -> str:
        return self.type

    @property
    def shapes(self) -> list[Shape]:
        """All spans that are shown."""
        ends = (goal.span for goal in (*self.mine, *self.gold))
        return [*filter(None, (self.source, *ends))]


Correction = SpanCorrection | RelationCorrection


def corrections(
    mine: Layer, gold: Layer, settlements: Sequence[SettlementImage], entities: Entities
) -> list[Correction]:
    """Return what gold has otherwise than a layer, in the order of the text. Of gold, its notes are
    looked at; of one's own layer, spans and relations only."""
    own = Layer(mine.id, mine.spans, mine.relations)
    found = cases([own, Layer(gold.id, gold.spans, gold.relations, gold.notes)], entities)
    two = _Two(mine.id, gold.id, settlements, found)
    return [one for one in map(two.correction, found) if one is not None]


class _Two:
    """The cases between two layers."""

    def __init__(
        self, mine: int, gold: int, settlements: Sequence[SettlementImage], found: Sequence[Case]
    ) -> None:
        self._mine, self._gold = mine, gold
        self._spans = {case.id: case for case in found if isinstance(case, SpanCase)}
        self._reasons: dict[Member, list[str]] = {}
        for settlement in filter(_is_explained, settlements):
            for member in self._concerned(settlement):
                self._reasons.setdefault(member, []).append(settlement.reason)

    def correction(self, case: Case) -> Correction | None:
        return self._span(case) if isinstance(case, SpanCase) else self._relation(case)

    def _span(self, case: SpanCase) -> SpanCorrection | None:
        own, right = (self._version(case, layer) for layer in (self._mine, self._gold))
        mine, gold = _shape(own), _shape(right)
        notes = [said.text for said in right.remarks if said.text] if right else []
        differs = [*_of_spans(mine, gold)]
        if not differs and not notes:
            return None
        return SpanCorrection(
            id=case.id,
            label=(gold or mine or case.versions[0].span).label,
            range=case.range,
            differs=differs or [Difference(Kind.REMARK)],
            mine=mine,
            gold=gold,
            reasons=self._why(case) if differs else [],
            notes=notes,
            span=_own(own, self._mine),
        )

    def _relation(self, case: RelationCase) -> RelationCorrection | None:
        if case.equal:
            return None
        own, right = (_relations(case, layer) for layer in (self._mine, self._gold))
        mine, gold = self._goals(own, self._mine), self._goals(right, self._gold)
        return RelationCorrection(
            id=case.id,
            type=case.type,
            range=case.range,
            differs=[*_of_relations(own, right)],
            source=None if case.source == ARTICLE else self._shape(case.source, self._gold),
            mine=mine,
            gold=gold,
            reasons=self._why(case),
        )

    def _goals(self, version: RelationVersion | None, layer: int) -> list[Goal]:
        if version is None:
            return []
        return [
            Goal(
                span=self._shape(to.case, layer) if to.case else None,
                entity=to.entity,
                attributes=attributes,
            )
            for to, attributes in zip(version.to, version.attributes, strict=True)
        ]

    def _shape(self, case: str, layer: int) -> Shape | None:
        return _shape(self._version(self._spans[case], layer))

    def _version(self, case: SpanCase, layer: int) -> SpanVersion | None:
        return next((one for one in case.versions if layer in one.layers), None)

    def _concerned(self, settlement: SettlementImage) -> Iterator[Member]:
        """What of these two layers a settlement is about."""
        yield from (member for member in settlement.of if member.layer == self._mine)
        if settlement.span is not None:
            yield Member(self._gold, span=settlement.span)
        yield from (Member(self._gold, relation=each) for each in settlement.relations)

    def _why(self, case: Case) -> list[str]:
        said = (
            why for member in sorted(members_of(case), key=in_order) for why in self._of(member)
        )
        return [*dict.fromkeys(said)]

    def _of(self, member: Member) -> Sequence[str]:
        return self._reasons.get(member, ())


def _is_explained(settlement: SettlementImage) -> bool:
    """Whether a person says why. That a rule decided would tell what others have."""
    return settlement.reason not in ("", *Rule)


def _own(version: SpanVersion | None, layer: int) -> UUID | None:
    """The span that a layer has of a version."""
    members = version.members if version else ()
    return next((member.span for member in members if member.layer == layer), None)


def _shape(version: SpanVersion | None) -> Shape | None:
    return None if version is None else version.span


def _relations(case: RelationCase, layer: int) -> RelationVersion | None:
    return next((one for one in case.versions if layer in one.layers), None)


def _of_spans(mine: Shape | None, gold: Shape | None) -> Iterator[Difference]:
    if mine is None or gold is None:
        yield Difference(Kind.MISSED if mine is None else Kind.NOT_RIGHT)
        return
    if mine.label != gold.label:
        yield Difference(Kind.LABEL)
    if mine.fragments != gold.fragments:
        yield Difference(Kind.EXTENT)
    if mine.label == gold.label:
        yield from _of_values(mine.attributes, gold.attributes)
    if (mine.entity and mine.entity.id) != (gold.entity and gold.entity.id):
        yield Difference(Kind.ENTITY)


def _of_relations(
    mine: RelationVersion | None, gold: RelationVersion | None
) -> Iterator[Difference]:
    if mine is None or gold is None:
        yield Difference(Kind.MISSED if mine is None else Kind.NOT_RIGHT)
        return
    if mine.to != gold.to:
        yield Difference(Kind.TARGET)
        return
    found = (
        each
        for own, right in zip(mine.attributes, gold.attributes, strict=True)
        for each in _of_values(own, right)
    )
    yield from dict.fromkeys(found)


def _of_values(
    mine: Mapping[str, str | bool], gold: Mapping[str, str | bool]
) -> Iterator[Difference]:
    for key in sorted({*mine, *gold}):
        if mine.get(key) != gold.get(key):
            yield Difference(Kind.VALUE, key)
