"""What the operations on relations change. Pure."""

from uuid import UUID

from annotations.schema.spec import RelationType
from annotations.spans.checks import check_attributes, relation_type_of
from annotations.spans.layer import Change, Layer, Refusal, gone
from annotations.spans.requests import Relate, RelationImage, SpanImage, Unrelate
from annotations.text.words import N_


def relate(layer: Layer, operation: Relate) -> list[Change]:
    relation = operation.relation
    if layer.knows("relation", relation.id):
        raise Refusal("reused_id", N_("A relation with this id is or was in the layer already."))
    kind = relation_type_of(layer, relation.type)
    check_attributes(kind.attributes, relation.attributes)
    _check_ends(layer, kind, relation)
    _check_count(layer, kind, relation)
    if kind.acyclic:
        _check_acyclic(layer, relation)
    return [Change("relation", relation.id, None, relation)]


def unrelate(layer: Layer, operation: Unrelate) -> list[Change]:
    return without(layer, [layer.relation(operation.relation)])


def without(layer: Layer, relations: list[RelationImage]) -> list[Change]:
    """The relations go, and with them the settlements that they came of."""
    settled = layer.settled_by(relations)
    return [
        *(gone("settlement", settlement) for settlement in settled),
        *(gone("relation", relation) for relation in relations),
    ]


def fits(layer: Layer, relation: RelationImage, span_id: UUID, label: str) -> bool:
    """Whether the relation may stay when the span at one of its ends is labelled so."""
    kind = layer.spec.relation(relation.type)
    if kind is None:
        return False
    allowed = kind.sources if relation.source.span == span_id else kind.targets
    return label in allowed


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
