"""Layers as rows: the SQL of reading parts of a layer and writing what changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from annotations.schema.services import label_ids, relation_type_ids
from annotations.schema.spec import Spec
from annotations.spans.engine import Change, Image, Layer
from annotations.spans.requests import (
    AnyOperation,
    End,
    Place,
    Relate,
    RelationImage,
    Remove,
    Set,
    SpanImage,
    Unrelate,
)
from annotations.spans.undo import Event
from annotations.text.fragments import flat, pairs

EVENTS_PER_READ = 64


@dataclass(slots=True)
class Entry:
    """One operation as applied, with the place it takes in the history."""

    operation: AnyOperation
    seq: int
    changes: list[Change]


@dataclass(slots=True)
class Known:
    """An operation that is in the history already."""

    seq: int
    request_sha256: bytes
    changes: list[Any]


class _RawChange(msgspec.Struct):
    kind: str
    id: UUID
    before: msgspec.Raw = msgspec.Raw(b"null")
    after: msgspec.Raw = msgspec.Raw(b"null")


_raw_changes = msgspec.json.Decoder(list[_RawChange])
_attributes = msgspec.json.Decoder(dict[str, str | bool])


def _all(query: str, parameters: list[object]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def expected_counts(operations: list[AnyOperation]) -> tuple[int, int]:
    """How many spans and relations the operations add, if all are applied and none cascades."""
    spans = sum(isinstance(o, Place) - isinstance(o, Remove) for o in operations)
    relations = sum(isinstance(o, Relate) - isinstance(o, Unrelate) for o in operations)
    return spans, relations


def _actual_counts(entries: list[Entry]) -> tuple[int, int]:
    added = {"span": 0, "relation": 0}
    for entry in entries:
        for change in entry.changes:
            added[change.kind] += (change.before is None) - (change.after is None)
    return added["span"], added["relation"]


def count_on(assignment_id: int, operations: int, spans: int, relations: int) -> None:
    """The assignment's counters move by these numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE assignment
                  SET revision = revision + %s, span_count = greatest(span_count + %s, 0),
                      relation_count = greatest(relation_count + %s, 0), touched_at = now()
                WHERE id = %s""",
            [operations, spans, relations, assignment_id],
        )


def correct_counts(
    assignment_id: int, operations: list[AnyOperation], entries: list[Entry]
) -> None:
    """The counters, moved in advance by what was expected, are moved to what happened."""
    expected, actual = expected_counts(operations), _actual_counts(entries)
    difference = [a - e for a, e in zip(actual, expected, strict=True)]
    if len(entries) != len(operations) or any(difference):
        count_on(assignment_id, len(entries) - len(operations), *difference)


# reading ------------------------------------------------------------------------------------------


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
    for row in _all(
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
    for row in _all(
        f"""SELECT {SPAN_COLUMNS} FROM span s JOIN label l ON l.id = s.label_id
              LEFT JOIN entity e ON e.id = s.entity_id
             WHERE s.assignment_id = %s AND s.id = ANY(%s)""",
        [assignment_id, list(spans)],
    ):
        image, removed = span_image(row)
        layer.used.add(image.id)
        if not removed:
            layer.spans[image.id] = image


SPAN_COLUMNS = "s.id, l.key, s.fragments, s.text, s.attributes, e.uuid, s.removed"
RELATION_COLUMNS = (
    "r.id, k.key, r.from_id, r.from_article, r.to_id, e.uuid, r.attributes, r.removed"
)


def span_image(row: tuple[Any, ...]) -> tuple[SpanImage, bool]:
    """A span from SPAN_COLUMNS, and whether it is removed."""
    span_id, label, fragments, text, attributes, entity, removed = row
    image = SpanImage(
        id=span_id,
        label=label,
        fragments=[list(pair) for pair in pairs(fragments)],
        text=text,
        attributes=_attributes.decode(attributes),
        entity=entity,
    )
    return image, removed


def relation_image(row: tuple[Any, ...]) -> tuple[RelationImage, bool]:
    """A relation from RELATION_COLUMNS, and whether it is removed."""
    relation_id, kind, from_id, from_article, to_id, entity, attributes, removed = row
    image = RelationImage(
        id=relation_id,
        type=kind,
        source=End(article=True) if from_article else End(span=from_id),
        target=End(span=to_id) if to_id else End(entity=entity),
        attributes=_attributes.decode(attributes),
    )
    return image, removed


def _known_entities(registry_id: int, uuids: set[UUID]) -> set[UUID]:
    found = _all(
        "SELECT uuid FROM entity WHERE registry_id = %s AND uuid = ANY(%s)",
        [registry_id, list(uuids)],
    )
    return {row[0] for row in found}


def operations_by_id(assignment_id: int, ids: list[UUID]) -> dict[UUID, Known]:
    """Those of the ids that are in the history, with what they did."""
    found = _all(
        """SELECT id, seq, request_sha256, changes FROM operation
            WHERE assignment_id = %s AND id = ANY(%s)""",
        [assignment_id, ids],
    )
    return {row[0]: Known(row[1], bytes(row[2]), msgspec.json.decode(row[3])) for row in found}


def groups_known(assignment_id: int, groups: list[UUID]) -> set[UUID]:
    found = _all(
        'SELECT DISTINCT "group" FROM operation WHERE assignment_id = %s AND "group" = ANY(%s)',
        [assignment_id, groups],
    )
    return {row[0] for row in found}


def operations_since(assignment_id: int, revision: int) -> list[dict[str, object]]:
    """What was applied after a revision, oldest first, as the protocol shows it."""
    found = _all(
        """SELECT seq, id, "group", op, undoes, changes FROM operation
            WHERE assignment_id = %s AND seq > %s ORDER BY seq""",
        [assignment_id, revision],
    )
    return [
        {
            "seq": seq,
            "id": operation_id,
            "group": group,
            "op": op,
            **({"of": undoes} if undoes else {}),
            "changes": msgspec.json.decode(changes),
        }
        for seq, operation_id, group, op, undoes, changes in found
    ]


def events_back(assignment_id: int, earlier: list[Entry]) -> Iterator[Event]:
    """The layer's history, newest first: this batch's entries, then what is stored, read in
    pieces as it is asked for."""
    for entry in reversed(earlier):
        operation = entry.operation
        yield Event(operation.kind, operation.group_id, getattr(operation, "of", None))
    before = earlier[0].seq if earlier else 2**31 - 1
    while found := _all(
        """SELECT seq, op, "group", undoes FROM operation
            WHERE assignment_id = %s AND seq < %s ORDER BY seq DESC LIMIT %s""",
        [assignment_id, before, EVENTS_PER_READ],
    ):
        yield from (Event(op, group, undoes) for _, op, group, undoes in found)
        before = found[-1][0]


def group_changes(assignment_id: int, group: UUID, earlier: list[Entry]) -> list[Change]:
    """What a group changed, oldest first, be it stored or of this batch."""
    here = [c for entry in earlier if entry.operation.group_id == group for c in entry.changes]
    if here:
        return here
    found = _all(
        'SELECT changes FROM operation WHERE assignment_id = %s AND "group" = %s ORDER BY seq',
        [assignment_id, group],
    )
    return [_change(raw) for row in found for raw in _raw_changes.decode(row[0])]


def _change(raw: _RawChange) -> Change:
    shape = SpanImage | None if raw.kind == "span" else RelationImage | None
    return Change(
        raw.kind,
        raw.id,
        msgspec.json.decode(raw.before, type=shape),
        msgspec.json.decode(raw.after, type=shape),
    )


# writing ------------------------------------------------------------------------------------------


def write(
    assignment_id: int,
    schema_id: int,
    registry_id: int,
    entries: list[Entry],
    client: UUID | None,
    account_id: int,
) -> None:
    """State and history are as after the entries, in the caller's transaction."""
    if not entries:
        return
    writer = _Writer(assignment_id, schema_id, registry_id)
    for kind in ("span", "relation"):
        net = _net(entries, kind)
        writer.add(kind, [item for item in net if item.new])
        writer.change(kind, [item for item in net if not item.new])
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO operation (assignment_id, seq, id, "group", op, undoes, account_id,
                                      client, request_sha256, changes, at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, now())""",
            [_operation_row(assignment_id, entry, client, account_id) for entry in entries],
        )


def _operation_row(
    assignment_id: int, entry: Entry, client: UUID | None, account_id: int
) -> tuple[object, ...]:
    operation = entry.operation
    return (
        assignment_id,
        entry.seq,
        operation.id,
        operation.group_id,
        operation.kind,
        getattr(operation, "of", None),
        account_id,
        client,
        operation.sha256(),
        msgspec.json.encode(entry.changes).decode(),
    )


@dataclass(slots=True)
class _Net:
    """What a batch makes of one object in the end."""

    id: UUID
    new: bool
    last: Image
    removed: bool
    seq: int


def _net(entries: list[Entry], kind: str) -> list[_Net]:
    """One row per object, however often the batch changed it. An object is new where its first
    change made it by place or relate; what undo and redo bring back has its row already."""
    net: dict[UUID, _Net] = {}
    for entry in entries:
        makes = isinstance(entry.operation, Place | Relate)
        for change in entry.changes:
            image = change.after or change.before
            if change.kind != kind or image is None:
                continue
            new = net[change.id].new if change.id in net else makes and change.before is None
            net[change.id] = _Net(change.id, new, image, change.after is None, entry.seq)
    return list(net.values())


class _Writer:
    """Inserts and updates of one layer's rows; looks up what the rows point at."""

    def __init__(self, assignment_id: int, schema_id: int, registry_id: int) -> None:
        self._assignment_id = assignment_id
        self._labels = label_ids(schema_id)
        self._types = relation_type_ids(schema_id)
        self._registry_id = registry_id

    def add(self, kind: str, items: list[_Net]) -> None:
        if not items:
            return
        if kind == "span":
            self._many(
                f"""INSERT INTO span (label_id, fragments, text, attributes, entity_id, changed_seq,
                                      removed, assignment_id, id)
                    VALUES (%s, %s::int4[], %s::text[], %s, {ENTITY}, %s, %s, %s, %s)""",
                [self._span_row(item) for item in items],
            )
        else:
            self._many(
                f"""INSERT INTO relation (type_id, from_article, from_id, to_id, to_entity_id,
                                          attributes, changed_seq, removed, assignment_id, id)
                    VALUES (%s, %s, %s, %s, {ENTITY}, %s, %s, %s, %s, %s)""",
                [self._relation_row(item) for item in items],
            )

    def change(self, kind: str, items: list[_Net]) -> None:
        if not items:
            return
        if kind == "span":
            self._many(
                f"""UPDATE span SET label_id = %s, fragments = %s::int4[], text = %s::text[],
                           attributes = %s, entity_id = {ENTITY}, changed_seq = %s, removed = %s
                     WHERE assignment_id = %s AND id = %s""",
                [self._span_row(item) for item in items],
            )
        else:
            self._many(
                """UPDATE relation SET attributes = %s, changed_seq = %s, removed = %s
                    WHERE assignment_id = %s AND id = %s""",
                [self._relation_row(item)[-5:] for item in items],
            )

    def _span_row(self, item: _Net) -> tuple[object, ...]:
        image = item.last
        if not isinstance(image, SpanImage):
            raise TypeError("a span's change carries a span")
        return (
            self._labels[image.label],
            flat(tuple((start, end) for start, end in image.fragments)),
            image.text,
            msgspec.json.encode(image.attributes).decode(),
            self._registry_id,
            image.entity,
            *self._tail(item),
        )

    def _relation_row(self, item: _Net) -> tuple[object, ...]:
        image = item.last
        if not isinstance(image, RelationImage):
            raise TypeError("a relation's change carries a relation")
        return (
            self._types[image.type],
            image.source.article,
            image.source.span,
            image.target.span,
            self._registry_id,
            image.target.entity,
            msgspec.json.encode(image.attributes).decode(),
            *self._tail(item),
        )

    def _tail(self, item: _Net) -> tuple[object, ...]:
        return (item.seq, item.removed, self._assignment_id, item.id)

    def _many(self, query: str, parameters: list[tuple[object, ...]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(query, parameters)


ENTITY = "(SELECT id FROM entity WHERE registry_id = %s AND uuid = %s)"
"""The private key of an entity, from its registry and its UUID; NULL for NULL."""
