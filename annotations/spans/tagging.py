"""What the operations on spans change. Pure."""

import msgspec

from annotations.schema.spec import Attribute
from annotations.spans.checks import (
    check_attributes,
    check_entity,
    fragments_of,
    label_of,
    relation_type_of,
)
from annotations.spans.layer import Change, Layer, Refusal, gone
from annotations.spans.relating import fits, without
from annotations.spans.requests import (
    Link,
    Move,
    Place,
    RelationImage,
    Remove,
    Retag,
    Set,
    SpanImage,
)
from annotations.text.words import N_


def place(layer: Layer, operation: Place) -> list[Change]:
    span = operation.span
    if layer.knows("span", span.id):
        raise Refusal("reused_id", N_("A span with this id is or was in the layer already."))
    label = label_of(layer, span.label)
    check_attributes(label.attributes, span.attributes)
    check_entity(layer, label, span.entity)
    fragments = fragments_of(layer, span.fragments, span.text)
    return [Change("span", span.id, None, msgspec.structs.replace(span, fragments=fragments))]


def move(layer: Layer, operation: Move) -> list[Change]:
    before = layer.span(operation.span)
    fragments = fragments_of(layer, operation.fragments, operation.text)
    after = msgspec.structs.replace(before, fragments=fragments, text=operation.text)
    return [Change("span", before.id, before, after)]


def retag(layer: Layer, operation: Retag) -> list[Change]:
    """Attributes the new label does not have, an entity it may not have, and relations that do
    not fit it any more go; an undo brings them back."""
    before = layer.span(operation.span)
    label = label_of(layer, operation.label)
    kept = {
        key: value
        for key, value in before.attributes.items()
        if (attribute := label.attribute(key)) and attribute.accepts(value)
    }
    after = msgspec.structs.replace(
        before, label=label.key, attributes=kept, entity=before.entity if label.entity else None
    )
    unfit = [r for r in layer.touching(before.id) if not fits(layer, r, before.id, label.key)]
    return [*without(layer, unfit), Change("span", before.id, before, after)]


def set_attributes(layer: Layer, operation: Set) -> list[Change]:
    before: SpanImage | RelationImage
    known: tuple[Attribute, ...]
    if operation.span is not None:
        before = layer.span(operation.span)
        known = label_of(layer, before.label).attributes
    else:
        before = layer.relation(operation.relation)  # type: ignore[arg-type]  # set names one of the two
        known = relation_type_of(layer, before.type).attributes
    given = {key: value for key, value in operation.attributes.items() if value is not None}
    dropped = operation.attributes.keys() - given.keys()
    check_attributes(known, given)
    kept = {key: value for key, value in before.attributes.items() if key not in dropped}
    after = msgspec.structs.replace(before, attributes=kept | given)
    return [Change("span" if operation.span else "relation", before.id, before, after)]


def link(layer: Layer, operation: Link) -> list[Change]:
    before = layer.span(operation.span)
    check_entity(layer, label_of(layer, before.label), operation.entity)
    after = msgspec.structs.replace(before, entity=operation.entity)
    return [Change("span", before.id, before, after)]


def remove(layer: Layer, operation: Remove) -> list[Change]:
    """The span goes, and with it its relations, what was said about it, and the settlements that
    all these came of."""
    span = layer.span(operation.span)
    flagged = layer.flags.get(span.id)
    touching = [*layer.touching(span.id)]
    return [
        *(gone("settlement", one) for one in layer.settled_by(touching, span.id)),
        *(gone("relation", relation) for relation in touching),
        *(gone("note", note) for note in layer.notes_on(span.id)),
        *([gone("flag", flagged)] if flagged else []),
        gone("span", span),
    ]
