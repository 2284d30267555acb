"""Values that several observers gave to the same units, and the counts all coefficients need.

A unit is an article, or a span that was matched; its values stand in the order of the observers.
None, NaN and "?" (the annotator could not tell) are missing: no class of their own, never compared.
Additive: `Ratings.of` counts the units of an article, `+` sums articles, and `alpha`, `kappa` and
`gwet` compute their figures from the sums.
"""

import math
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints
from annotations.agreement.measures.scores import Score

CANNOT_TELL = "?"
CELLS = 2_000_000  # of units by values at a time, which bounds the memory
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
MANY = 100  # values; with more, few of them meet

Value = Hashable
Unit = Sequence[Value | None]


@dataclass(frozen=True, slots=True)
class Coded(Score):
    """A figure over units: `n` of the `units` had values of two observers and were compared."""

    units: int = 0

    @property
    def coverage(self) -> float | None:
        """The share of the units that could be compared; None without units."""
        return self.n / self.units if self.units else None


@dataclass(frozen=True, slots=True)
class Ratings:
    """Sums over units. `valued` units have a value, `compared` ones have two or more.

    With r_k observers giving value k to a unit of r values in all: `coincidences[k, l]` sums
    r_k (r_l - [k = l]) / (r - 1) (Krippendorff), `pairs[k, l]` the same over r (r - 1), so that
    every compared unit weighs 1 (Fleiss, Gwet), and `shares[k]` sums r_k / r over valued units.
    """

    values: tuple[Value, ...]
    units: int
    valued: int
    compared: int
    coincidences: Floats
    pairs: Floats
    shares: Floats

    @classmethod
    def of(cls, units: Sequence[Unit], values: Sequence[Value] | None = None) -> Self:
        """Return the counts of `units`. `values` are those there are, in order (default: those
        that were given, sorted). Raises ValueError for a value that is not among them."""
        order = values_of(units) if values is None else tuple(values)
        found = cls.none(order, len(units))
        for counts in _counts(units, order):
            found += cls._counted(order, counts)
        return found

    @classmethod
    def none(cls, values: tuple[Value, ...], units: int = 0) -> Self:
        """Return the counts of so many units without any value."""
        size = len(values)
        square = np.zeros((size, size))
        return cls(values, units, 0, 0, square, square, np.zeros(size))

    @classmethod
    def _counted(cls, values: tuple[Value, ...], counts: Floats) -> Self:
        given = counts.sum(axis=1)
        several = counts[given > 1]
        others = (given[given > 1] - 1)[:, None]
        shares = several / (others + 1)
        return cls(
            values,
            0,
            int((given > 0).sum()),
            len(several),
            _within(several / others, several),
            _within(shares / others, several),
            shares.sum(axis=0) + counts[given == 1].sum(axis=0),
        )

    def __add__(self, other: Self) -> Self:
        """Return the counts of both; they must be of the same values."""
        if self.values != other.values:
            raise ValueError("counts of different values cannot be summed")
        return type(self)(
            self.values,
            self.units + other.units,
            self.valued + other.valued,
            self.compared + other.compared,
            self.coincidences + other.coincidences,
            self.pairs + other.pairs,
            self.shares + other.shares,
        )


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one observer's value (row) met another's (column), of the units both valued."""

    values: tuple[Value, ...]
    table: Ints


def confusion(
    units: Sequence[Unit], one: int = 0, other: int = 1, values: Sequence[Value] | None = None
) -> Confusion:
    """Return the values that the observers at these two positions gave to the same units."""
    order = values_of(units) if values is None else tuple(values)
    index = {value: at for at, value in enumerate(order)}
    table = np.zeros((len(order), len(order)), dtype=np.int64)
    for unit in units:
        if max(one, other) < len(unit) and given(unit[one]) and given(unit[other]):
            table[index[unit[one]], index[unit[other]]] += 1
    return Confusion(order, table)


def given(value: Value | None) -> bool:
    """Tell whether this is a value, and not a missing one."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return value is not None and value != CANNOT_TELL


def values_of(units: Sequence[Unit]) -> tuple[Value, ...]:
    """Return the values there are, numbers first and by size, then words for numbers ("10") by the
    size of those, then the others by name."""
    return tuple(sorted({value for unit in units for value in unit if given(value)}, key=_rank))


def _rank(value: Value) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return 0, float(value), ""
    word = str(value)
    return (1, float(word), word) if NUMBER.fullmatch(word) else (2, 0.0, word)


def _counts(units: Sequence[Unit], order: tuple[Value, ...]) -> Iterator[Floats]:
    """Yield, for a chunk of the units, how often each was given each value."""
    index = {value: at for at, value in enumerate(order)}
    size = max(len(order), 1)
    step = max(CELLS // size, 1)
    for start in range(0, len(units), step):
        chunk = units[start : start + step]
        try:
            cells = [
                size * row + index[value]
                for row, unit in enumerate(chunk)
                for value in unit
                if given(value)
            ]
        except KeyError as missing:
            raise ValueError(f"a value that is not among the values: {missing}") from None
        told = np.array(cells, dtype=np.int64)
        yield np.bincount(told, minlength=size * len(chunk)).reshape(-1, size).astype(np.float64)


def _within(weighted: Floats, counts: Floats) -> Floats:
    if counts.shape[1] > MANY:
        from scipy.sparse import csr_array

        met = np.asarray((csr_array(weighted).T @ csr_array(counts)).toarray())
    else:
        met = weighted.T @ counts
    return np.asarray(met - np.diag(weighted.sum(axis=0)))
