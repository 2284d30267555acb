"""Ties between rows and columns: actors and the concepts they speak of.

Sources: Leifeld (2017), "affiliation networks"; `design/dna.md`, "Two-mode". Every function takes a
cube and says one number for each row and column that have statements.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from annotations.networks.cubes import Cube, activities, transposed
from annotations.networks.levels import Levels

Tie = tuple[int, int, float]
"""Row, column, weight."""


class Aggregation(StrEnum):
    """What becomes of the levels of a tie."""

    SUBTRACT = "subtract"
    IGNORE = "ignore"
    COMBINE = "combine"


class Normalisation(StrEnum):
    """By what a weight is divided."""

    NONE = "none"
    ACTIVITY = "activity"
    PROMINENCE = "prominence"


def ties(
    given: Cube, levels: Levels, aggregation: Aggregation, normalisation: Normalisation
) -> Iterator[Tie]:
    """All ties that are not 0, by row and column.

    `ACTIVITY` divides by the row's statements, `PROMINENCE` by the column's. With `COMBINE`, whose
    weights are names and not numbers, a division means nothing (ValueError).
    """
    if aggregation is Aggregation.COMBINE and normalisation is not Normalisation.NONE:
        raise ValueError("a combined tie cannot be normalised")
    weigh = _WEIGHTS[aggregation]
    of_row = activities(given) if normalisation is Normalisation.ACTIVITY else {}
    of_column = _prominence(given) if normalisation is Normalisation.PROMINENCE else {}
    for row in sorted(given):
        for column in sorted(given[row]):
            weight = weigh(given[row][column], levels)
            if weight:
                yield row, column, weight / (of_row.get(row, 1) * of_column.get(column, 1))


def _prominence(given: Cube) -> Mapping[int, float]:
    return activities(transposed(given))


def ignored(numbers: Sequence[float], levels: Levels) -> float:
    """w = sum over k of X[k]."""
    return sum(numbers)


def subtracted(numbers: Sequence[float], levels: Levels) -> float:
    """w = sum over k of q_k * X[k]; positive minus negative for a boolean. Without an order there
    is nothing to take away: w = sum over k of X[k]."""
    if levels.nominal:
        return sum(numbers)
    return sum(weight * number for weight, number in zip(levels.weights, numbers, strict=True))


def combined(numbers: Sequence[float], levels: Levels) -> float:
    """w = sum over k of 2^(K-1-k) * [X[k] > 0]: for a boolean 1 is only positive, 2 only negative,
    3 both."""
    return sum(1 << place for place, number in enumerate(reversed(numbers)) if number > 0)


_WEIGHTS: Mapping[Aggregation, Callable[[Sequence[float], Levels], float]] = {
    Aggregation.IGNORE: ignored,
    Aggregation.SUBTRACT: subtracted,
    Aggregation.COMBINE: combined,
}
