"""Ties between rows that share columns: actors that speak of the same concepts.

Sources: Leifeld (2017), "actor congruence, conflict and subtract networks"; Leifeld, P. & Haunss, S.
(2012), "Political discourse networks and the conflict over software patents in Europe", European
Journal of Political Research 51, for normalised congruence; `design/dna.md`, "One-mode". Ties have
no direction, and no row is tied to itself.

For two rows a and b, with x = X[a, j, k] and y = X[b, j, l], d the distance of levels:

| ordered levels | | nominal levels | |
|---|---|---|---|
| ignore | sum_j (sum_k x)(sum_l y) | the same | |
| congruence | sum_jkl x y (1 - d_kl) | sum_jk x y, l = k | |
| conflict | sum_jkl x y d_kl | sum_jk x [y=0] + y [x=0] | |
| subtract | congruence - conflict | the same | |
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from operator import mul

from annotations.networks.cubes import Cube, activities, pairs
from annotations.networks.levels import Levels
from annotations.networks.two_mode import Tie

Weights = dict[int, float]
"""By the other row."""
Members = Sequence[tuple[int, Sequence[float]]]
Columns = Mapping[int, Members]
"""By column: the rows that have statements of it, with the numbers of each level."""


class Aggregation(StrEnum):
    """What makes a tie of two rows' statements of the same columns."""

    SUBTRACT = "subtract"
    IGNORE = "ignore"
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"


class Normalisation(StrEnum):
    """By what a weight is divided; see `_Denominators`."""

    NONE = "none"
    AVERAGE = "average"
    JACCARD = "jaccard"
    COSINE = "cosine"


def ties(
    given: Cube,
    levels: Levels,
    aggregation: Aggregation,
    normalisation: Normalisation,
) -> Iterator[Tie]:
    """All ties that are not 0, each once, the lesser row first. One row's ties are in memory; how long
    it takes, `steps` tells."""
    columns = _by_column(given)
    weigh = _weighing(given, columns, levels, aggregation)
    divide = _DENOMINATORS[normalisation](_Material(given, columns, activities(given)))
    for row in sorted(given):
        weights = weigh(row)
        divided = divide(row)
        for other in sorted(weights):
            denominator = divided(other) if weights[other] else 0
            if denominator:
                yield row, other, weights[other] / denominator


def steps(given: Cube, levels: Levels, aggregation: Aggregation) -> int:
    """What the ties cost: one step for each pair of rows that share a column, for each such column; with
    conflicts of nominal levels, one more for each pair of rows."""
    if _compares_all(levels, aggregation):
        return pairs(given) + len(given) * (len(given) - 1) // 2
    return pairs(given)


def _compares_all(levels: Levels, aggregation: Aggregation) -> bool:
    """Where levels have no order, rows that share nothing are in conflict too."""
    conflicts = aggregation in (Aggregation.CONFLICT, Aggregation.SUBTRACT)
    return levels.nominal and conflicts


def _by_column(given: Cube) -> Columns:
    columns: dict[int, list[tuple[int, Sequence[float]]]] = {}
    for row in sorted(given):
        for column, numbers in given[row].items():
            columns.setdefault(column, []).append((row, numbers))
    return columns


def _weighing(
    given: Cube, columns: Columns, levels: Levels, aggregation: Aggregation
) -> Callable[[int], Weights]:
    """For a row, the weights of its ties to later rows."""
    products = _Products(given, columns, _factors(levels, aggregation))
    if not _compares_all(levels, aggregation):
        return products.of
    conflicts = _NominalConflicts(given, _Overlaps(given, columns), activities(given))
    if aggregation is Aggregation.CONFLICT:
        return conflicts.of
    return lambda row: _minus(products.of(row), conflicts.of(row))


def _minus(weights: Weights, others: Weights) -> Weights:
    return {row: weights.get(row, 0) - others[row] for row in others}


def _factors(levels: Levels, aggregation: Aggregation) -> Sequence[Sequence[float]]:
    """By what x * y is multiplied, for each k and l."""
    if levels.nominal and aggregation is not Aggregation.IGNORE:
        size = range(len(levels.weights))
        return [[float(one == other) for other in size] for one in size]
    return [[_FACTORS[aggregation](d) for d in row] for row in levels.distances()]


