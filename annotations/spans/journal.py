"""The history of a layer, read back: what was applied, and what an undo would take."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from annotations.spans.images import fetch
from annotations.spans.layer import SHAPES, Change, Image, Past
from annotations.spans.requests import AnyOperation
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
        """SELECT seq, id, "group", op, undoes, restores, changes FROM operation
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
            **({} if restores is None else {"to": restores}),
            "changes": msgspec.json.decode(changes),
        }
        for seq, operation_id, group, op, undoes, restores, changes in found
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


def changed_since(assignment_id: int, revision: int, earlier: list[Entry]) -> list[Past]:
    """Every object that was changed after a revision, as it was then. One query; it grows with
    what was changed since."""
    found = fetch(
        """SELECT DISTINCT ON (kind, object_id) c.value->>'kind' AS kind,
                  (c.value->>'id')::uuid AS object_id, c.value->>'before'
             FROM operation o, jsonb_array_elements(o.changes) WITH ORDINALITY AS c (value, place)
            WHERE o.assignment_id = %s AND o.seq > %s
            ORDER BY kind, object_id, o.seq, c.place""",
        [assignment_id, revision],
    )
    past = {(kind, one): _image(kind, before or "null") for kind, one, before in found}
    for entry in earlier:
        for change in entry.changes if entry.seq > revision else ():
            past.setdefault((change.kind, change.id), change.before)
    return [Past(*name, image) for name, image in past.items()]


def _change(raw: _RawChange) -> Change:
    return Change(raw.kind, raw.id, _image(raw.kind, raw.before), _image(raw.kind, raw.after))


def _image(kind: str, raw: msgspec.Raw | str) -> Image | None:
    image: Image | None = msgspec.json.decode(raw, type=SHAPES[kind] | None)
    return image
