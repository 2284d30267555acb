"""The tallies of a campaign as sparse rows, and their sums by pairs of annotators, in every draw."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Self

import numpy as np

from annotations.agreement.measures.bootstrap import Resampling, Rows
from annotations.agreement.measures.numbers import Flags, Floats, Ints, SmallInts
from annotations.agreement.measures.questions import Names
from annotations.agreement.measures.summing import Sampling, Summed, Sums
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


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What rows of one pair and of one share add up to."""

    names: Names
    share: float
    summed: Summed


@dataclass(frozen=True, slots=True, eq=False)
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
        table, share = entries.table(), np.array(entries.share, dtype=np.float64)
        resampling = Resampling.of(table.article, replicates, seed, jackknife)
        return cls.of_parts(_parts(table, share, resampling), resampling)

    @classmethod
    def of_parts(cls, parts: Iterable[Part], resampling: Resampling) -> Self:
        """Return the study of parts, each taken once."""
        size = resampling.size
        found: defaultdict[tuple[Names, float], Sums] = defaultdict(lambda: Sums.none(size))
        for part in parts:
            found[part.names, part.share].add(part.summed)
        apart: defaultdict[Names, dict[Sums, float]] = defaultdict(dict)
        for (names, _), sums in sorted(found.items(), key=itemgetter(0)):
            apart[names][sums] = 1.0
        between = {names: Sums.together(several, size) for names, several in apart.items()}
        people = [names for names in between if names[0] != names[1]]
        pooled = Sums.together({between[names]: 1.0 for names in people}, size)
        shares = {sums: share for (names, share), sums in found.items() if names in people}
        # with two layers per article a layer counts once anyway
        alike = all(share == 1 for share in shares.values())
        return cls(resampling, between, pooled, pooled if alike else Sums.together(shares, size))

    @property
    def is_of_one_pair(self) -> bool:
        """Whether the sums of all pairs are those of the only one."""
        return [self.pooled, self.shared] == [*self.between.values()] * 2

    def pairs(self) -> Sequence[Names]:
        return list(self.between)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of many pairs of layers, only the cells that hold a count.

    `article`, `pair` (a place in `names`) and `sizes` have one entry per row; `cells` and
    `counts` as many per row as its size says: the column and the count. `columns` says what each
    column counts.
    """

    columns: dict[Key, int]
    names: Sequence[Names]
    article: Ints
    pair: Ints
    sizes: Ints
    cells: SmallInts
    counts: Floats

    def summed(self, some: Flags, articles: Ints, resampling: Sampling) -> Summed:
        """Return what some of the rows add up to; `articles` are the numbers that tell the articles
        of all rows apart in a draw."""
        column, value = self.cells, self.counts
        if not some.all():
            kept = np.repeat(some, self.sizes)
            column, value = column[kept], value[kept]
        known, number = np.unique(articles[some], return_inverse=True)
        where = np.repeat(number.astype(np.int32), self.sizes[some])
        rows = Rows.of(where, column, value, len(self.columns))
        return Summed.of(rows, known, [*self.columns], resampling)


def parts_of(rows: Iterable[Row], sampling: Sampling) -> Iterator[Part]:
    """Yield what `rows` add up to in the draws of `sampling`, by pairs of annotators and shares."""
    entries = _Entries()
    for row in rows:
        entries.add(row)
    yield from _parts(entries.table(), np.array(entries.share, dtype=np.float64), sampling)


def _parts(table: Table, shares: Floats, resampling: Sampling) -> Iterator[Part]:
    for pair, share in sorted({*zip(table.pair.tolist(), shares.tolist(), strict=True)}):
        some = (table.pair == pair) & (shares == share)
        yield Part(table.names[pair], share, table.summed(some, table.article, resampling))


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
            np.array(self.sizes, dtype=np.int64),
            # there may be millions of them, and no row comes after this: the same memory
            np.frombuffer(self.cells, dtype=np.int32),
            np.frombuffer(self.counts, dtype=np.float64),
        )
