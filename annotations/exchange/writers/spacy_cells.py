"""What is asked for again and again, found for many at once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

_BY, _BY_TOO = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


class Cells:
    """The values of some keys, each of two numbers, the second of which is not 0. A key has one cell
    where it may stand; who comes first stays there, and that is mostly who comes often."""

    def __init__(self, bits: int = 16) -> None:
        self._shift = np.uint64(64 - bits)
        self._first, self._second = np.zeros((2, 1 << bits), np.uint64)
        self._values = np.zeros(1 << bits, np.int64)

    def values(self, first: Keys, second: Keys, others: Callable[[Ints], Sequence[int]]) -> Ints:
        """The value of each key; `others` gives those of the keys at these places, which stand in no
        cell. What is not to stand in one has 0 as its second number."""
        cells = ((first * _BY ^ second * _BY_TOO) >> self._shift).view(np.int64)
        missed = self._first.take(cells) != first
        missed |= self._second.take(cells) != second
        missed |= second == 0
        found = self._values.take(cells)
        missing = np.flatnonzero(missed)
        if missing.size:
            found[missing] = others(missing)
            room = self._second[cells[missing]] == 0
            fit = missing[room & (second[missing] != 0)]
            new, which = np.unique(cells[fit], return_index=True)
            fit = fit[which]
            self._first[new], self._second[new] = first[fit], second[fit]
            self._values[new] = found[fit]
        return found
