"""The sums of a campaign in every draw, part by part: those of a part that did not change are kept.

A part are pairs of the same two annotators whose articles have as many layers. Which part a pair is
in follows from the text of its article, and how many pairs there are: a new article, and a changed
one, touch one part. Whoever computes is given the sums of the parts that were there; the others are
made from the counts of their pairs, which are in memory one part at a time.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import numpy as np
from django.db import connection

from annotations.agreement.keys import cells_of
from annotations.agreement.material import Material
from annotations.agreement.measures.bootstrap import Resampling, spread
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.measures.study import Part, Study
from annotations.agreement.measures.summing import Seen, Summed
from annotations.agreement.measures.tally import Key
from annotations.agreement.models import AgreementSum
from annotations.agreement.standing import Standing
from annotations.assignments.models import Campaign

PAIRS = 4_096
"""As many are in a part at the most, or a little more."""
WORTHWHILE = 512
"""Sums of fewer pairs are made again as quickly as they are read."""
VERSION = 1
"""To be raised with any change in how a part is summed, or kept."""

_COUNTS = """
SELECT p.counts, hash_record_extended(row(p.counts), 0)
  FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY n (first, second, place)
  JOIN agreement_pair p ON p.first_id = n.first AND p.second_id = n.second
 WHERE p.counts IS NOT NULL ORDER BY n.place"""

_SUMS = "SELECT sums FROM agreement_sum WHERE campaign_id = %s AND key = %s"


class Moved(Exception):
    """Some of the pairs are not any more what they were: how they stand must be looked at again."""


def study(
    campaign: Campaign, now: Standing, *, include_open: bool, replicates: int, seed: int
) -> Study:
    """Return the sums of these pairs. What had to be summed is kept for the next time; what was kept
    and is of no more use goes. A query for every part, and three for each that is summed. Raises
    Moved."""
    resampling = Resampling.of(now.text, replicates, seed)
    shelf = _Shelf(campaign, include_open=include_open)
    found = Study.of_parts(_parts(now, resampling, shelf), resampling)
    shelf.clear()
    return found


@dataclass(slots=True)
class _Shelf:
    """Where sums are kept, and which of them were of use."""

    campaign: Campaign
    include_open: bool
    used: set[UUID] = field(default_factory=set)

    def sums(self, key: UUID) -> bytes | None:
        self.used.add(key)
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, [self.campaign.pk, key])
            row = cursor.fetchone()
        return row and bytes(row[0])

    def keep(self, key: UUID, sums: bytes) -> None:
        row = AgreementSum(
            campaign=self.campaign, key=key, include_open=self.include_open, sums=sums
        )
        AgreementSum.objects.bulk_create([row], ignore_conflicts=True)

    def clear(self) -> None:
        """What was of no use goes."""
        rows = AgreementSum.objects.filter(campaign=self.campaign, include_open=self.include_open)
        rows.exclude(key__in=self.used).delete()


def _parts(now: Standing, resampling: Resampling, shelf: _Shelf) -> Iterator[Part]:
    for rows in cut(now):
        names, share = now.names[int(now.pair[rows[0]])], float(now.shares[rows[0]])
        # the weights of few articles depend on which there are
        if resampling.exact is not None or len(rows) < WORTHWHILE:
            yield Part(names, share, _summed(now, rows, resampling))
            continue
        key = key_of(now, rows, resampling)
        sums = shelf.sums(key)
        if sums is None:
            sums = as_bytes(_summed(now, rows, resampling))
            shelf.keep(key, sums)
        yield Part(names, share, from_bytes(sums, np.unique(now.text[rows]), resampling.size))


def cut(now: Standing) -> Iterator[Ints]:
    """Yield the pairs of every part, in an order that follows from their texts alone."""
    order = np.lexsort((now.shares, now.pair))
    same = np.stack([now.pair[order], now.shares[order]])
    ends = np.flatnonzero((np.diff(same) != 0).any(axis=0)) + 1
    for rows in np.split(order, ends):
        yield from cut_by_text(now.text, rows, PAIRS)


def cut_by_text(text: Ints, rows: Ints, most: int) -> Iterator[Ints]:
    """Yield these rows in as many parts as have about `most` rows at the most: by the texts of their
    articles, and in an order that follows from those alone."""
    mixed = spread(text[rows])
    order = np.argsort(mixed, kind="stable")
    bits = (max(0, len(rows) - 1) // most).bit_length()
    # all are in one part where no bit is looked at
    number = mixed[order] >> np.uint64(64 - bits) if bits else np.zeros(len(rows))
    some = np.split(rows[order], np.flatnonzero(np.diff(number)) + 1)
    yield from (part for part in some if len(part))


def key_of(now: Standing, rows: Ints, resampling: Resampling) -> UUID:
    """Return what tells the sums of these pairs from any others."""
    told = np.stack([now.text[rows], now.digest[rows], now.turned[rows]]).astype("<i8")
    head = f"{VERSION} {resampling.seed} {resampling.replicates} "
    return UUID(bytes=hashlib.sha256(head.encode() + told.tobytes()).digest()[:16])


def _summed(now: Standing, rows: Ints, resampling: Resampling) -> Summed:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [now.first[rows].tolist(), now.second[rows].tolist()])
        found = cursor.fetchall()
    if [digest for _, digest in found] != now.digest[rows].tolist():
        raise Moved
    cells = cells_of(b"".join(counts for counts, _ in found))
    sizes = np.array([len(counts) for counts, _ in found], dtype=np.int64) // cells.dtype.itemsize
    table = Material(
        now.article[rows],
        now.first[rows],
        now.second[rows],
        now.revisions[rows],
        now.pair[rows],
        now.turned[rows],
        now.names,
        sizes,
        cells,
    ).table()
    return table.summed(np.ones(len(rows), dtype=bool), now.text[rows], resampling)


class _Kept(msgspec.Struct, array_like=True):
    """Sums in bytes: those of the `narrow` first keys take four for every draw, the others eight."""

    keys: list[Key]
    narrow: int
    sums: tuple[bytes, bytes]
    bits: bytes


def as_bytes(summed: Summed) -> bytes:
    """Return sums, which are whole numbers, as they are kept; their articles are not."""
    order = np.argsort(summed.values.max(axis=0, initial=0), kind="stable")
    values, keys = summed.values[:, order], [summed.seen.keys[at] for at in order.tolist()]
    narrow = int((values.max(axis=0, initial=0) < 2**31).sum())
    sums = (
        values[:, :narrow].astype("<i4").tobytes(),
        values[:, narrow:].astype("<i8").tobytes(),
    )
    return msgspec.msgpack.encode(_Kept(keys, narrow, sums, summed.seen.bits[order].tobytes()))


def from_bytes(stored: bytes, articles: Ints, draws: int) -> Summed:
    """Return what `as_bytes` was given, of these articles."""
    kept = msgspec.msgpack.decode(stored, type=_Kept)
    widths = (kept.narrow, len(kept.keys) - kept.narrow)
    values = [
        np.frombuffer(sums, form).reshape(draws, width)
        for sums, form, width in zip(kept.sums, ("<i4", "<i8"), widths, strict=True)
    ]
    bits = np.frombuffer(kept.bits, np.uint8).reshape(len(kept.keys), -(-len(articles) // 8))
    return Summed(Seen(articles, kept.keys, bits), np.concatenate(values, axis=1, dtype=np.float64))
