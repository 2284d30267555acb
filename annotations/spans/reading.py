"""The part of a layer that a batch of operations needs, read from its rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from annotations.spans.images import (
    RELATION_COLUMNS,
    REMARK_COLUMNS,
    SPAN_COLUMNS,
    fetch,
    relation_image,
    remark_image,
    span_image,
)
from annotations.spans.layer import REMARKS, Layer
from annotations.spans.remarks import ARTICLE, Member
from annotations.spans.requests import (
    AnyOperation,
    Flag,
    Note,
    Place,
    Relate,
    Remove,
    Set,
    Settle,
    Unrelate,
    Waive,
)


@dataclass(slots=True)
class _Names:
    """The ids that operations name. `spans` are needed with their relations, those `alone`
    without; those that go (`leaving`) with what was said about them."""

    alone: set[UUID] = field(default_factory=set)
    leaving: set[UUID] = field(default_factory=set)
    spans: set[UUID] = field(default_factory=set)
    relations: set[UUID] = field(default_factory=set)
    remarks: set[UUID] = field(default_factory=set)
    entities: set[UUID] = field(default_factory=set)
    members: set[Member] = field(default_factory=set)


def read_part(
    assignment_id: int, operations: list[AnyOperation], layer: Layer, registry_id: int
) -> None:
    """A layer of which nothing is known yet has the part that these operations need (see
    `annotations.spans.engine`)."""
    names = _Names()
    for operation in operations:
        _name(operation, names)
    if names.spans or names.relations:
        _read_objects(assignment_id, layer, names.spans | names.alone, names.relations)
    elif names.alone:
        _read_spans(assignment_id, layer, names.alone)
    # what was settled with relations goes along with them
    relations = set(layer.relations) if layer.gold else set()
    if names.remarks or names.leaving or relations:
        _read_remarks(assignment_id, layer, names.remarks, names.leaving, relations)
    if names.entities:
        layer.entities = _known_entities(registry_id, names.entities)
    if layer.gold and names.members:
        layer.members = _known_members(assignment_id, names.members)


def _name(operation: AnyOperation, names: _Names) -> None:
    """Collect the ids an operation names."""
    match operation:
        case Place(span=image):
            names.alone.add(image.id)
            names.entities |= {image.entity} if image.entity else set()
        case Relate(relation=image):
            ends = (image.source, image.target)
            names.relations.add(image.id)
            names.spans |= {end.span for end in ends if end.span}
            names.entities |= {end.entity for end in ends if end.entity}
        case Set():
            names.spans |= {operation.span} if operation.span else set()
            names.relations |= {operation.relation} if operation.relation else set()
        case Unrelate():
            names.relations.add(operation.relation)
        case Note() | Flag() | Waive() | Settle():
            _name_remark(operation, names)
        case _:
            if (span := getattr(operation, "span", None)) is not None:
                names.spans.add(span)
                names.leaving |= {span} if isinstance(operation, Remove) else set()
            if (entity := getattr(operation, "entity", None)) is not None:
                names.entities.add(entity)


def _name_remark(operation: Note | Flag | Waive | Settle, names: _Names) -> None:
    match operation:
        case Note(note=note):
            names.remarks.add(note.id)
            names.alone |= {note.span} if note.span else set()
        case Flag(flag=flag):
            names.remarks.add(flag.span or ARTICLE)
            names.alone |= {flag.span} if flag.span else set()
        case Waive(waiver=waiver):
            names.remarks.add(waiver.id)
        case Settle(settlement=settlement):
            names.remarks.add(settlement.id)
            names.members |= {*settlement.of}
            if settlement.result:
                names.alone |= {settlement.result.span} if settlement.result.span else set()
                names.relations |= {*(settlement.result.relations or ())}


def add_objects(assignment_id: int, layer: Layer, named: Iterable[tuple[str, UUID]]) -> None:
    """The objects of these kinds and ids are in the layer, as they stand, with their relations;
    what this batch changed before is left as it changed it."""
    wanted = set(named) - layer.used
    ids = {kind: {one for of, one in wanted if of == kind} for kind in ("span", "relation")}
    remarks = {one for kind, one in wanted if kind in REMARKS}
    fresh = Layer(spec=layer.spec, text=layer.text)
    if ids["span"] or ids["relation"]:
        _read_objects(assignment_id, fresh, ids["span"], ids["relation"])
    if remarks:
        _read_remarks(assignment_id, fresh, remarks)
    for kind, object_id in fresh.used - layer.used:
        if (image := fresh.current(kind, object_id)) is not None:
            layer.put(kind, image)
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
        layer.used.add(("relation", image.id))
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
        layer.used.add(("span", image.id))
        if not removed:
            layer.spans[image.id] = image


def _read_remarks(
    assignment_id: int,
    layer: Layer,
    ids: Collection[UUID],
    spans: Collection[UUID] = (),
    relations: Collection[UUID] = (),
) -> None:
    """The remarks with these ids, of whatever kind, and those that rest on these spans and
    relations."""
    for row in fetch(
        f"""SELECT {REMARK_COLUMNS} FROM remark m
             WHERE m.assignment_id = %s
               AND (m.kind = ANY(%s) AND m.id = ANY(%s) OR m.span_id = ANY(%s) AND NOT m.removed
                    OR m.kind = 'settlement' AND NOT m.removed
                       AND m.body->'result'->'relations' ?| %s::text[])""",
        [assignment_id, list(REMARKS), list(ids), list(spans), [str(one) for one in relations]],
    ):
        kind, image, removed = remark_image(row)
        layer.used.add((kind, image.id))
        if not removed:
            layer.put(kind, image)


def _known_entities(registry_id: int, uuids: set[UUID]) -> set[UUID]:
    found = fetch(
        "SELECT uuid FROM entity WHERE registry_id = %s AND uuid = ANY(%s)",
        [registry_id, list(uuids)],
    )
    return {row[0] for row in found}


def _known_members(assignment_id: int, members: Collection[Member]) -> set[Member]:
    """Those of the members that are, or were, in an annotator's layer of the same article and
    campaign."""
    named = [(one.layer, one.span, one.relation) for one in members]
    found = fetch(
        """SELECT m.layer, m.span, m.relation
             FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[]) AS m (layer, span, relation)
             JOIN assignment gold ON gold.id = %s
             JOIN assignment a ON a.id = m.layer AND a.kind = 'annotator'
              AND a.campaign_id = gold.campaign_id AND a.article_id = gold.article_id
             LEFT JOIN span s ON s.assignment_id = a.id AND s.id = m.span
             LEFT JOIN relation r ON r.assignment_id = a.id AND r.id = m.relation
            WHERE s.id IS NOT NULL OR r.id IS NOT NULL""",
        [*(list(column) for column in zip(*named, strict=True)), assignment_id],
    )
    return {Member(*row) for row in found}
