"""Intervals by resampling whole articles.

Spans and characters of one article are not independent of each other: resampling them gives
intervals that are too narrow (Efron and Tibshirani 1993, "An Introduction to the Bootstrap",
chapter 8: resample what was sampled). Every figure is a function of sums over articles, so a
resample is a weighted sum of the articles' rows, and so is a sample that leaves some out.

How often a resample has an article is a Poisson number of mean 1 that follows from the seed and
the article alone (`draws`). So the sums over some articles are the same whichever others there
are, whoever computes them, and can be kept. This is the bootstrap with as many draws as it happens
to have, and for figures that are quotients of sums it does not matter how many (Hanley and
MacGibbon 2006, "Creating non-parametric bootstrap samples using Poisson frequencies"; Chamandy,
Muralidharan, Najmi and Naidu 2012, "Estimating uncertainty for massive data streams": the variance
of a resample is that of n draws but for a share of 1/n). With FEW articles that share would be
seen, and numbers are added or taken away, each draw as likely as any other, until every resample
has n: then they are those of n draws with replacement, since so are Poisson numbers of a given sum.
"""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.measures.numbers import Flags, Floats, Ints, SmallInts

METHODS = {
    "percentile": "percentile bootstrap over articles",
    "bca": "BCa bootstrap over articles",
}
FEW = 1_000  # articles, that resamples have exactly as many of as there are
STRETCH = 256  # articles whose weights are there at a time
ALONE, WORTHWHILE = 250_000, 4  # multiplications of a piece, and the rows it should have
GROUPS = 200  # articles are left out one by one, or in so many groups where there are more

FREQUENCIES = (24109, 24109, 12055, 4018, 1005, 201, 33, 5, 1)
"""How many of 65,536 chances give 0, 1, 2 ... draws: 65,536 / (e k!), rounded."""
DRAWN = np.repeat(np.arange(len(FREQUENCIES), dtype=np.uint8), FREQUENCIES)
GOLDEN, FIRST, SECOND = map(np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))

Method = Literal["percentile", "bca"]
Draws = NDArray[np.integer]
Words = NDArray[np.uint64]


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


def draws(articles: Ints, replicates: int, seed: int) -> Draws:
    """Return how often each replicate has each article (article x replicate): Poisson numbers of
    mean 1 and, but for 0.02 %, variance 1. `articles` are numbers that tell them apart, of 64 bits.

    Each takes a chance of 16 bits.
    """
    chances = _words(articles, -(-replicates // 4), seed).view("<u2")
    drawn: Draws = DRAWN[chances[:, :replicates]]
    return drawn


def coins(articles: Ints, replicates: int, seed: int) -> Flags:
    """Return on which side a coin falls, in each replicate for each article (article x replicate)."""
    tossed = _words(articles, -(-replicates // 64), seed).view(np.uint8)
    return np.unpackbits(tossed, axis=1, count=replicates).astype(bool)


def spread(articles: Ints) -> Words:
    """Return a number for each article that no pattern of theirs shows in."""
    return _mixed(articles.astype(np.uint64) + GOLDEN)


@dataclass(frozen=True, slots=True, eq=False)
class Resampling:
    """`replicates` samples of the `articles` (their numbers, each once, ascending) from `seed`;
    and, `left_out` of them, samples without one group of articles, for the BCa interval. `exact`
    are the weights of FEW articles."""

    articles: Ints
    replicates: int
    seed: int
    jackknife: bool
    exact: Draws | None

    @classmethod
    def of(cls, articles: Ints, replicates: int, seed: int, jackknife: bool = False) -> Self:
        """Return the samples of these articles, which may be named several times."""
        known = np.unique(articles)
        exact = _exactly(draws(known, replicates, seed), seed) if len(known) <= FEW else None
        return cls(known, replicates, seed, jackknife, exact)

    @property
    def left_out(self) -> int:
        return min(len(self.articles), GROUPS) if self.jackknife else 0

    @property
    def size(self) -> int:
        """How many sums there are of every column."""
        return 1 + self.replicates + self.left_out

    def sums(self, rows: Rows, articles: Ints) -> Floats:
        """Return the sums of the columns: row 0 is the sample itself, then come the replicates,
        then the samples that leave a group out. `articles` are the numbers of those of the rows.
        The same seed gives the same sums; those of all articles are the sum of those of parts."""
        found = np.zeros((self.size, rows.columns))
        found[0] = rows.total()
        if self.left_out:
            groups = self._groups()[np.searchsorted(self.articles, articles)]
            left = rows.grouped(groups[rows.article], self.left_out)
            found[1 + self.replicates :] = found[0] - left
        for first in range(0, len(articles) if self.replicates else 0, STRETCH):
            some = articles[first : first + STRETCH]
            weights = self.weights(some).astype(np.float64)
            product = _product(weights.T, rows.between(first, first + len(some)))
            found[1 : 1 + self.replicates] += product
        return found

    def weights(self, articles: Ints) -> Draws:
        """Return how often each replicate has each of these articles (article x replicate)."""
        if self.exact is None:
            return draws(articles, self.replicates, self.seed)
        return self.exact[np.searchsorted(self.articles, articles)]

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
        mixed = np.random.default_rng((self.seed, 1)).permutation(len(self.articles))
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


def _words(articles: Ints, number: int, seed: int) -> Words:
    """Return so many random words of each article, in the same order of bytes on every machine: those
    of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"), begun
    at a place mixed from its number and `seed`."""
    begin = _mixed(_mixed(np.array([seed], dtype=np.uint64) + GOLDEN) ^ articles.astype(np.uint64))
    steps = GOLDEN * np.arange(1, number + 1, dtype=np.uint64)
    return _mixed(begin[:, None] + steps).astype("<u8", copy=False)


def _mixed(words: Words) -> Words:
    """Return the output of SplitMix64 for these states."""
    words = (words ^ (words >> np.uint64(30))) * FIRST
    words = (words ^ (words >> np.uint64(27))) * SECOND
    return words ^ (words >> np.uint64(31))


def _exactly(drawn: Draws, seed: int) -> Draws:
    """Return the weights with draws added or taken away until each replicate has as many as there
    are articles."""
    random = np.random.default_rng(seed)
    articles = len(drawn)
    likely = np.full(articles, 1 / max(articles, 1))
    weights = np.ascontiguousarray(drawn.T, dtype=np.int64)
    for replicate in weights:
        short = articles - int(replicate.sum())
        if short > 0:
            replicate += random.multinomial(short, likely)
        elif short < 0:
            replicate -= random.multivariate_hypergeometric(replicate, -short)
    return weights.T.astype(np.int16)


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