_FACTORS: Mapping[Aggregation, Callable[[float], float]] = {
    Aggregation.IGNORE: lambda d: 1,
    Aggregation.CONGRUENCE: lambda d: 1 - d,
    Aggregation.CONFLICT: lambda d: d,
    Aggregation.SUBTRACT: lambda d: 1 - 2 * d,
}


@dataclass(frozen=True, slots=True)
class _Products:
    """sum over j, k, l of x * y * factor_kl."""

    cube: Cube
    columns: Columns
    factors: Sequence[Sequence[float]]

    def of(self, row: int) -> Weights:
        weights: Weights = {}
        for column, numbers in self.cube[row].items():
            mine = [_dot(factors, numbers) for factors in self.factors]
            for other, theirs in _later(self.columns[column], row):
                weights[other] = weights.get(other, 0) + _dot(mine, theirs)
        return weights


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """sum over j, k of (x + y) where neither is 0: what two rows have in common."""

    cube: Cube
    columns: Columns

    def of(self, row: int) -> Weights:
        weights: Weights = {}
        for column, numbers in self.cube[row].items():
            for other, theirs in _later(self.columns[column], row):
                common = sum(x + y for x, y in zip(numbers, theirs, strict=True) if x and y)
                weights[other] = weights.get(other, 0) + common
        return weights


@dataclass(frozen=True, slots=True)
class _NominalConflicts:
    """sum over j, k of x where y is 0 and y where x is 0: everything but what is in common."""

    cube: Cube
    overlaps: _Overlaps
    activities: Mapping[int, float]

    def of(self, row: int) -> Weights:
        common = self.overlaps.of(row)
        mine, of = self.activities[row], self.activities
        return {other: mine + of[other] - common.get(other, 0) for other in of if other > row}


def _later(members: Members, row: int) -> Iterator[tuple[int, Sequence[float]]]:
    """The members after this row, of such as stand in ascending order."""
    return takewhile(lambda member: member[0] > row, reversed(members))


def _dot(some: Sequence[float], others: Sequence[float]) -> float:
    products: Iterator[float] = map(mul, some, others)  # both have one number for each level
    return sum(products)


# by what a tie is divided -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Material:
    cube: Cube
    columns: Columns
    activities: Mapping[int, float]


Denominator = Callable[[int], float]


def _undivided(given: _Material) -> Callable[[int], Denominator]:
    return lambda row: lambda other: 1


def _average(given: _Material) -> Callable[[int], Denominator]:
    """(A_a + A_b) / 2, A the number of a row's statements."""
    of = given.activities
    return lambda row: lambda other: (of[row] + of[other]) / 2


def _cosine(given: _Material) -> Callable[[int], Denominator]:
    """A_a * A_b: what DNA calls cosine. It is not that of two vectors."""
    of = given.activities
    return lambda row: lambda other: of[row] * of[other]


def _jaccard(given: _Material) -> Callable[[int], Denominator]:
    """m10 + m01 + m11: what only a says, what only b says (sum_jk x where y is 0, and the other way
    round), and m11 = sum_jk x * y."""
    same = [[float(k == j) for j in range(_depth(given.cube))] for k in range(_depth(given.cube))]
    products = _Products(given.cube, given.columns, same)
    overlaps = _Overlaps(given.cube, given.columns)

    def of(row: int) -> Denominator:
        both, common = products.of(row), overlaps.of(row)
        mine, activity = given.activities[row], given.activities
        return lambda other: mine + activity[other] - common.get(other, 0) + both.get(other, 0)

    return of


def _depth(given: Cube) -> int:
    """How many levels there are."""
    return next((len(numbers) for columns in given.values() for numbers in columns.values()), 0)


_DENOMINATORS: Mapping[Normalisation, Callable[[_Material], Callable[[int], Denominator]]] = {
    Normalisation.NONE: _undivided,
    Normalisation.AVERAGE: _average,
    Normalisation.COSINE: _cosine,
    Normalisation.JACCARD: _jaccard,
}
