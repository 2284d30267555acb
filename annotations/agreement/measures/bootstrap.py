"""Intervals by resampling whole articles.

Spans and characters of one article are not independent of each other: resampling them gives
intervals that are too narrow (Efron and Tibshirani 1993, "An Introduction to the Bootstrap",
chapter 8: resample what was sampled). Every figure is a function of sums over articles, so a
resample is a weighted sum of the articles' rows, and so is a sample that leaves some out.

The weights of all replicates are never there at once: for a stretch of articles they are drawn
knowing only how many draws of each replicate fell into the stretch, which makes them those of
drawing with replacement from all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints, SmallInts

METHODS = {
    "percentile": "percentile bootstrap over articles",
    "bca": "BCa bootstrap over articles",
}
STRETCH = 256  # articles whose weights are there at a time
ALONE, WORTHWHILE = 250_000, 4  # multiplications of a piece, and the rows it should have
GROUPS = 200  # articles are left out one by one, or in so many groups where there are more

Method = Literal["percentile", "bca"]


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float
    level: float
    method: str = METHODS["percentile"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Counts of articles, only those that are not zero: entry i adds `value[i]` to column
    `column[i]` of article `article[i]` (0, 1, ...). Entries stand in the order of articles."""

    article: SmallInts
    column: SmallInts
    value: Floats
    columns: int

    @classmethod
    def of(cls, article: SmallInts, column: SmallInts, value: Floats, columns: int) -> "Rows":
        """Return these entries in the order of their articles."""
        if (article[1:] < article[:-1]).any():
            order = np.argsort(article, kind="stable")
            article, column, value = article[order], column[order], value[order]
        return cls(article, column, value, columns)

    @classmethod
    def dense(cls, rows: Floats) -> "Rows":
        """Return the entries of a table with one row per article."""
        article, column = (at.astype(np.int32) for at in np.nonzero(rows))
        return cls(article, column, rows[article, column], rows.shape[1])

    def total(self) -> Floats:
        """Return the sum over all articles, by column."""
        sums = np.bincount(self.column, weights=self.value, minlength=self.columns)
        return sums.astype(np.float64)

    def grouped(self, group: Ints, groups: int) -> Floats:
        """Return the sums of groups of entries, by group and column."""
        cell = group.astype(np.int64) * self.columns + self.column
        sums = np.bincount(cell, weights=self.value, minlength=groups * self.columns)
        return sums.astype(np.float64).reshape(groups, self.columns)

    def between(self, first: int, last: int) -> Floats:
        """Return the table of the articles from `first` up to `last`."""
        edges = np.array([first, last], dtype=np.int32)  # of another type, all would be copied
        some = slice(*np.searchsorted(self.article, edges))
        part = Rows(self.article[some], self.column[some], self.value[some], self.columns)
        return part.grouped(part.article.astype(np.int64) - first, last - first)


@dataclass(frozen=True, slots=True)
class Resampling:
    """`replicates` samples of as many articles, drawn with replacement from `seed`; and, `left_out`
    of them, samples without one group of articles, for the BCa interval."""

    articles: int
    replicates: int
    seed: int
    jackknife: bool = False

    @property
    def left_out(self) -> int:
        return min(self.articles, GROUPS) if self.jackknife else 0

    def sums(self, several: Sequence[Rows]) -> list[Floats]:
        """Return, for each of the tables, the sums of its columns: row 0 is the sample itself, then
        come the replicates, then the samples that leave a group out. The same seed gives the same
        draws; the tables are weighed by the same draws."""
        found = [np.zeros((1 + self.replicates + self.left_out, rows.columns)) for rows in several]
        for sums, rows in zip(found, several, strict=True):
            sums[0] = rows.total()
            if self.left_out:
                left = rows.grouped(self._groups()[rows.article], self.left_out)
                sums[1 + self.replicates :] = sums[0] - left
        for first, last, weights in self.weights() if self.replicates else ():
            for sums, rows in zip(found, several, strict=True):
                sums[1 : 1 + self.replicates] += _product(weights, rows.between(first, last))
        return found

    def weights(self) -> Iterator[tuple[int, int, Floats]]:
        """Yield stretches of articles (first, last) with how often each replicate draws each
        (replicate x article)."""
        if not self.articles:
            return
        random = np.random.default_rng(self.seed)
        cuts = [*range(0, self.articles, STRETCH), self.articles]
        widths = np.diff(cuts)
        fallen = random.multinomial(self.articles, widths / self.articles, size=self.replicates)
        for at, width in enumerate(widths.tolist()):
            replicate = np.repeat(np.arange(self.replicates) * width, fallen[:, at])
            replicate += random.integers(width, size=len(replicate), dtype=np.uint16)
            drawn = np.bincount(replicate, minlength=self.replicates * width)
            table = drawn.reshape(self.replicates, width).astype(np.float64)
            yield cuts[at], cuts[at + 1], table

    def interval(self, values: Floats, level: float) -> Interval | None:
        """Return the interval of a figure with these values for the rows of `sums`: BCa with a
        jackknife, else percentile. None when the figure is undefined (NaN) in half of the
        replicates or more."""
        replicates = values[1 : 1 + self.replicates]
        if not self.jackknife:
            return percentile_interval(replicates, level)
        return bca_interval(values[0], replicates, values[1 + self.replicates :], level)

    def _groups(self) -> Ints:
        """Return the group of every article; groups are drawn, since neighbours are alike."""
        mixed = np.random.default_rng((self.seed, 1)).permutation(self.articles)
        return np.asarray(mixed % max(self.left_out, 1))


def percentile_interval(values: Floats, level: float) -> Interval | None:
    """Return the interval that holds the middle `level` of the replicates' values.

    None when the figure is undefined (NaN) in half of the replicates or more.
    """
    defined = _defined(values)
    if defined is None:
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level)


def bca_interval(value: float, values: Floats, left_out: Floats, level: float) -> Interval | None:
    """Return the bias-corrected and accelerated interval (Efron 1987, "Better bootstrap confidence
    intervals"; Efron and Tibshirani 1993, equations 14.9-14.15).

    `values` are the replicates', `left_out` those without one article (or group) each. None as
    `percentile_interval`, and when the figure itself is undefined.
    """
    from scipy.special import ndtr, ndtri

    defined = _defined(values)
    if defined is None or np.isnan(value):
        return None
    below = ((defined < value).sum() + (defined == value).sum() / 2) / len(defined)
    least = 0.5 / len(defined)
    bias = ndtri(np.clip(below, least, 1 - least))
    apart = left_out[~np.isnan(left_out)]
    apart = apart.mean() - apart if len(apart) else apart
    spread = (apart**2).sum() ** 1.5
    acceleration = (apart**3).sum() / (6 * spread) if spread > 0 else 0.0
    z = bias + ndtri([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(defined, ndtr(bias + z / (1 - acceleration * z)))
    return Interval(float(low), float(high), level, METHODS["bca"])


def _product(weights: Floats, table: Floats) -> Floats:
    """Return weights @ table. Small products are cut in pieces that BLAS computes in one thread:
    on a machine with other work its threads wait for each other longer than they compute."""
    step = ALONE // max(table.size, 1)
    if step < WORTHWHILE:
        return np.asarray(weights @ table)
    parts = [weights[at : at + step] @ table for at in range(0, len(weights), step)]
    return np.concatenate(parts)


def _defined(values: Floats) -> Floats | None:
    defined = values[~np.isnan(values)]
    return None if 2 * len(defined) <= len(values) else defined
