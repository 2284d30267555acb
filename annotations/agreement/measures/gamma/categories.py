"""How unlike the categories of aligned units are: the disorder behind gamma-cat and gamma-k.

2017, sections 4.2 and 4.3: of every two units that one unitary alignment of v units joins, the
categorical dissimilarity weighs max(0, 1 - positional dissimilarity) / (v - 1). A unit and an
annotator without a partner for it disagree fully, at the weight `delta_empty`: so computes
pygamma-agreement from 0.4 on, which the published figures of its tests follow; without it, units
nobody else saw would leave no trace. For category k only pairs with a unit of k count.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotations.agreement.measures.gamma.aligning import NOBODY, Alignment
from annotations.agreement.measures.gamma.units import Continuum, Dissimilarity
from annotations.agreement.measures.numbers import Floats, Ints, ratio


@dataclass(frozen=True, slots=True)
class _Sums:
    """Weighted disagreement and weight: of all pairs, then of those with each category."""

    disagreement: Floats
    weight: Floats

    def add(self, weight: Floats, disagreement: Floats, kinds: tuple[Ints, ...]) -> None:
        """Count pairs of units of these kinds: once for each kind among them."""
        self.weight[0] += weight.sum()
        self.disagreement[0] += (weight * disagreement).sum()
        for at, each in enumerate(kinds):
            fresh = np.ones(len(each), dtype=bool) if not at else each != kinds[0]
            np.add.at(self.weight, each[fresh] + 1, weight[fresh])
            np.add.at(self.disagreement, each[fresh] + 1, (weight * disagreement)[fresh])


def disorders(continuum: Continuum, found: Alignment, unlike: Dissimilarity) -> Floats:
    """Return the categorical disorder over all pairs, and then over those with each category of
    the continuum; NaN where no pair weighs anything."""
    sums = _Sums(*np.zeros((2, len(continuum.categories) + 1)))
    table = _with_the_others(continuum, found)
    there = table != NOBODY
    units = there.sum(axis=1)
    for one, other in combinations(range(len(continuum.sides)), 2):
        a, b = continuum.sides[one], continuum.sides[other]
        both = np.flatnonzero(there[:, one] & there[:, other])
        i, j = table[both, one], table[both, other]
        weight = np.maximum(0, 1 - unlike.positional(a, i, b, j)) / (units[both] - 1)
        kinds = (a.category[i], b.category[j])
        sums.add(weight, unlike.categorical(a, i, b, j), kinds)
    for at, side in enumerate(continuum.sides):
        rows = np.flatnonzero(there[:, at])
        missing = unlike.delta_empty * (len(continuum.sides) - units[rows]).astype(np.float64)
        full = np.full(len(rows), unlike.delta_empty)
        sums.add(missing, full, (side.category[table[rows, at]],))
    return ratio(sums.disagreement, sums.weight)


def _with_the_others(continuum: Continuum, found: Alignment) -> Ints:
    """Return the alignment with the units that stand alone."""
    tables = [found.joined]
    for at, side in enumerate(continuum.sides):
        alone = np.delete(np.arange(len(side)), found.joined[found.joined[:, at] != NOBODY, at])
        table = np.full((len(alone), len(continuum.sides)), NOBODY, dtype=np.int64)
        table[:, at] = alone
        tables.append(table)
    return np.concatenate(tables)
