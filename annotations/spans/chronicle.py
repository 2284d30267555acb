"""The history of a layer for those who made it: what was done, by whom, when, and what of it still
stands. In pages, newest first; a page costs the same however long the history is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotations.accounts.models import SHOWN_NAME
from annotations.assignments.models import Assignment
from annotations.spans.images import fetch
from annotations.spans.undo import Jump, Standing, Turn

GROUPS_PER_PAGE = 50
MOST_CHANGES = 200
"""An operation that changed more objects is told without them; how many there were is told."""
MIXED = "mixed"
LAST = 2**31 - 1


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """One operation. `of` is the group that an undo or redo turned, `to` where a restore went."""

    seq: int
    op: str
    count: int
    changes: msgspec.Raw
    of: UUID | None = None
    to: int | None = None


class Group(msgspec.Struct, frozen=True):
    """Operations that stood or fell together; `seq` is the last of them."""

    group: UUID
    seq: int
    at: datetime
    by: str
    op: str
    operations: list[Told]
    in_effect: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some groups of a history, newest first; `more`: there are older ones."""

    revision: int
    groups: list[Group]
    more: bool


class _Row(NamedTuple):
    seq: int
    group: UUID
    op: str
    of: UUID | None
    to: int | None
    by: str
    at: datetime
    changed: int
    changes: str
    more: bool


# From group to group by the indexes: nothing is read of what is newer or older than the page.
# "OFFSET 0": else the first of a group is looked for from the beginning of the history.
_PAGE = f"""
WITH RECURSIVE page AS (
  (SELECT "group", seq, 1 AS place FROM operation
    WHERE assignment_id = %(layer)s AND seq < coalesce((
          SELECT min(seq) FROM (
            SELECT whole.seq FROM operation one JOIN operation whole
                ON whole.assignment_id = one.assignment_id AND whole."group" = one."group"
             WHERE one.assignment_id = %(layer)s AND one.seq = %(before)s OFFSET 0) whole), %(before)s)
    ORDER BY seq DESC LIMIT 1)
  UNION ALL
  SELECT older."group", older.seq, page.place + 1
    FROM page, LATERAL (
      SELECT o."group", o.seq FROM operation o
       WHERE o.assignment_id = %(layer)s AND o.seq < (
             SELECT min(seq) FROM (
               SELECT seq FROM operation
                WHERE assignment_id = %(layer)s AND "group" = page."group" OFFSET 0) whole)
       ORDER BY o.seq DESC LIMIT 1) older
   WHERE page.place <= %(most)s)
SELECT o.seq, o."group", o.op, o.undoes, o.restores,
       {SHOWN_NAME}, o.at, jsonb_array_length(o.changes),
       CASE WHEN o.op = 'load' OR jsonb_array_length(o.changes) > %(changes)s THEN '[]'
            ELSE o.changes::text END,
       (SELECT count(*) FROM page) > %(most)s
  FROM page JOIN operation o ON o.assignment_id = %(layer)s AND o."group" = page."group"
  JOIN account u ON u.id = o.account_id
 WHERE page.place <= %(most)s
 ORDER BY o.seq DESC
"""

_JUMPS = """
SELECT seq, "group", restores FROM operation WHERE assignment_id = %s AND restores IS NOT NULL
"""

_TURNS = """
SELECT undoes, seq, op FROM operation WHERE assignment_id = %s AND undoes = ANY(%s)
 ORDER BY undoes, seq DESC
"""


def page_before(assignment: Assignment, before: int = LAST) -> Page:
    """The newest groups of a layer's history, of those that ended before operation `before`.
    Three queries."""
    rows = _rows(assignment.pk, before)
    standing = _standing(assignment, rows)
    groups = [
        _group(list(reversed(list(same))), standing)
        for _, same in groupby(rows, attrgetter("group"))
    ]
    return Page(assignment.revision, groups, bool(rows) and rows[0].more)


def _rows(assignment_id: int, before: int) -> list[_Row]:
    names = {
        "layer": assignment_id,
        "before": before,
        "most": GROUPS_PER_PAGE,
        "changes": MOST_CHANGES,
    }
    return [_Row(*row) for row in fetch(_PAGE, names)]


def _standing(assignment: Assignment, rows: Iterable[_Row]) -> Standing:
    jumps = [Jump(*row) for row in fetch(_JUMPS, [assignment.pk])]
    asked = {row.of or row.group for row in rows} | {jump.group for jump in jumps}
    turns: dict[UUID, list[Turn]] = {}
    for group, seq, op in fetch(_TURNS, [assignment.pk, list(asked)]):
        turns.setdefault(group, []).append(Turn(seq, op))
    return Standing(assignment.revision, jumps, turns)


def _group(rows: Sequence[_Row], standing: Standing) -> Group:
    last = rows[-1]
    verbs = {row.op for row in rows}
    stands = standing.has_turn(last.of, last.seq) if last.of else standing.has(last.group, last.seq)
    return Group(
        group=last.group,
        seq=last.seq,
        at=last.at,
        by=last.by,
        op=last.op if len(verbs) == 1 else MIXED,
        operations=[_told(row) for row in rows],
        in_effect=stands,
    )


def _told(row: _Row) -> Told:
    changes = msgspec.Raw(row.changes.encode())
    return Told(row.seq, row.op, row.changed, changes, row.of, row.to)
