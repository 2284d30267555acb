"""The fast way for what a save nearly always is: new spans on an annotator's layer nobody else
touched.

What an assignment is about never changes (its article, schema and registry, and the article's
text), so it is remembered; the engine can then judge the batch before the database is asked
anything, and one statement locks, checks, counts on and writes. Whatever is not that simple is
left to the general way, which decides everything anew.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.db import IntegrityError, connection, transaction

from annotations.accounts.models import User
from annotations.prepared.cursors import prepared
from annotations.schema.services import label_ids, spec_of
from annotations.spans.engine import apply
from annotations.spans.images import fetch
from annotations.spans.journal import Entry
from annotations.spans.layer import Layer, Refusal
from annotations.spans.requests import AnyOperation, Batch, Place, SpanImage
from annotations.text.fragments import flat

MAX_REMEMBERED = 20_000
"""Code points of the longest text that is remembered; 256 of them are some 10 MB."""


class Ground(NamedTuple):
    """What a layer stands on."""

    schema_id: int
    text: str


class Unknown(LookupError):
    """There is no such assignment, or its text is too long to be remembered."""


def place_at_once(assignment_id: int, batch: Batch, by: User) -> list[Entry] | None:
    """The batch is applied and committed, in one statement. None: it was not that simple, and
    nothing was done. One query, two the first time this process meets the assignment."""
    if not all(_is_plain(operation) for operation in batch.operations):
        return None
    try:
        ground = _ground(assignment_id)
        entries = _judged(batch, Layer(spec=spec_of(ground.schema_id), text=ground.text))
        return entries if _written(assignment_id, ground, batch, entries, by) else None
    except (Unknown, Refusal, IntegrityError):
        return None


def _is_plain(operation: AnyOperation) -> bool:
    return isinstance(operation, Place) and operation.span.entity is None


@lru_cache(maxsize=256)
def _ground(assignment_id: int) -> Ground:
    found = fetch(
        """SELECT a.schema_id, t.text FROM assignment a
             JOIN article_text t ON t.article_id = a.article_id
            WHERE a.id = %s AND t.length <= %s""",
        [assignment_id, MAX_REMEMBERED],
    )
    if not found:
        raise Unknown
    return Ground(*found[0])


def _judged(batch: Batch, layer: Layer) -> list[Entry]:
    return [
        Entry(operation, batch.base + place, apply(layer, operation))
        for place, operation in enumerate(batch.operations, start=1)
    ]


def _written(
    assignment_id: int, ground: Ground, batch: Batch, entries: list[Entry], by: User
) -> bool:
    labels = label_ids(ground.schema_id)
    parameters: dict[str, Any] = {
        "count": len(entries),
        "assignment": assignment_id,
        "by": by.pk,
        "base": batch.base,
        "ids": [entry.operation.id for entry in entries],
        "groups": [entry.operation.group_id for entry in entries],
        "client": batch.client,
        "spans": _json([_span(entry, labels) for entry in entries]),
        "operations": _json([_operation(entry) for entry in entries]),
    }
    with _savepoint(), prepared() as cursor:
        cursor.execute(PLACE, parameters)
        placed: int = cursor.rowcount
        return placed == len(entries)


def _savepoint() -> AbstractContextManager[Any]:
    """Alone the statement is its own transaction; in a caller's, a failure must not end it."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _json(rows: list[dict[str, object]]) -> str:
    return msgspec.json.encode(rows).decode()


def _span(entry: Entry, labels: dict[str, int]) -> dict[str, object]:
    image = entry.changes[0].after
    if not isinstance(image, SpanImage):
        raise TypeError("a place makes a span")
    return {
        "id": image.id,
        "label": labels[image.label],
        "fragments": flat(tuple((start, end) for start, end in image.fragments)),
        "text": image.text,
        "attributes": image.attributes,
        "seq": entry.seq,
    }


def _operation(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "id": entry.operation.id,
        "group_id": entry.operation.group_id,
        "sha256": entry.operation.sha256().hex(),
        "changes": entry.changes,
    }


PLACE = """
WITH locked AS (
  UPDATE assignment a
     SET revision = a.revision + %(count)s, span_count = a.span_count + %(count)s,
         touched_at = now()
    FROM campaign k
   WHERE a.id = %(assignment)s AND a.annotator_id = %(by)s AND a.revision = %(base)s
     AND a.kind = 'annotator' AND a.status IN ('open', 'reopened') AND NOT a.withdrawn
     AND k.id = a.campaign_id AND k.status = 'running' AND NOT k.hidden
     AND NOT EXISTS (SELECT FROM operation o
                      WHERE o.assignment_id = a.id AND o.id = ANY(%(ids)s::uuid[]))
     AND NOT EXISTS (SELECT FROM operation o
                      WHERE o.assignment_id = a.id AND o."group" = ANY(%(groups)s::uuid[]))
  RETURNING a.id),
placed AS (
  INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes, changed_seq, removed)
  SELECT locked.id, x.id, x.label, x.fragments, x.text, x.attributes, x.seq, false
    FROM locked, jsonb_to_recordset(%(spans)s::jsonb) AS x
         (id uuid, label int, fragments int4[], text text[], attributes jsonb, seq int))
INSERT INTO operation (assignment_id, seq, id, "group", op, account_id, client, request_sha256,
                       changes, at)
SELECT locked.id, x.seq, x.id, x.group_id, 'place', %(by)s, %(client)s::uuid,
       decode(x.sha256, 'hex'), x.changes, now()
  FROM locked, jsonb_to_recordset(%(operations)s::jsonb) AS x
       (seq int, id uuid, group_id uuid, sha256 text, changes jsonb)
"""
