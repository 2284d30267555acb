"""The counts of a run in pieces, as its pages read them: made when it is computed, and kept.

A piece are some thousand pairs of layers, those of articles whose texts are neighbours by a hash. It is
kept as a few rows: one for what is known of its pairs, and one for every head of counts (`head_of`).
What a piece is kept under follows from all that it depends on, as in `kept`: a change of one pair makes
one piece anew.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import msgspec
import numpy as np
from django.db import connection, transaction

from annotations.agreement import keys, packing
from annotations.agreement.kept import WORTHWHILE, Moved, cut_by_text
from annotations.agreement.material import Material, sides
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.measures.tally import VERSION, Counts, Key
from annotations.agreement.models import AgreementColumns, AgreementRun
from annotations.agreement.packing import Packed, Words
from annotations.agreement.standing import NEVER, Standing
from annotations.assignments.models import Campaign

PAIRS = 2_048
"""As many are in a piece at the most, or a little more."""
LAYOUT = 1
"""To be raised with any change in how a piece is kept."""

KNOWN = "known"
FUNNEL, SOURCES, LINKED = "#funnel", "#source", "#linked"
_LOCK = 0x4B77
"""Held by those who keep pieces, each with the others; and alone by `article_was_taken_down` (migration
0021), since pieces hold some of the words that differ at boundaries."""

_ROW = """
SELECT p.article_id, p.first_id, p.second_id, p.first_revision, p.second_revision,
       f.annotator_id, s.annotator_id, timestamptz_send(greatest(f.submitted_at, s.submitted_at)),
       hash_record_extended(row(p.counts), 0), hash_record_extended(row(a.source, a.language), 0),
       a.source, a.language, to_char(CASE WHEN a.previous_id IS NULL THEN a.created_at ELSE (
         WITH RECURSIVE version (id) AS (
           SELECT a.id UNION ALL SELECT v.previous_id FROM article v JOIN version USING (id))
         SELECT min(v.created_at) FROM article v JOIN version USING (id)) END AT TIME ZONE 'UTC',
         'YYYY-MM-DD"T"HH24:MI:SS.US'),
       p.counts, p.opened"""
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

_KEPT = """
SELECT key, head, columns FROM agreement_columns
 WHERE campaign_id = %s AND key = ANY(%s::uuid[]) AND head = ANY(%s)"""

_AT_ONCE = 2_000
_EDGES = "edges "
NUMBERS = 7  # those that begin a row

Piece = Mapping[str, bytes]
"""Its rows by their heads."""


class Known(msgspec.Struct, array_like=True):
    """What is known of the pairs of a piece: their article, layers, revisions and annotators, when the
    later layer was submitted (`standing.NEVER`: unknown), source, language and batch."""

    length: int
    numbers: list[Packed]
    submitted: Packed
    source: Words
    language: Words
    batch: Words


def spans(label: str) -> str:
    """Return the head of the counts of a label's spans."""
    return f"spans {label}"


def values(label: str) -> str:
    """Return the head of the values that met on a label's spans."""
    return f"values {label}"


def edges(label: str) -> str:
    """Return the head of the boundaries of a label's spans."""
    return f"{_EDGES}{label}"


def head_of(key: Key) -> str | None:
    """Return the head under which a count stands; None where no page asks for it."""
    if key[0] in (FUNNEL, SOURCES, LINKED):
        return key[0]
    if key[1:2] == ("value",):
        return values(key[0])
    placed = key[0] and key[1:] in (("first",), ("second",))
    return spans(key[0]) if placed or (key[0] and key[1:2] == ("matched",)) else None


def keep(campaign: Campaign, now: Standing, *, include_open: bool) -> list[str]:
    """Return under what the pieces of these pairs are kept; those that were not there are made. None
    are kept of few pairs. Two queries, and three for each that is made. Raises Moved."""
    if len(now.article) < WORTHWHILE:
        return []
    wanted = {_key_of(now, rows, include_open): rows for rows in _cut(now)}
    there = AgreementColumns.objects.filter(campaign=campaign, key__in=wanted, head=KNOWN)
    for key in wanted.keys() - {*there.values_list("key", flat=True)}:
        with transaction.atomic():
            _alone_with_others()
            heads = _these(now, wanted[key]).heads()
            AgreementColumns.objects.bulk_create(
                (
                    AgreementColumns(
                        campaign=campaign,
                        key=key,
                        head=head,
                        include_open=include_open,
                        columns=columns,
                    )
                    for head, columns in heads
                ),
                ignore_conflicts=True,
            )
    return [str(key) for key in wanted]


def clear(run: AgreementRun) -> None:
    """Pieces that this newest run of its campaign does not use go."""
    rows = AgreementColumns.objects.filter(campaign=run.campaign_id, include_open=run.include_open)
    rows.exclude(key__in=run.pieces).delete()


def kept(run: AgreementRun, heads: Sequence[str]) -> list[Piece] | None:
    """Return the pieces of a run with these heads, None where one is not there. One query."""
    if not run.pieces:
        return None
    found: dict[str, dict[str, bytes]] = {key: {} for key in run.pieces}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [run.campaign_id, run.pieces, [KNOWN, *heads]])
        for key, head, columns in cursor.fetchall():
            found[str(key)][head] = bytes(columns)
    return [*found.values()] if all(KNOWN in piece for piece in found.values()) else None


def made(run: AgreementRun, heads: Sequence[str]) -> Piece:
    """Return all pairs of a run as one piece, with these heads, of what is counted of them now. Three
    queries."""
    layers = run.layers["assignments"]
    told = [run.campaign_id, VERSION, layers, layers]
    opened = any(head.startswith(_EDGES) for head in heads)
    wanted = {KNOWN, *heads}
    read = _Read.of(_OF_RUN if opened else _OF_RUN.replace("p.opened", "NULL"), told)
    return {head: columns for head, columns in read.heads() if head in wanted}


@dataclass(slots=True)
class _Read:
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

    def heads(self) -> Iterator[tuple[str, bytes]]:
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
        yield KNOWN, msgspec.msgpack.encode(known)
        row = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        by_head: dict[str, dict[int, Key]] = {}
        for key, column in table.columns.items():
            if head := head_of(key):
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
        yield edges(label), keys.packed(found)


def _these(now: Standing, rows: Ints) -> _Read:
    """Read these pairs. Raises Moved."""
    found = _Read.of(_THESE, [now.first[rows].tolist(), now.second[rows].tolist()])
    told = np.vstack([found.columns(), found.times()])
    wanted = np.vstack(
        [
            now.article[rows],
            now.first[rows],
            now.second[rows],
            now.revisions[rows].T,
            now.digest[rows],
            now.known[rows],
            now.submitted[rows],
        ]
    )
    # all but the annotators, whom a layer never changes
    if not np.array_equal(np.delete(told, (5, 6), axis=0), wanted):
        raise Moved
    return found


def _cut(now: Standing) -> Iterator[Ints]:
    yield from cut_by_text(now.text, np.arange(len(now.text)), PAIRS)


def _key_of(now: Standing, rows: Ints, include_open: bool) -> UUID:
    told = np.vstack(
        [
            now.first[rows],
            now.second[rows],
            now.revisions[rows].T,
            now.digest[rows],
            now.turned[rows],
            now.submitted[rows],
            now.known[rows],
        ]
    ).astype("<i8")
    head = f"{LAYOUT} {VERSION} {include_open} ".encode()
    return UUID(bytes=hashlib.sha256(head + told.tobytes()).digest()[:16])


def _alone_with_others() -> None:
    """No text is taken down until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
