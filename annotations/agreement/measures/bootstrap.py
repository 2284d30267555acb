"""Intervals by resampling whole articles.

Spans and characters of one article are not independent of each other: resampling them gives
intervals that are too narrow (Efron and Tibshirani 1993, chapter 8: resample what was sampled).
Every figure is a function of sums over articles, so a resample is a weighted sum of the tallies.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.measures.numbers import Floats, Ints

METHOD = "percentile bootstrap over articles"
CHUNK = 1000  # rows weighed at a time, which bounds the memory

Draws = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float
    level: float
    method: str = METHOD


def draws(articles: int, *, replicates: int, seed: int) -> Draws:
    """Return how often each article is drawn: row 0 is the sample itself (all ones), each of the
    `replicates` rows after it draws `articles` times with replacement. The same seed gives the
    same draws."""
    random = np.random.default_rng(seed)
    drawn = np.ones((replicates + 1, articles), dtype=np.uint16)
    for row in range(1, replicates + 1 if articles else 1):
        drawn[row] = np.bincount(random.integers(articles, size=articles), minlength=articles)
    return drawn


def weighted_sums(drawn: Draws, article: Ints, rows: Floats) -> Floats:
    """Return, per draw, the sum of `rows` (row x column), each weighing as often as its article
    (`article` has one number per row) was drawn."""
    sums = np.zeros((len(drawn), rows.shape[1]))
    for chunk in _chunks(len(rows)):
        sums += drawn[:, article[chunk]].astype(np.float64) @ rows[chunk]
    return sums


def percentile_interval(values: Floats, level: float) -> Interval | None:
    """Return the interval that holds the middle `level` of the replicates' values.

    None when the figure is undefined (NaN) in half of the replicates or more.
    """
    defined = values[~np.isnan(values)]
    if 2 * len(defined) <= len(values):
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level)


def _chunks(rows: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, rows, CHUNK))
