"""Percent agreement, and the coefficients that correct it for chance: Scott, Cohen, Fleiss.

Scott 1955, "Reliability of content analysis"; Cohen 1960, "A coefficient of agreement for nominal
scales", and 1968 for weights; Fleiss 1971, "Measuring nominal scale agreement among many raters",
equations 1-7, with missing values as in Gwet 2014, "Handbook of Inter-Rater Reliability", chapter
2. All are (observed - expected) / (1 - expected), undefined where chance alone agrees fully.

Cohen's kappa rewards observers whose values are distributed differently (Krippendorff 2004, p.
246): show it for comparison, not as the headline. Additive: `coding` counts, `*_of` are the
figures of summed counts, of one sum or of a stack of them.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from annotations.agreement.measures.coding import Coded, Ratings, Unit, Value, confusion, values_of
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import NO_UNITS, NO_VARIATION

CERTAIN = 1e-12  # chance agreement as near to 1 as this is 1: the rest is the noise of a division


def percent(units: Sequence[Unit], values: Sequence[Value] | None = None) -> Coded:
    """Return the share of the pairs of values within units that are the same, units weighing 1."""
    ratings = Ratings.of(units, values)
    return of_ratings(ratings, observed_of(ratings.pairs, ratings.compared))


def fleiss(units: Sequence[Unit], values: Sequence[Value] | None = None) -> Coded:
    """Return Fleiss' kappa of any number of observers; of two it is Scott's pi.

    Missing values: observed agreement is over the units with two values or more, the distribution
    of values over all that have one.
    """
    ratings = Ratings.of(units, values)
    figure = fleiss_of(ratings.pairs, ratings.shares, ratings.compared, ratings.valued)
    return of_ratings(ratings, figure)


def scott(units: Sequence[Unit], values: Sequence[Value] | None = None) -> Coded:
    """Return Scott's pi of two observers, over the units both gave a value.

    With more than two it is Fleiss' kappa, which generalises it.
    """
    if _observers(units) > 2:
        return fleiss(units, values)
    met = confusion(units, values=values).table
    return _of_table(met, scott_of(met.astype(np.float64)), len(units))


def cohen(
    units: Sequence[Unit],
    values: Sequence[Value] | None = None,
    weights: Floats | None = None,
) -> Coded:
    """Return Cohen's kappa of two observers, over the units both gave a value.

    `weights` (value x value, 1 on the diagonal) give part of the credit to unlike values. With
    more than two observers it is the mean over their pairs (Light 1971), leaving out undefined
    ones; `n` then counts the units that any pair compared.
    """
    order = values_of(units) if values is None else values
    tables = [
        confusion(units, one, other, order).table
        for one, other in combinations(range(max(_observers(units), 2)), 2)
    ]
    figures = np.array([cohen_of(table.astype(np.float64), weights) for table in tables])
    if len(tables) == 1:
        return _of_table(tables[0], figures[0], len(units))
    compared = Ratings.of(units, order).compared
    defined = figures[~np.isnan(figures)]
    if not len(defined):
        return Coded(None, compared, NO_VARIATION if compared else NO_UNITS, len(units))
    return Coded(float(defined.mean()), compared, None, len(units))


def observed_of(pairs: Floats, compared: ArrayLike, weights: Floats | None = None) -> Floats:
    """Return observed agreement from `Ratings.pairs`; NaN without a compared unit."""
    credit = np.eye(pairs.shape[-1]) if weights is None else weights
    return ratio((pairs * credit).sum(axis=(-1, -2)), compared)


def fleiss_of(
    pairs: Floats,
    shares: Floats,
    compared: ArrayLike,
    valued: ArrayLike,
    weights: Floats | None = None,
) -> Floats:
    """Return Fleiss' kappa of the sums of `Ratings`, NaN where undefined."""
    credit = np.eye(pairs.shape[-1]) if weights is None else weights
    spread = distribution(shares, valued)
    expected = (spread[..., :, None] * spread[..., None, :] * credit).sum(axis=(-1, -2))
    return beyond_chance(observed_of(pairs, compared, credit), expected)


def scott_of(table: Floats) -> Floats:
    """Return Scott's pi of a confusion table of two observers (..., k, k), NaN where undefined."""
    both = (table + np.swapaxes(table, -1, -2)) / 2
    total = table.sum(axis=(-1, -2))
    return fleiss_of(both, both.sum(axis=-1), total, total)


def cohen_of(table: Floats, weights: Floats | None = None) -> Floats:
    """Return Cohen's kappa of a confusion table (..., k, k), NaN where undefined."""
    credit = np.eye(table.shape[-1]) if weights is None else weights
    total = table.sum(axis=(-1, -2))
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    chance = (rows[..., :, None] * columns[..., None, :] * credit).sum(axis=(-1, -2))
    return beyond_chance(observed_of(table, total, credit), ratio(chance, total**2))


def distribution(shares: Floats, valued: ArrayLike) -> Floats:
    """Return the share of every value among all, NaN without a valued unit."""
    return ratio(shares, np.asarray(valued, dtype=np.float64)[..., None])


def beyond_chance(observed: Floats, expected: Floats) -> Floats:
    """Return the agreement that chance left to be had, and how much of it was; NaN if nothing."""
    left = 1 - expected
    return ratio(observed - expected, np.where(left > CERTAIN, left, 0))


def of_ratings(ratings: Ratings, figure: Floats) -> Coded:
    """Return the figure of these counts with its coverage, or the reason why there is none."""
    return _coded(figure, ratings.compared, ratings.units)


def _of_table(table: ArrayLike, figure: Floats, units: int) -> Coded:
    return _coded(figure, int(np.asarray(table).sum()), units)


def _coded(figure: Floats, compared: int, units: int) -> Coded:
    if np.isnan(figure):
        return Coded(None, compared, NO_VARIATION if compared else NO_UNITS, units)
    return Coded(float(figure), compared, None, units)


def _observers(units: Sequence[Unit]) -> int:
    return max(map(len, units), default=0)
