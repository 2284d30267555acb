"""The history of a layer, read back: what was applied, and what an undo would take."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from annotations.spans.engine import Change
from annotations.spans.images import fetch
from annotations.spans.requests import AnyOperation, RelationImage, SpanImage
from annotations.spans.undo import Event

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


def operations_by_id(assignment_id: int, ids: list[UUID]) -> dict[UUID, Known]:
    """Those of the ids that are in the history, with what they did."""
    found = fetch(
        """SELECT id, seq, request_sha256, changes FROM operation
            WHERE assignment_id = %s AND id = ANY(%s)""",
        [assignment_id, ids],
    )
    return {row[0]: Known(row[1], bytes(row[2]), msgspec.json.decode(row[3])) for row in found}


def groups_known(assignment_id: int, groups: list[UUID]) -> set[UUID]:
    found = fetch(
        'SELECT DISTINCT "group" FROM operation WHERE assignment_id = %s AND "group" = ANY(%s)',
        [assignment_id, groups],
    )
    return {row[0] for row in found}


def operations_since(assignment_id: int, revision: int) -> list[dict[str, object]]:
    """What was applied after a revision, oldest first, as the protocol shows it."""
    found = fetch(
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
    while found := fetch(
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
    found = fetch(
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
