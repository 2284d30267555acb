"""F1 of groups of articles (weeks, sources, languages), and which of them are unlike all together.

All pairs of annotators of a group are summed. The limits are those of a control chart (Shewhart 1931,
"Economic Control of Quality of Manufactured Product", part VI: three standard errors on either side),
around the figure of all groups. The standard error is that of a ratio (Cochran 1977, "Sampling
Techniques", section 6.4), of as many spans as the group has, with the variance from article to article that
all have: spans of one article are not independent, and two articles that happen to be alike say nothing
of how much articles vary. Whether what sets groups apart is more than chance, a test tells (`permutation`).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from annotations.agreement.measures.bootstrap import Interval, Resampling, Rows
from annotations.agreement.measures.fscore import f1
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.permutation import Difference, Parted, between
from annotations.agreement.measures.scores import NO_SPANS, Score

DRAWS = 200  # quick for ten thousand articles; the ends of an interval are then sure to about .01
REPLICATES = 1_000  # of a test: the least p is then .001
ERRORS = 3
FEWEST = 5  # articles: fewer do not tell how much articles vary


@dataclass(frozen=True, slots=True)
class GroupF1(Score):
    """F1 over `n` spans of both layers in so many `articles`; one article alone, which cannot vary by
    article, has no interval. The variance of F1 over so many spans is `spread` by their number; None with
    fewer articles than `FEWEST`."""

    articles: int = 0
    interval: Interval | None = None
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of pairs of layers: the article of each, the pairs of spans that match, the spans of both."""

    article: Ints
    matched: Floats
    placed: Floats

    def of(self, some: Flags) -> "Counted":
        """Return some of the rows."""
        return Counted(self.article[some], self.matched[some], self.placed[some])


@dataclass(frozen=True, slots=True)
class Two:
    """Two groups, and the first less the second; `shared` articles are in both."""

    first: GroupF1
    second: GroupF1
    difference: Difference
    interval: Interval | None
    shared: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which values a group is as one expects it to be."""

    low: float
    high: float


def of_groups(
    counted: Counted, group: Ints, groups: int, *, seed: int, level: float
) -> list[GroupF1]:
    """Return the figure of each group; `group` has the number of every row's."""
    return [_figure(counted, group == at, seed, level) for at in range(groups)]


def of_all(counted: Counted, *, seed: int, level: float) -> GroupF1:
    """Return the figure of all rows together."""
    return _figure(counted, np.ones(len(counted.article), dtype=bool), seed, level)


def limits(every: GroupF1, group: GroupF1) -> Limits | None:
    """Return the limits of a group; None where it, or all, have no figure, or all too few articles."""
    if every.value is None or every.spread is None or group.value is None:
        return None
    reach = ERRORS * sqrt(every.spread / group.n)
    return Limits(max(0.0, every.value - reach), min(1.0, every.value + reach))


def lies_outside(every: GroupF1, group: GroupF1) -> bool:
    """Return whether a group is beyond its limits."""
    between = limits(every, group)
    if between is None or group.value is None:
        return False
    return not between.low <= group.value <= between.high


def against_the_rest(
    counted: Counted, group: Ints, groups: int, *, seed: int, replicates: int = REPLICATES
) -> list[Difference]:
    """Return each of the first `groups` against all other rows; those of further groups are in none."""
    return between(
        _parted(counted, np.minimum(group, groups)),
        _f1_of_sums,
        parts=groups + 1,
        tested=groups,
        replicates=replicates,
        seed=seed,
    )


def of_two(counted: Counted, first: Flags, *, seed: int, level: float) -> Two:
    """Return the rows of `first`, and all others, as two groups."""
    place = np.where(first, 0, 1)
    one, other = of_groups(counted, place, 2, seed=seed, level=level)
    parted = _parted(counted, place)
    known, article = np.unique(parted.article, return_inverse=True)
    # an article that is in both is drawn as often in both
    column = 2 * parted.part[:, None] + np.arange(2)
    rows = Rows.of(
        np.repeat(article, 2).astype(np.int32),
        column.ravel().astype(np.int32),
        parted.rows.ravel(),
        4,
    )
    resampling = Resampling.of(known, DRAWS, seed)
    draws = resampling.sums(rows, known)
    interval = resampling.interval(
        f1(draws[:, 0], draws[:, 1]) - f1(draws[:, 2], draws[:, 3]), level
    )
    (difference,) = against_the_rest(counted, place, 1, seed=seed)
    shared = len(parted.article) - len(known)
    return Two(one, other, difference, interval if difference.p else None, shared)


def _parted(counted: Counted, group: Ints) -> Parted:
    """Return what articles add to groups, those in which nobody placed a span left out."""
    some = counted.placed > 0
    rows = np.stack([counted.matched[some], counted.placed[some]], axis=1)
    return Parted.of(counted.article[some], group[some], rows)


def _f1_of_sums(sums: Floats) -> Floats:
    return f1(sums[..., 0], sums[..., 1])


def _figure(counted: Counted, some: Flags, seed: int, level: float) -> GroupF1:
    placed = counted.placed[some]
    known, article = np.unique(counted.article[some][placed > 0], return_inverse=True)
    if not len(known):
        return GroupF1(None, 0, NO_SPANS)
    columns = [counted.matched[some][placed > 0], placed[placed > 0]]
    table: Floats = np.stack(
        [np.bincount(article, each, len(known)).astype(np.float64) for each in columns], axis=1
    )
    n = round(table[:, 1].sum())
    value = float(f1(*table.sum(axis=0)))
    if len(known) == 1:
        return GroupF1(value, n, None, 1)
    resampling = Resampling.of(known, DRAWS, seed)
    sums = resampling.sums(Rows.dense(table), known)
    interval = resampling.interval(f1(sums[:, 0], sums[:, 1]), level)
    return GroupF1(value, n, None, len(known), interval, _spread(table, value))


def _spread(table: Floats, value: float) -> float | None:
    articles = len(table)
    if articles < FEWEST:
        return None
    off = 2 * table[:, 0] - value * table[:, 1]  # spans that match, less those expected
    return float((off @ off) / table[:, 1].sum() * articles / (articles - 1))
