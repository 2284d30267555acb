"""Agreement of parts of a campaign, from the kept counts: by week, source, language, annotators."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np
from django.db import connection

from annotations.agreement.material import Material, Part, material_of
from annotations.agreement.measures.annotators import Pair
from annotations.agreement.measures.groups import Counted, GroupF1, of_all, of_groups
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.study import Table
from annotations.agreement.measures.tally import VERSION
from annotations.agreement.models import AgreementRun

Dimension = Literal["week", "source", "language"]
MOST = 100
"""Groups that have a figure of their own: the latest weeks, the sources with most spans."""

_FACTS = """
SELECT a.source, a.language, date_trunc('week', greatest(f.submitted_at, s.submitted_at))::date
  FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY k (first, second, place)
  JOIN assignment f ON f.id = k.first JOIN assignment s ON s.id = k.second
  JOIN article a ON a.id = f.article_id ORDER BY k.place"""
_KNOWN = """
SELECT DISTINCT a.source, a.language
  FROM agreement_pair p JOIN article a ON a.id = p.article_id
 WHERE p.campaign_id = %s AND p.counts IS NOT NULL AND p.version = %s
   AND p.first_id = ANY(%s) AND p.second_id = ANY(%s)"""
_COLUMNS = {"source": 0, "language": 1, "week": 2}


@dataclass(frozen=True, slots=True)
class Where:
    """Of which two annotators (in the order of their names), which article, which part of the
    campaign; None and an empty part: of all."""

    pair: Names | None = None
    article: int | None = None
    part: Part = field(default_factory=Part)

    def rows(self, table: Table) -> Flags:
        """Return which rows of a table of that part are meant."""
        some = np.ones(len(table.article), dtype=bool)
        if self.article is not None:
            some &= table.article == self.article
        if self.pair is not None:
            names = np.array([each == self.pair for each in table.names], dtype=bool)
            some &= names[table.pair]
        return some


@dataclass(frozen=True, slots=True)
class Group:
    """A week (by its Monday, of when the later of two layers was submitted; None: unknown), a source
    or a language, and F1 of its articles."""

    key: str | date | None
    f1: GroupF1


@dataclass(frozen=True, slots=True)
class Grouped:
    """`left_out`: how many groups there are beyond MOST."""

    every: GroupF1
    groups: Sequence[Group]
    left_out: int


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to choose from in a run: sources and languages, in order."""

    sources: Sequence[str]
    languages: Sequence[str]


def known(run: AgreementRun) -> Known:
    """Return the sources and languages of what a run compared. One query."""
    layers = run.layers["assignments"]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [run.campaign_id, VERSION, layers, layers])
        facts = cursor.fetchall()
    return Known(*(sorted({str(row[at]) for row in facts}) for at in (0, 1)))


def grouped(
    run: AgreementRun, by: Dimension, labels: Collection[str], variant: str, where: Where
) -> Grouped:
    """Return span F1 by week, source or language; all pairs of annotators are summed. Four queries."""
    found = material_of(run, where.part)
    table = found.table()
    some = where.rows(table)
    counted = _counted(table, labels, variant, some)
    keys = [row[_COLUMNS[by]] for row, meant in zip(_facts(found), some, strict=True) if meant]
    names, numbers = _numbered(keys, counted.placed, newest=by == "week")
    seed, level = run.parameters["seed"], run.parameters["level"]
    figures = of_groups(counted, numbers, min(len(names), MOST), seed=seed, level=level)
    groups = [Group(key, figure) for key, figure in zip(names, figures, strict=False)]
    if by == "week":
        groups.reverse()
    return Grouped(of_all(counted, seed=seed, level=level), groups, max(0, len(names) - MOST))


def between(
    run: AgreementRun, labels: Collection[str], variant: str, where: Where
) -> dict[Names, Pair]:
    """Return the summed counts of every two annotators. Three queries."""
    table = material_of(run, where.part).table()
    some = where.rows(table)
    first, second = (
        _sums(table, [(label, side) for label in labels]) for side in ("first", "second")
    )
    matched = _sums(table, [(label, "matched", variant) for label in labels])
    found = {}
    for at, names in enumerate(table.names):
        rows = some & (table.pair == at)
        if rows.any():
            sums = (round(each[rows].sum()) for each in (matched, first, second))
            found[names] = Pair(*sums)
    return found


def _counted(table: Table, labels: Collection[str], variant: str, some: Flags) -> Counted:
    placed = [(label, side) for label in labels for side in ("first", "second")]
    matched = [(label, "matched", variant) for label in labels]
    return Counted(table.article[some], _sums(table, matched)[some], _sums(table, placed)[some])


def _sums(table: Table, keys: Sequence[tuple[str, ...]]) -> Floats:
    return table.row_sums([table.columns.get(key, -1) for key in keys])


def _numbered(
    keys: Sequence[str | date | None], placed: Floats, *, newest: bool
) -> tuple[list[str | date | None], Ints]:
    """Return the different keys, and the number of each row's: the newest first, or those with most
    spans."""
    spans: dict[str | date | None, float] = {}
    for key, number in zip(keys, placed.tolist(), strict=True):
        spans[key] = spans.get(key, 0.0) + number
    if newest:
        order = sorted(spans, key=lambda key: str(key or ""), reverse=True)
    else:
        order = sorted(spans, key=lambda key: (-spans[key], str(key)))
    place = {key: at for at, key in enumerate(order)}
    return order, np.array([place[key] for key in keys], dtype=np.int64)


def _facts(found: Material) -> list[tuple[str, str, date | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [found.first.tolist(), found.second.tolist()])
        rows: list[tuple[str, str, date | None]] = cursor.fetchall()
        return rows


def week_of(monday: date) -> Part:
    """Return the part of a campaign that was submitted in the week from this day on."""
    since = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    return Part(since=since, until=since + timedelta(days=7))
