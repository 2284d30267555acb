"""The tallies of a campaign as one matrix, and its sums over any pairs of layers and any draw."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from annotations.agreement.measures.bootstrap import Draws, draws, weighted_sums
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.tally import Counts, Key

Names = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """The tally of one pair of layers. `share` is 1 / (layers of the article - 1): summed with it
    over the pairs of an article, what belongs to one layer counts once."""

    article: int
    pair: Names
    share: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums per draw, by key; draw 0 is the sample itself."""

    columns: dict[Key, int]
    values: Floats
    article: Ints
    present: Flags

    def of(self, *keys: Key) -> Floats:
        """Return the sum of these counts in every draw; a key nobody counted adds nothing."""
        return np.asarray(self.values[:, self._at(keys)].sum(axis=1))

    def articles(self, *keys: Key) -> int:
        """Return how many articles of the sample have any of these counts."""
        return len(np.unique(self.article[self.present[:, self._at(keys)].any(axis=1)]))

    def _at(self, keys: Iterable[Key]) -> list[int]:
        return [self.columns[key] for key in keys if key in self.columns]


@dataclass(frozen=True, slots=True)
class Study:
    """All rows as a matrix (row x column), and the draws of articles shared by all figures."""

    columns: dict[Key, int]
    matrix: Floats
    article: Ints
    pair: Sequence[Names]
    share: Floats
    drawn: Draws

    @classmethod
    def of(cls, rows: Iterable[Row], *, replicates: int, seed: int) -> Self:
        """Return the study of `rows`, each taken once and not kept. Articles are drawn in the
        order of their numbers, so the order of the rows does not change a draw."""
        entries = _Entries()
        for row in rows:
            entries.add(row)
        known, article = np.unique(np.array(entries.article, np.int64), return_inverse=True)
        return cls(
            entries.columns,
            entries.matrix(),
            article.astype(np.int64),
            entries.pair,
            np.array(entries.share, dtype=np.float64),
            draws(len(known), replicates=replicates, seed=seed),
        )

    def pairs(self) -> list[Names]:
        return sorted(set(self.pair))

    def pooled(self) -> Sums:
        """Return the sums over all rows."""
        return self._sums(self.matrix, self.article)

    def shared(self) -> Sums:
        """Return the sums over all rows, each by its share: every layer once per article."""
        return self._sums(self.matrix * self.share[:, None], self.article)

    def between(self, pair: Names) -> Sums:
        """Return the sums over the rows of one pair of annotators."""
        rows = [at for at, each in enumerate(self.pair) if each == pair]
        return self._sums(self.matrix[rows], self.article[rows])

    def _sums(self, matrix: Floats, article: Ints) -> Sums:
        sums = weighted_sums(self.drawn, article, matrix)
        return Sums(self.columns, sums, article, matrix > 0)


@dataclass(slots=True)
class _Entries:
    """The cells of the matrix while rows come in: only those that hold a count."""

    columns: dict[Key, int] = field(default_factory=dict)
    article: list[int] = field(default_factory=list)
    pair: list[Names] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    cells: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, row: Row) -> None:
        at = len(self.article)
        self.article.append(row.article)
        self.pair.append(row.pair)
        self.share.append(row.share)
        for key, count in row.counts.items():
            column = self.columns.setdefault(key, len(self.columns))
            self.cells.extend((at, column, count))

    def matrix(self) -> Floats:
        matrix = np.zeros((len(self.article), len(self.columns)))
        rows, columns, counts = np.array(self.cells, dtype=np.int64).reshape(-1, 3).T
        matrix[rows, columns] = counts
        return matrix
