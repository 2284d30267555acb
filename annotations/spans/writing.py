"""State and history, written as a batch left them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from annotations.schema.services import label_ids, relation_type_ids
from annotations.spans.images import remark_body
from annotations.spans.journal import Entry
from annotations.spans.layer import REMARKS, Image
from annotations.spans.remarks import RemarkImage
from annotations.spans.requests import (
    AnyOperation,
    Place,
    Relate,
    RelationImage,
    SpanImage,
)
from annotations.text.fragments import flat


def expected_counts(operations: list[AnyOperation]) -> tuple[int, int]:
    """How many spans and relations the operations add, if all are applied and none removes."""
    spans = sum(isinstance(operation, Place) for operation in operations)
    return spans, sum(isinstance(operation, Relate) for operation in operations)


def _actual_counts(entries: list[Entry]) -> tuple[int, int]:
    added: Counter[str] = Counter()
    for entry in entries:
        for change in entry.changes:
            added[change.kind] += (change.before is None) - (change.after is None)
    return added["span"], added["relation"]


def count_on(assignment_id: int, operations: int, spans: int, relations: int) -> None:
    """The assignment's counters move by these numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE assignment
                  SET revision = revision + %s, span_count = span_count + %s,
                      relation_count = relation_count + %s, touched_at = now()
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
        # what goes makes room first: a relation stands once between its ends
        writer.change(kind, [item for item in net if not item.new and item.removed])
        writer.add(kind, [item for item in net if item.new])
        writer.change(kind, [item for item in net if not item.new and not item.removed])
    remarks = [(kind, item) for kind in REMARKS for item in _net(entries, kind)]
    writer.remark(remarks, account_id)
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO operation (assignment_id, seq, id, "group", op, undoes, restores, account_id,
                                      client, request_sha256, changes, at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, now())""",
            [_operation_row(assignment_id, entry, client, account_id) for entry in entries],
        )


def _operation_row(
    assignment_id: int, entry: Entry, client: UUID | None, account_id: int
) -> tuple[Any, ...]:
    operation = entry.operation
    return (
        assignment_id,
        entry.seq,
        operation.id,
        operation.group_id,
        operation.kind,
        getattr(operation, "of", None),
        getattr(operation, "to", None),
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

    def remark(self, items: list[tuple[str, _Net]], account_id: int) -> None:
        """The remarks of these kinds are as the items say, made by the account where new."""
        if not items:
            return
        self._many(
            """INSERT INTO remark (kind, span_id, body, account_id, at, changed_seq, removed,
                                   assignment_id, id)
               VALUES (%s, %s, %s, %s, now(), %s, %s, %s, %s)
               ON CONFLICT (assignment_id, kind, id) DO UPDATE
                  SET body = excluded.body, changed_seq = excluded.changed_seq,
                      removed = excluded.removed""",
            [(kind, *self._remark_row(it), account_id, *self._tail(it)) for kind, it in items],
        )

    def _remark_row(self, item: _Net) -> tuple[Any, ...]:
        image = item.last
        if not isinstance(image, RemarkImage):
            raise TypeError("a remark's change carries a remark")
        body = msgspec.json.encode(remark_body(image)).decode()
        return getattr(image, "span", None), body

    def _span_row(self, item: _Net) -> tuple[Any, ...]:
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

    def _relation_row(self, item: _Net) -> tuple[Any, ...]:
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

    def _tail(self, item: _Net) -> tuple[Any, ...]:
        return (item.seq, item.removed, self._assignment_id, item.id)

    def _many(self, query: str, parameters: list[tuple[Any, ...]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(query, parameters)


ENTITY = "(SELECT id FROM entity WHERE registry_id = %s AND uuid = %s)"
"""The private key of an entity, from its registry and its UUID; NULL for NULL."""
