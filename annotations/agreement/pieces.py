"""The counts of a run in pieces, as its pages read them: made when it is computed, and kept.

A piece are some thousand pairs of layers, those of articles whose texts are neighbours by a hash. It is
kept as a few rows: one for what is known of its pairs, and one for every head of counts (`heads`).
What a piece is kept under follows from all that it depends on, as in `kept`: a change of one pair makes
one piece anew.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from annotations.agreement.gathering import Gathered, of_run, these
from annotations.agreement.heads import EDGES, KNOWN
from annotations.agreement.kept import WORTHWHILE, Moved, cut_by_text
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.models import AgreementColumns, AgreementRun
from annotations.agreement.standing import Standing
from annotations.assignments.models import Campaign

PAIRS = 2_048
"""As many are in a piece at the most, or a little more."""
LAYOUT = 1
"""To be raised with any change in how a piece is kept."""

_LOCK = 0x4B77
"""Held by those who keep pieces, each with the others; and alone by `article_was_taken_down` (migration
0021), since pieces hold some of the words that differ at boundaries."""

_KEPT = """
SELECT key, head, columns FROM agreement_columns
 WHERE campaign_id = %s AND key = ANY(%s::uuid[]) AND head = ANY(%s)"""

Piece = Mapping[str, bytes]
"""Its rows by their heads."""


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
            rows = _these(now, wanted[key]).rows()
            AgreementColumns.objects.bulk_create(
                (
                    AgreementColumns(
                        campaign=campaign,
                        key=key,
                        head=head,
                        include_open=include_open,
                        columns=columns,
                    )
                    for head, columns in rows
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
    opened = any(head.startswith(EDGES) for head in heads)
    wanted = {KNOWN, *heads}
    rows = of_run(run, opened=opened).rows()
    return {head: columns for head, columns in rows if head in wanted}


def _these(now: Standing, rows: Ints) -> Gathered:
    """Read these pairs. Raises Moved."""
    found = these(now.first[rows].tolist(), now.second[rows].tolist())
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
    # all but the annotators, who are in the key by their names
    if not np.array_equal(np.delete(told, (5, 6), axis=0), wanted):
        raise Moved
    return found


def _cut(now: Standing) -> Iterator[Ints]:
    yield from cut_by_text(now.text, np.arange(len(now.text)), PAIRS)


def _key_of(now: Standing, rows: Ints, include_open: bool) -> UUID:
    people = np.array([_number(names) for names in now.names], dtype=np.int64)
    told = np.vstack(
        [
            people[now.pair[rows]],
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


def _number(names: Names) -> int:
    return int.from_bytes(
        hashlib.sha256(" ".join(names).encode()).digest()[:8], "little", signed=True
    )


def _alone_with_others() -> None:
    """No text is taken down until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
