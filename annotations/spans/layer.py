"""A layer, or the part of one that a batch needs, and what changes it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from annotations.schema.spec import Spec
from annotations.spans.remarks import (
    FlagImage,
    Member,
    NoteImage,
    RemarkImage,
    SettlementImage,
    WaiverImage,
)
from annotations.spans.requests import RelationImage, SpanImage
from annotations.text.words import N_

Image = SpanImage | RelationImage | RemarkImage

SHAPES: dict[str, type[Image]] = {
    "span": SpanImage,
    "relation": RelationImage,
    "note": NoteImage,
    "flag": FlagImage,
    "waiver": WaiverImage,
    "settlement": SettlementImage,
}
"""The image of each kind of object that a layer holds."""
REMARKS = ("note", "flag", "waiver", "settlement")
_TABLES = {kind: f"{kind}s" for kind in SHAPES}


class Change(msgspec.Struct, frozen=True):
    """One object before and after; no `before`: it was made; no `after`: it was removed."""

    kind: str
    id: UUID
    before: Image | None
    after: Image | None

    def reversed(self) -> "Change":
        return Change(self.kind, self.id, self.after, self.before)


class Past(NamedTuple):
    """One object as it was; no `image`: it was not there."""

    kind: str
    id: UUID
    image: Image | None


class Refusal(Exception):
    """An operation cannot be applied. `error` is the protocol's word, `message` a sentence with
    %(names)s for `details`, `current` what the server has instead, if that helps."""

    operation_id: UUID | None = None

    def __init__(self, error: str, message: str, current: object = None, **details: object) -> None:
        super().__init__(message % details)
        self.error, self.message, self.current, self.details = error, message, current, details


@dataclass
class Layer:
    """The part of a layer that a batch needs. `used` holds removed objects too, by kind and id.
    A `gold` layer settles what is in annotators' layers: `members` are what it may name of them."""

    spec: Spec
    text: str
    gold: bool = False
    spans: dict[UUID, SpanImage] = field(default_factory=dict)
    relations: dict[UUID, RelationImage] = field(default_factory=dict)
    notes: dict[UUID, NoteImage] = field(default_factory=dict)
    flags: dict[UUID, FlagImage] = field(default_factory=dict)
    waivers: dict[UUID, WaiverImage] = field(default_factory=dict)
    settlements: dict[UUID, SettlementImage] = field(default_factory=dict)
    used: set[tuple[str, UUID]] = field(default_factory=set)
    entities: set[UUID] = field(default_factory=set)
    members: set[Member] = field(default_factory=set)

    def span(self, span_id: UUID) -> SpanImage:
        if span_id not in self.spans:
            raise Refusal("unknown", N_("That span is not in this layer."))
        return self.spans[span_id]

    def relation(self, relation_id: UUID) -> RelationImage:
        if relation_id not in self.relations:
            raise Refusal("unknown", N_("That relation is not in this layer."))
        return self.relations[relation_id]

    def touching(self, span_id: UUID) -> Iterator[RelationImage]:
        """The relations that start or end at a span."""
        for relation in self.relations.values():
            if span_id in (relation.source.span, relation.target.span):
                yield relation

    def notes_on(self, span_id: UUID) -> Iterator[NoteImage]:
        for note in self.notes.values():
            if note.span == span_id:
                yield note

    def settled_by(
        self, relations: Iterable[RelationImage], span_id: UUID | None = None
    ) -> Iterator[SettlementImage]:
        """The settlements that a span or any of these relations came of."""
        ids = {relation.id for relation in relations}
        for settlement in self.settlements.values():
            of_span = span_id is not None and settlement.span == span_id
            if of_span or not ids.isdisjoint(settlement.relations):
                yield settlement

    def knows(self, kind: str, object_id: UUID) -> bool:
        """Whether the layer holds or ever held such an object, as far as it was read."""
        return (kind, object_id) in self.used or object_id in self._table(kind)

    def put(self, kind: str, image: Image) -> None:
        self._table(kind)[image.id] = image

    def take(self, change: Change) -> None:
        """The layer is as after the change."""
        self.used.add((change.kind, change.id))
        if change.after is None:
            self._table(change.kind).pop(change.id, None)
        else:
            self.put(change.kind, change.after)

    def current(self, kind: str, object_id: UUID) -> Image | None:
        image: Image | None = self._table(kind).get(object_id)
        return image

    def _table(self, kind: str) -> dict[UUID, Any]:
        table: dict[UUID, Any] = getattr(self, _TABLES[kind])
        return table


def gone(kind: str, image: Image) -> Change:
    """The removal of an object."""
    return Change(kind, image.id, image, None)
