"""Every coefficient of two annotators from one summed confusion table, or from a stack of them.

Additive: a table is a sum over matched spans of any number of articles (`tally` counts its cells),
so one call gives the figures of a sample and of all its resamples.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from annotations.agreement.measures.alpha import Level, alpha_of
from annotations.agreement.measures.gwet import Weighting, ac_of, weighting
from annotations.agreement.measures.kappa import cohen_of, observed_of, scott_of
from annotations.agreement.measures.numbers import Floats

Name = tuple[str, str]


def coefficients_of(
    table: Floats, levels: Sequence[Level] = ("nominal",), weights: Weighting | None = None
) -> Mapping[Name, Floats]:
    """Return percent, Scott, Cohen, AC1 and alpha by measure and variant; NaN where undefined.

    `table` is (..., k, k), the first annotator's values by the second's, in the order of the
    values. Alpha is computed at each of the (nominal and ordinal) levels; with `weights` there
    is AC2 too.
    """
    both = (table + np.swapaxes(table, -1, -2)) / 2
    total, shares = both.sum(axis=(-1, -2)), both.sum(axis=-1)
    order = range(table.shape[-1])

    def ac(kind: Weighting) -> Floats:
        return ac_of(both, shares, total, total, weighting(order, kind))

    found = {
        ("percent", "nominal"): observed_of(table, total),
        ("scott_pi", "nominal"): scott_of(table),
        ("cohen_kappa", "nominal"): cohen_of(table),
        ("ac1", "nominal"): ac("identity"),
    }
    found |= {("alpha", level): alpha_of(2 * both, level) for level in levels}
    return found | ({("ac2", weights): ac(weights)} if weights else {})
