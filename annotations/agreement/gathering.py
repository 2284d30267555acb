"""The counted pairs of a run as rows, and the rows as columns by their heads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
import numpy as np
from django.db import connection

from annotations.agreement import heads, keys, packing
from annotations.agreement.material import Material, sides
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.measures.tally import VERSION, Counts, Key
from annotations.agreement.models import AgreementRun
from annotations.agreement.packing import Packed, Words
from annotations.agreement.standing import NEVER

_ROW = """
SELECT p.article_id, p.first_id, p.second_id, p.first_revision, p.second_revision,
       f.annotator_id, s.annotator_id, timestamptz_send(greatest(f.submitted_at, s.submitted_at)),
       hash_record_extended(row(p.counts), 0), hash_record_extended(row(a.source, a.language), 0),
       a.source, a.language, to_char(CASE WHEN a.previous_id IS NULL THEN a.created_at ELSE (
         WITH RECURSIVE version (id) AS (
           SELECT a.id UNION ALL SELECT v.previous_id FROM article v JOIN version USING (id))
         SELECT min(v.created_at) FROM article v JOIN version USING (id)) END AT TIME ZONE 'UTC',
         'YYYY-MM-DD"T"HH24:MI:SS.US'),
       p.counts, {opened}"""
_JOINED = """
  JOIN assignment f ON f.id = p.first_id JOIN assignment s ON s.id = p.second_id
  JOIN article a ON a.id = p.article_id
 WHERE p.counts IS NOT NULL"""

_THESE = f"""{_ROW}
  FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY n (first, second, place)
  JOIN agreement_pair p ON p.first_id = n.first AND p.second_id = n.second
  {_JOINED} ORDER BY n.place"""

_OF_RUN = f"""{_ROW} FROM agreement_pair p {_JOINED}
   AND p.campaign_id = %s AND p.version = %s AND p.first_id = ANY(%s) AND p.second_id = ANY(%s)"""

_AT_ONCE = 2_000
NUMBERS = 7  # those that begin a row


class Known(msgspec.Struct, array_like=True):
    """What is known of the pairs of a piece: their article, layers, revisions and annotators, when the
    later layer was submitted (`standing.NEVER`: unknown), source, language and batch."""

    length: int
    numbers: list[Packed]
    submitted: Packed
    source: Words
    language: Words
    batch: Words


@dataclass(slots=True)
class Gathered:
    """Rows of pairs as they are read."""

    numbers: list[tuple[int, ...]] = field(default_factory=list)
    submitted: list[bytes] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    language: list[str] = field(default_factory=list)
    batch: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    stored: bytearray = field(default_factory=bytearray)
    opened: Counter[Key] = field(default_factory=Counter)

    @classmethod
    def of(cls, sql: str, told: Sequence[Any]) -> Self:
        found = cls()
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, told)
            while rows := cursor.fetchmany(_AT_ONCE):
                for row in rows:
                    found._take(row)
        return found

    def _take(self, row: Sequence[Any]) -> None:
        self.numbers.append((*row[:NUMBERS], *row[NUMBERS + 1 : NUMBERS + 3]))
        at, _, _, source, language, batch, counts, opened = row[NUMBERS:]
        self.submitted.append(NEVER if at is None else bytes(at))
        self.source.append(source)
        self.language.append(language)
        self.batch.append(batch)
        self.sizes.append(len(counts))
        self.stored += counts
        for key, number in keys.unpacked(bytes(opened)).items() if opened else ():
            if key[0] != "#entity":
                self.opened[key] += number

    def columns(self) -> Ints:
        """Return what begins the rows, and the digests of counts and of what is known of articles."""
        return np.array(self.numbers, dtype=np.int64).reshape(-1, NUMBERS + 2).T

    def times(self) -> Ints:
        return np.frombuffer(b"".join(self.submitted), ">i8").astype(np.int64)

    def rows(self) -> Iterator[tuple[str, bytes]]:
        """Yield the rows of the piece. Two queries."""
        article, first, second, one, other, a, b, *_ = self.columns()
        cells = keys.cells_of(self.stored)
        pair, turned, names = sides(a, b)
        sizes = np.array(self.sizes, dtype=np.int64) // cells.dtype.itemsize
        revisions = np.stack([one, other], axis=1)
        table = Material(
            article, first, second, revisions, pair, turned, names, sizes, cells
        ).table()
        known = Known(
            len(article),
            [packing.packed(each) for each in (article, first, second, one, other, a, b)],
            packing.packed(self.times()),
            Words.of(self.source),
            Words.of(self.language),
            Words.of(self.batch),
        )
        yield heads.KNOWN, msgspec.msgpack.encode(known)
        row = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        by_head: dict[str, dict[int, Key]] = {}
        for key, column in table.columns.items():
            if head := heads.head_of(key):
                by_head.setdefault(head, {})[column] = key
        counts = table.counts.astype(np.int64)
        for head, wanted in by_head.items():
            some = np.isin(table.cells, [*wanted])
            made = packing.columns(row[some], table.cells[some], counts[some], wanted, len(sizes))
            yield head, msgspec.msgpack.encode([*made])
        yield from _edges(self.opened)


def _edges(opened: Counts) -> Iterator[tuple[str, bytes]]:
    by_label: dict[str, dict[Key, int]] = {}
    for key, number in opened.items():
        by_label.setdefault(key[1], {})[key] = number
    for label, found in by_label.items():
        yield heads.edges(label), keys.packed(found)


def these(first: Sequence[int], second: Sequence[int]) -> Gathered:
    """Return the pairs of these layers that are counted, in this order. One query."""
    return Gathered.of(_THESE.format(opened="p.opened"), [first, second])


def of_run(run: AgreementRun, *, opened: bool) -> Gathered:
    """Return what is counted now of the layers that a run compared, boundaries only if they are `opened`.
    One query."""
    layers = run.layers["assignments"]
    sql = _OF_RUN.format(opened="p.opened" if opened else "NULL")
    return Gathered.of(sql, [run.campaign_id, VERSION, layers, layers])
