"""What each operation does to a layer. Pure: a layer and an operation in, changes out.

The layer need not be whole: whoever calls gives the spans and relations the operations name, with
the relations that touch them (`annotations.spans.services` knows which).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from annotations.schema.spec import Attribute, Label, RelationType, Spec
from annotations.spans.requests import (
    AnyOperation,
    Link,
    Move,
    Place,
    Relate,
    RelationImage,
    Remove,
    Retag,
    Set,
    SpanImage,
    Unrelate,
)
from annotations.text.fragments import FragmentError, covered, parse
from annotations.text.words import N_

Image = SpanImage | RelationImage


class Change(msgspec.Struct, frozen=True):
    """One object before and after; no `before`: it was made; no `after`: it was removed."""

    kind: str
    id: UUID
    before: Image | None
    after: Image | None

    def reversed(self) -> "Change":
        return Change(self.kind, self.id, self.after, self.before)


class Refusal(Exception):
    """An operation cannot be applied. `error` is the protocol's word, `message` a sentence with
    %(names)s for `details`, `current` what the server has instead, if that helps."""

    operation_id: UUID | None = None

    def __init__(self, error: str, message: str, current: object = None, **details: object) -> None:
        super().__init__(message % details)
        self.error, self.message, self.current, self.details = error, message, current, details


@dataclass
class Layer:
    """The part of a layer that a batch needs. `used` holds the ids of removed objects too."""

    spec: Spec
    text: str
    spans: dict[UUID, SpanImage] = field(default_factory=dict)
    relations: dict[UUID, RelationImage] = field(default_factory=dict)
    used: set[UUID] = field(default_factory=set)
    entities: set[UUID] = field(default_factory=set)

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

    def take(self, change: Change) -> None:
        """The layer is as after the change."""
        table: dict[UUID, Image] = self.spans if change.kind == "span" else self.relations  # type: ignore[assignment]  # one of two dicts, by kind
        self.used.add(change.id)
        if change.after is None:
            table.pop(change.id, None)
        else:
            table[change.id] = change.after

    def current(self, change: Change) -> Image | None:
        if change.kind == "span":
            return self.spans.get(change.id)
        return self.relations.get(change.id)


def apply(layer: Layer, operation: AnyOperation) -> list[Change]:
    """What the operation changes; `layer` is as after it. Raises Refusal and changes nothing.
    Undo and redo are not here: they replay changes (see `revert`)."""
    changes = _RULES[type(operation)](layer, operation)
    for change in changes:
        layer.take(change)
    return changes


def revert(layer: Layer, changes: list[Change]) -> list[Change]:
    """Take recorded changes back, newest first. Refuses (undo) when an object is no longer as
    those changes left it."""
    back = [change.reversed() for change in reversed(changes)]
    for change in back:
        if layer.current(change) != change.before:
            raise Refusal(
                "undo",
                N_("Something here changed since; this cannot be taken back."),
                layer.current(change),
            )
        layer.take(change)
    return back


def _place(layer: Layer, operation: Place) -> list[Change]:
    span = operation.span
    if span.id in layer.used or span.id in layer.spans:
        raise Refusal("reused_id", N_("A span with this id is or was in the layer already."))
    label = _label(layer, span.label)
    _check_attributes(label.attributes, span.attributes)
    _check_entity(layer, label, span.entity)
    fragments = _fragments(layer, span.fragments, span.text)
    return [Change("span", span.id, None, msgspec.structs.replace(span, fragments=fragments))]


def _move(layer: Layer, operation: Move) -> list[Change]:
    before = layer.span(operation.span)
    fragments = _fragments(layer, operation.fragments, operation.text)
    after = msgspec.structs.replace(before, fragments=fragments, text=operation.text)
    return [Change("span", before.id, before, after)]


def _retag(layer: Layer, operation: Retag) -> list[Change]:
    """Attributes the new label does not have, an entity it may not have, and relations that do
    not fit it any more go; an undo brings them back."""
    before = layer.span(operation.span)
    label = _label(layer, operation.label)
    kept = {
        key: value
        for key, value in before.attributes.items()
        if (attribute := label.attribute(key)) and attribute.accepts(value)
    }
    after = msgspec.structs.replace(
        before, label=label.key, attributes=kept, entity=before.entity if label.entity else None
    )
    unfit = [r for r in layer.touching(before.id) if not _fits(layer, r, before.id, label.key)]
    return [*map(_gone, unfit), Change("span", before.id, before, after)]


def _fits(layer: Layer, relation: RelationImage, span_id: UUID, label: str) -> bool:
    kind = layer.spec.relation(relation.type)
    if kind is None:
        return False
    allowed = kind.sources if relation.source.span == span_id else kind.targets
    return label in allowed


def _set(layer: Layer, operation: Set) -> list[Change]:
    before: Image
    known: tuple[Attribute, ...]
    if operation.span is not None:
        before = layer.span(operation.span)
        known = _label(layer, before.label).attributes
    else:
        before = layer.relation(operation.relation)  # type: ignore[arg-type]  # set names one of the two
        known = _relation_type(layer, before.type).attributes
    given = {key: value for key, value in operation.attributes.items() if value is not None}
    dropped = operation.attributes.keys() - given.keys()
    _check_attributes(known, given)
    kept = {key: value for key, value in before.attributes.items() if key not in dropped}
    after = msgspec.structs.replace(before, attributes=kept | given)
    return [Change("span" if operation.span else "relation", before.id, before, after)]


def _link(layer: Layer, operation: Link) -> list[Change]:
    before = layer.span(operation.span)
    _check_entity(layer, _label(layer, before.label), operation.entity)
    after = msgspec.structs.replace(before, entity=operation.entity)
    return [Change("span", before.id, before, after)]


def _relate(layer: Layer, operation: Relate) -> list[Change]:
    relation = operation.relation
    if relation.id in layer.used or relation.id in layer.relations:
        raise Refusal("reused_id", N_("A relation with this id is or was in the layer already."))
    kind = _relation_type(layer, relation.type)
    _check_attributes(kind.attributes, relation.attributes)
    _check_ends(layer, kind, relation)
    _check_count(layer, kind, relation)
    if kind.acyclic:
        _check_acyclic(layer, relation)
    return [Change("relation", relation.id, None, relation)]


def _unrelate(layer: Layer, operation: Unrelate) -> list[Change]:
    return [_gone(layer.relation(operation.relation))]


def _remove(layer: Layer, operation: Remove) -> list[Change]:
    span = layer.span(operation.span)
    return [*map(_gone, layer.touching(span.id)), Change("span", span.id, span, None)]


def _gone(relation: RelationImage) -> Change:
    return Change("relation", relation.id, relation, None)


def _label(layer: Layer, key: str) -> Label:
    label = layer.spec.label(key)
    if label is None:
        raise Refusal("schema", N_("The schema has no label %(label)s."), label=key)
    return label


def _relation_type(layer: Layer, key: str) -> RelationType:
    kind = layer.spec.relation(key)
    if kind is None:
        raise Refusal("schema", N_("The schema has no relation %(relation)s."), relation=key)
    return kind


def _check_attributes(known: tuple[Attribute, ...], values: dict[str, str | bool]) -> None:
    by_key = {attribute.key: attribute for attribute in known}
    for key, value in values.items():
        if key not in by_key:
            raise Refusal("schema", N_("There is no attribute %(attribute)s here."), attribute=key)
        if not by_key[key].accepts(value):
            raise Refusal(
                "schema",
                N_("The attribute %(attribute)s has no value %(value)s."),
                attribute=key,
                value=value,
            )


def _check_entity(layer: Layer, label: Label, entity: UUID | None) -> None:
    if entity is None:
        return
    if not label.entity:
        raise Refusal(
            "schema", N_("A span labelled %(label)s is not linked to entities."), label=label.key
        )
    if entity not in layer.entities:
        raise Refusal("schema", N_("The registry has no such entity."))


def _fragments(layer: Layer, raw: list[list[int]], text: list[str]) -> list[list[int]]:
    try:
        fragments = parse(raw, len(layer.text))
    except FragmentError as error:
        raise Refusal(
            "fragments", N_("The fragments cannot stand: %(reason)s."), reason=error.reason
        ) from error
    here = covered(layer.text, fragments)
    if list(here) != text:
        raise Refusal(
            "text",
            N_("The text at these offsets is not the text you see. Nothing was changed."),
            {"fragments": [list(pair) for pair in fragments], "text": list(here)},
        )
    if any(not piece.strip() for piece in here):
        raise Refusal("fragments", N_("A fragment holds nothing but spaces."))
    return [list(pair) for pair in fragments]


def _check_ends(layer: Layer, kind: RelationType, relation: RelationImage) -> None:
    source, target = relation.source, relation.target
    starts = (
        kind.from_article if source.span is None else layer.span(source.span).label in kind.sources
    )
    if not starts:
        raise Refusal("schema", N_("%(relation)s cannot start here."), relation=kind.key)
    if target.entity is not None:
        ends = kind.to_entity
        if ends and target.entity not in layer.entities:
            raise Refusal("schema", N_("The registry has no such entity."))
    else:
        ends = target.span is not None and layer.span(target.span).label in kind.targets
    if not ends:
        raise Refusal("schema", N_("%(relation)s cannot end here."), relation=kind.key)
    if source.span is not None and source.span == target.span:
        raise Refusal("schema", N_("A relation cannot end where it starts."))
    if kind.inside and source.span and target.span:
        _check_inside(layer, kind, layer.span(source.span), layer.span(target.span))


def _check_inside(layer: Layer, kind: RelationType, inner: SpanImage, outer: SpanImage) -> None:
    if not is_inside(inner, outer):
        raise Refusal(
            "schema", N_("%(relation)s needs the first span inside the second."), relation=kind.key
        )


def is_inside(inner: SpanImage, outer: SpanImage) -> bool:
    """Whether the inner span lies between the first and the last code point of the outer."""
    first, last = outer.fragments[0][0], outer.fragments[-1][1]
    return first <= inner.fragments[0][0] and inner.fragments[-1][1] <= last


def _check_count(layer: Layer, kind: RelationType, relation: RelationImage) -> None:
    alike = [
        other
        for other in layer.relations.values()
        if other.type == kind.key and other.source == relation.source
    ]
    if any(other.target == relation.target for other in alike):
        raise Refusal("schema", N_("This relation is there already."))
    if kind.max is not None and len(alike) >= kind.max:
        raise Refusal(
            "schema",
            N_("A span has at most %(count)s %(relation)s."),
            count=kind.max,
            relation=kind.key,
        )


def _check_acyclic(layer: Layer, relation: RelationImage) -> None:
    edges = [r for r in layer.relations.values() if r.type == relation.type]
    if leads_to(edges, relation.target.span, relation.source.span):
        raise Refusal(
            "schema", N_("%(relation)s would go round in a circle."), relation=relation.type
        )


def leads_to(edges: list[RelationImage], start: UUID | None, goal: UUID | None) -> bool:
    """Whether the relations lead from one span to another, over any number of steps."""
    seen: set[UUID | None] = set()
    at = {start}
    while at:
        if goal in at:
            return True
        seen |= at
        at = {edge.target.span for edge in edges if edge.source.span in at} - seen - {None}
    return False


_RULES: dict[type, Callable[[Layer, Any], list[Change]]] = {
    Place: _place,
    Move: _move,
    Retag: _retag,
    Set: _set,
    Link: _link,
    Relate: _relate,
    Unrelate: _unrelate,
    Remove: _remove,
}
