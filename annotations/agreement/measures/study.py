"""The tallies of a campaign as sparse rows, and their sums over any pairs of layers and draws."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from annotations.agreement.measures.bootstrap import Resampling, Rows
from annotations.agreement.measures.numbers import Flags, Floats, Ints, SmallInts
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.tally import Counts, Key


@dataclass(frozen=True, slots=True)
class Row:
    """The tally of one pair of layers. `share` is 1 / (layers of the article - 1): summed with it
    over the pairs of an article, what belongs to one layer counts once. A pair of one name are two
    passes of one person."""

    article: int
    pair: Names
    share: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums per draw, by key; draw 0 is the sample itself (`Resampling.sums` says what follows)."""

    columns: dict[Key, int]
    values: Floats
    rows: Rows
    seen: list[Flags] = field(default_factory=list)  # of `_seen`, once it was asked for

    def of(self, *keys: Key) -> Floats:
        """Return the sum of these counts in every draw; a key nobody counted adds nothing."""
        return np.asarray(self.values[:, self._at(keys)].sum(axis=1))

    def articles(self, *keys: Key) -> int:
        """Return how many articles of the sample have any of these counts."""
        if not self.seen:
            self.seen.append(self._seen())
        return int(self.seen[0][self._at(keys)].any(axis=0).sum())

    def _seen(self) -> Flags:
        """Which column (row) is counted in which of the articles (column), in their order."""
        article = self.rows.article
        number = np.cumsum(np.diff(article, prepend=article[:1]) != 0)
        seen = np.zeros((len(self.columns), number.max(initial=-1) + 1), dtype=bool)
        seen[self.rows.column, number] = True
        return seen

    def _at(self, keys: Iterable[Key]) -> list[int]:
        return [self.columns[key] for key in keys if key in self.columns]


@dataclass(frozen=True, slots=True)
class Study:
    """Sums over the rows of every pair of annotators, and over all pairs of two people.

    `pooled` sums their rows, `shared` each row by its share: every layer once per article.
    """

    resampling: Resampling
    between: dict[Names, Sums]
    pooled: Sums
    shared: Sums

    @classmethod
    def of(
        cls, rows: Iterable[Row], *, replicates: int, seed: int, jackknife: bool = False
    ) -> Self:
        """Return the study of `rows`, each taken once and not kept."""
        entries = _Entries()
        for row in rows:
            entries.add(row)
        return cls.of_table(entries.table(), replicates, seed, jackknife)

    @classmethod
    def of_table(cls, table: "Table", replicates: int, seed: int, jackknife: bool = False) -> Self:
        """Return the study of a table. Articles are drawn in the order of their numbers, so the
        order of the rows does not change a draw."""
        known, article = np.unique(table.article, return_inverse=True)
        resampling = Resampling(len(known), replicates, seed, jackknife)
        order = sorted(range(len(table.names)), key=table.names.__getitem__)
        people = np.array([one != other for one, other in table.names], dtype=bool)[table.pair]
        each = [table.rows(article, table.pair == at) for at in order]
        together = each[0] if len(each) == 1 and people.all() else table.rows(article, people)
        # with two layers per article a layer counts once anyway
        alike = bool((table.share == 1).all())
        weighed = [] if alike else [table.rows(article, people, table.share)]
        found = resampling.sums([*each, *weighed])
        columns = table.columns
        between = {
            table.names[at]: Sums(columns, sums, rows)
            for at, sums, rows in zip(order, found, each, strict=False)
        }
        pooled = np.zeros((1 + replicates + resampling.left_out, len(columns)))
        for names, sums in between.items():
            if names[0] != names[1]:
                pooled += sums.values
        both = (
            Sums(columns, values, together) for values in (pooled, pooled if alike else found[-1])
        )
        return cls(resampling, between, *both)

    def pairs(self) -> Sequence[Names]:
        return list(self.between)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of many pairs of layers, only the cells that hold a count.

    `article`, `pair` (a place in `names`), `share` and `sizes` have one entry per row; `cells` and
    `counts` as many per row as its size says: the column and the count. `columns` says what each
    column counts.
    """

    columns: dict[Key, int]
    names: Sequence[Names]
    article: Ints
    pair: Ints
    share: Floats
    sizes: Ints
    cells: SmallInts
    counts: Floats

    def rows(self, article: Ints, some: Flags, share: Floats | None = None) -> Rows:
        """Return the cells of some of the rows, whose articles are these, by their share."""
        column, value = self.cells, self.counts
        if not some.all():
            kept = np.repeat(some, self.sizes)
            column, value = column[kept], value[kept]
        if share is not None:
            value = value * np.repeat(share[some], self.sizes[some])
        where = np.repeat(article[some].astype(np.int32), self.sizes[some])
        return Rows.of(where, column, value, len(self.columns))

    def row_sums(self, columns: Iterable[int]) -> Floats:
        """Return, by row, the sum of these columns; what is no column adds nothing."""
        kept = np.isin(self.cells, [*columns])
        row = np.repeat(np.arange(len(self.article)), self.sizes)[kept]
        sums = np.bincount(row, weights=self.counts[kept], minlength=len(self.article))
        return sums.astype(np.float64)


class _Numbers(dict[Key, int]):
    """Numbers the keys in the order in which they are first asked for."""

    def __missing__(self, key: Key) -> int:
        self[key] = len(self)
        return self[key]


@dataclass(slots=True)
class _Entries:
    """The cells of the rows while they come in."""

    columns: dict[Key, int] = field(default_factory=_Numbers)
    names: dict[Names, int] = field(default_factory=dict)
    article: list[int] = field(default_factory=list)
    pair: list[int] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    sizes: "array[int]" = field(default_factory=lambda: array("i"))
    cells: "array[int]" = field(default_factory=lambda: array("i"))
    counts: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, row: Row) -> None:
        self.article.append(row.article)
        self.pair.append(self.names.setdefault(row.pair, len(self.names)))
        self.share.append(row.share)
        self.sizes.append(len(row.counts))
        self.cells.extend(map(self.columns.__getitem__, row.counts))
        self.counts.extend(row.counts.values())

    def table(self) -> Table:
        return Table(
            self.columns,
            list(self.names),
            np.array(self.article, dtype=np.int64),
            np.array(self.pair, dtype=np.int64),
            np.array(self.share, dtype=np.float64),
            np.array(self.sizes, dtype=np.int64),
            np.array(self.cells, dtype=np.int32),
            np.array(self.counts, dtype=np.float64),
        )
