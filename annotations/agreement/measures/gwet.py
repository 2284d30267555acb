"""Gwet's AC1 and AC2: agreement beyond chance that skewed values do not undo.

Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement",
equations 8-11 (AC1); Gwet 2014, "Handbook of Inter-Rater Reliability", chapter 3 (weights) and
section 4.4 (AC2, missing values). With p_k the share of value k of q:

    expected = T / (q (q - 1)) * sum(p_k (1 - p_k)),  T the sum of the weights (q for AC1).

q counts the values there are to choose from, chosen or not: name them where they are known.
Additive: `coding.Ratings` counts, `ac_of` is the figure of summed counts.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from annotations.agreement.measures.coding import Coded, Ratings, Unit, Value
from annotations.agreement.measures.kappa import (
    beyond_chance,
    distribution,
    observed_of,
    of_ratings,
)
from annotations.agreement.measures.numbers import Floats, ratio

Weighting = Literal["identity", "linear", "quadratic", "radical", "ordinal", "ratio"]


def ac1(units: Sequence[Unit], values: Sequence[Value] | None = None) -> Coded:
    """Return AC1 of any number of observers; undefined with fewer than two values to choose."""
    return ac2(units, "identity", values)


def ac2(
    units: Sequence[Unit],
    weights: Weighting | Floats = "quadratic",
    values: Sequence[Value] | None = None,
) -> Coded:
    """Return AC2: AC1 where unlike values agree in part, as `weights` say (see `weighting`)."""
    ratings = Ratings.of(units, values)
    table = weighting(ratings.values, weights) if isinstance(weights, str) else weights
    figure = ac_of(ratings.pairs, ratings.shares, ratings.compared, ratings.valued, table)
    return of_ratings(ratings, figure)


def ac_of(
    pairs: Floats, shares: Floats, compared: ArrayLike, valued: ArrayLike, weights: Floats
) -> Floats:
    """Return AC1 or AC2 of the sums of `Ratings`, NaN where undefined."""
    size = pairs.shape[-1]
    spread = distribution(shares, valued)
    doubt = (spread * (1 - spread)).sum(axis=-1)
    expected = ratio(weights.sum() * doubt, size * (size - 1))
    return beyond_chance(observed_of(pairs, compared, weights), expected)


def weighting(values: Sequence[Value], kind: Weighting) -> Floats:
    """Return how far every two values agree, from 0 to 1 on the diagonal.

    Numbers stand for themselves, other values for their place in the order. Raises ValueError for
    an unknown kind, and for ratio weights of negative numbers.
    """
    if kind not in get_args(Weighting):
        raise ValueError(f"no such weights: {kind}")
    size = len(values)
    scale = _scale(values)
    if kind == "identity" or size < 2:
        return np.eye(size)
    if kind == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
        return _credit((steps + 1) * steps / 2)
    apart = np.abs(np.subtract.outer(scale, scale))
    if kind == "ratio":
        if scale.min() < 0:
            raise ValueError("ratio weights need numbers from zero up")
        return _credit(np.nan_to_num(ratio(apart, np.add.outer(scale, scale))) ** 2)
    return _credit(apart ** {"linear": 1.0, "quadratic": 2.0, "radical": 0.5}[kind])


def _credit(distance: Floats) -> Floats:
    return np.asarray(1 - distance / distance.max())


def _scale(values: Sequence[Value]) -> Floats:
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) == len(values):
        return np.array(numbers, dtype=np.float64)
    return np.arange(1, len(values) + 1, dtype=np.float64)
