"""Krippendorff's alpha: agreement beyond chance on values given to the same units.

Krippendorff, "Content Analysis", 4th ed. 2019, chapter 12; the form through coincidences is that
of Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011.
"""

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np

from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import NO_UNITS, NO_VARIATION, Score

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Unit = Sequence[Hashable | None]


def alpha(units: Sequence[Unit], level: Level = "nominal", order: Unit | None = None) -> Score:
    """Return alpha over `units`, each the values of its observers with None for a missing one.

    `order` names the values from low to high for the ordinal level (default: sorted). Units with
    fewer than two values cannot be compared and do not count. The interval and ratio levels take
    numbers. Undefined without a comparable unit, or when all values are the same.
    """
    values = list(order) if order is not None else _values(units)
    comparable = sum(1 for unit in units if _given(unit) > 1)
    if not comparable:
        return Score(None, 0, NO_UNITS)
    figure = alpha_of(coincidences(units, values), level, _numbers(values, level))
    return Score.of(float(figure), comparable, NO_VARIATION)


def coincidences(units: Sequence[Unit], values: Unit) -> Floats:
    """Return the table of coincidences: o[c, k] counts the pairs of values c and k within units,
    each unit's pairs weighing 1 / (its number of values - 1)."""
    index = {value: position for position, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for row, unit in enumerate(units):
        for value in unit:
            if value is not None:
                counts[row, index[value]] += 1
    given = counts.sum(axis=1)
    counts = counts[given > 1]
    weighted = counts / (given[given > 1] - 1)[:, None]
    table: Floats = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    return table


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


def _values(units: Sequence[Unit]) -> list[Hashable]:
    seen = {value for unit in units for value in unit if value is not None}
    return sorted(seen, key=lambda value: (str(type(value)), value))


def _given(unit: Unit) -> int:
    return sum(1 for value in unit if value is not None)


def _numbers(values: Unit, level: Level) -> Floats | None:
    if level in ("nominal", "ordinal"):
        return None
    return np.array(values, dtype=np.float64)
