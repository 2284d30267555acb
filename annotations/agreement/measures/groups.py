"""F1 of groups of articles (weeks, sources, languages), and which of them are unlike all together.

All pairs of annotators of a group are summed. The limits are those of a control chart (Shewhart 1931,
"Economic Control of Quality of Manufactured Product", part VI: three standard errors on either side),
around the figure of all groups; the standard error of a group is that of its resampled articles, since
spans of one article are not independent.
"""

from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.bootstrap import Interval, Resampling, Rows
from annotations.agreement.measures.fscore import f1
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.scores import NO_SPANS, Score

DRAWS = 200  # quick for ten thousand articles; the ends of an interval are then sure to about .01
ERRORS = 3


@dataclass(frozen=True, slots=True)
class GroupF1(Score):
    """F1 over `n` spans of both layers in so many `articles`; `error` is its standard error, None with
    one article alone, which cannot vary by article."""

    articles: int = 0
    interval: Interval | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of pairs of layers: the article of each, the pairs of spans that match, the spans of both."""

    article: Ints
    matched: Floats
    placed: Floats


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
    """Return the limits of a group; None where it, or all, have no figure or no standard error."""
    if every.value is None or group.value is None or group.error is None:
        return None
    reach = ERRORS * group.error
    return Limits(max(0.0, every.value - reach), min(1.0, every.value + reach))


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
    if len(known) == 1:
        return GroupF1(float(f1(*table[0])), n, None, 1)
    resampling = Resampling.of(known, DRAWS, seed)
    sums = resampling.sums(Rows.dense(table), known)
    draws = f1(sums[:, 0], sums[:, 1])
    error = float(np.nanstd(draws[1:]))
    interval = resampling.interval(draws, level)
    return GroupF1(float(draws[0]), n, None, len(known), interval, error)
