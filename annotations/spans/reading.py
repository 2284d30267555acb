"""The part of a layer that a batch of operations needs, read from its rows."""

from uuid import UUID

from annotations.schema.spec import Spec
from annotations.spans.engine import Change, Layer
from annotations.spans.images import (
    RELATION_COLUMNS,
    SPAN_COLUMNS,
    fetch,
    relation_image,
    span_image,
)
from annotations.spans.requests import AnyOperation, Place, Relate, Set, Unrelate


def read_part(
    assignment_id: int, operations: list[AnyOperation], spec: Spec, text: str, registry_id: int
) -> Layer:
    """The part of a layer that these operations need (see `annotations.spans.engine`)."""
    layer = Layer(spec=spec, text=text)
    spans, relations, entities = set[UUID](), set[UUID](), set[UUID]()
    for operation in operations:
        _name(operation, spans, relations, entities)
    new = {o.span.id for o in operations if isinstance(o, Place)}
    if spans or relations:
        _read_objects(assignment_id, layer, spans | new, relations)
    elif new:
        _read_spans(assignment_id, layer, new)
    if entities:
        layer.entities = _known_entities(registry_id, entities)
    return layer


def _name(
    operation: AnyOperation, spans: set[UUID], relations: set[UUID], entities: set[UUID]
) -> None:
    """Collect the ids an operation names, those of spans it makes left out."""
    match operation:
        case Place(span=image):
            entities |= {image.entity} if image.entity else set()
        case Relate(relation=image):
            ends = (image.source, image.target)
            relations.add(image.id)
            spans |= {end.span for end in ends if end.span}
            entities |= {end.entity for end in ends if end.entity}
        case Set():
            spans |= {operation.span} if operation.span else set()
            relations |= {operation.relation} if operation.relation else set()
        case Unrelate():
            relations.add(operation.relation)
        case _:
            if (span := getattr(operation, "span", None)) is not None:
                spans.add(span)
            if (entity := getattr(operation, "entity", None)) is not None:
                entities.add(entity)


def add_objects(assignment_id: int, layer: Layer, changes: list[Change]) -> None:
    """The objects of recorded changes are in the layer, as they stand, with their relations;
    what this batch changed before is left as it changed it."""
    spans = {change.id for change in changes if change.kind == "span"} - layer.used
    relations = {change.id for change in changes if change.kind == "relation"} - layer.used
    fresh = Layer(spec=layer.spec, text=layer.text)
    _read_objects(assignment_id, fresh, spans, relations)
    for span_id, span in fresh.spans.items():
        if span_id not in layer.used:
            layer.spans[span_id] = span
    for relation_id, relation in fresh.relations.items():
        if relation_id not in layer.used:
            layer.relations[relation_id] = relation
    layer.used |= fresh.used


def _read_objects(assignment_id: int, layer: Layer, spans: set[UUID], relations: set[UUID]) -> None:
    _read_spans(assignment_id, layer, spans)
    acyclic = [kind.key for kind in layer.spec.relations if kind.acyclic]
    for row in fetch(
        f"""SELECT {RELATION_COLUMNS} FROM relation r JOIN relation_type k ON k.id = r.type_id
              LEFT JOIN entity e ON e.id = r.to_entity_id
             WHERE r.assignment_id = %s
               AND (r.id = ANY(%s) OR NOT r.removed AND (
                    r.from_id = ANY(%s) OR r.to_id = ANY(%s) OR r.from_article OR k.key = ANY(%s)))""",
        [assignment_id, list(relations), list(spans), list(spans), acyclic],
    ):
        image, removed = relation_image(row)
        layer.used.add(image.id)
        if not removed:
            layer.relations[image.id] = image


def _read_spans(assignment_id: int, layer: Layer, spans: set[UUID]) -> None:
    for row in fetch(
        f"""SELECT {SPAN_COLUMNS} FROM span s JOIN label l ON l.id = s.label_id
              LEFT JOIN entity e ON e.id = s.entity_id
             WHERE s.assignment_id = %s AND s.id = ANY(%s)""",
        [assignment_id, list(spans)],
    ):
        image, removed = span_image(row)
        layer.used.add(image.id)
        if not removed:
            layer.spans[image.id] = image


def _known_entities(registry_id: int, uuids: set[UUID]) -> set[UUID]:
    found = fetch(
        "SELECT uuid FROM entity WHERE registry_id = %s AND uuid = ANY(%s)",
        [registry_id, list(uuids)],
    )
    return {row[0] for row in found}
