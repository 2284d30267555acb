"""Krippendorff's alpha: agreement beyond chance on values given to the same units.

Krippendorff, "Content Analysis", 4th ed. 2019, chapter 12; the form through coincidences is that
of Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011. Additive: `coding.Ratings`
counts, `alpha_of` is the figure of summed coincidences.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from annotations.agreement.measures.coding import Coded, Ratings, Unit, Value
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import NO_UNITS, NO_VARIATION

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def alpha(
    units: Sequence[Unit], level: Level = "nominal", order: Sequence[Value] | None = None
) -> Coded:
    """Return alpha over `units`, each the values of its observers with None for a missing one.

    `order` names the values from low to high for the ordinal level (default: sorted). Units with
    fewer than two values cannot be compared and do not count. The interval and ratio levels take
    numbers, and raise ValueError for anything else; the ratio level for numbers on both sides of
    zero, too. Undefined without a comparable unit, or when all values are the same.
    """
    ratings = Ratings.of(units, order)
    if not ratings.compared:
        return Coded(None, 0, NO_UNITS, len(units))
    figure = float(alpha_of(ratings.coincidences, level, _numbers(ratings.values, level)))
    if np.isnan(figure):
        return Coded(None, ratings.compared, NO_VARIATION, len(units))
    return Coded(figure, ratings.compared, None, len(units))


def alpha_of(table: Floats, level: Level = "nominal", numbers: Floats | None = None) -> Floats:
    """Return alpha of one table of coincidences (k, k), or of a stack of them (..., k, k).

    alpha = 1 - (n - 1) sum(o_ck d_ck) / sum(n_c n_k d_ck), NaN where the divisor is zero.
    `numbers` are the values themselves, for the interval and ratio levels.
    """
    marginals = table.sum(axis=-1)
    distance = _distances(marginals, level, numbers)
    observed = (table * distance).sum(axis=(-1, -2))
    expected = (marginals[..., :, None] * marginals[..., None, :] * distance).sum(axis=(-1, -2))
    return 1 - ratio((marginals.sum(axis=-1) - 1) * observed, expected)


def _distances(marginals: Floats, level: Level, numbers: Floats | None) -> Floats:
    """Return the squared difference of every two values at this level of measurement."""
    if level not in get_args(Level):
        raise ValueError(f"no such level of measurement: {level}")
    if level == "nominal":
        return np.asarray(1 - np.eye(marginals.shape[-1]))
    if level == "ordinal":
        # the ranks a value's occurrences hold on average: their gap is the sum between two values
        numbers = marginals.cumsum(axis=-1) - marginals / 2
    if numbers is None:
        raise ValueError(f"the {level} level needs the numbers behind the values")
    low, high = numbers[..., :, None], numbers[..., None, :]
    if level == "ratio":
        return np.nan_to_num(ratio((low - high) ** 2, (low + high) ** 2))
    return np.asarray((low - high) ** 2)


def _numbers(values: Sequence[Value], level: Level) -> Floats | None:
    if level in ("nominal", "ordinal"):
        return None
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"the {level} level needs numbers, and not {list(values)}") from None
    if level == "ratio" and numbers.min(initial=0) < 0 < numbers.max(initial=0):
        # of 1 and -1 the sum is nothing: they would differ by more than any number says
        raise ValueError("the ratio level needs numbers on one side of zero")
    return numbers
