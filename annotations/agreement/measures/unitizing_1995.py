"""Krippendorff's alpha-U of 1995 and 2004: legacy, for comparison with older tools only.

Krippendorff 1995, "On the reliability of unitizing continuous data", Sociological Methodology 25,
47-76; Krippendorff, "Content Analysis", 2nd ed. 2004, pp. 251-256. The paper of 2016 (`unitizing`)
replaces it, because it "turned out to behave not as expected" with more than two observers. It
has no lower bound, and a stretched continuum moves it a little.

For a category of N segments by m observers, L code points, segment lengths l, gap lengths g:

    observed = sum over ordered pairs of observers of
                   (start - start)^2 + (end - end)^2   where their segments overlap
                   l^2                                 where a segment lies in the other's gap
               / (m (m - 1) L^2)
    expected = 2 / L * sum over segments of
                   (N - 1) / 3 * (2 l^3 - 3 l^2 + l)  +  l^2 * sum over gaps g >= l of (g - l + 1)
               / (m L (m L - 1) - sum over segments of l (l - 1))

Overlapping segments of one observer and category are fused first, and the result says how many.
Not additive: the chance term joins every segment with every gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotations.agreement.measures.alignment import overlaps
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import (
    NO_SPANS,
    TOO_FEW_LAYERS,
    TOO_LARGE,
    Score,
    TooLarge,
)
from annotations.agreement.measures.spans import Spans
from annotations.agreement.measures.unitizing import Observers


@dataclass(frozen=True, slots=True)
class Legacy(Score):
    """alpha-U over `n` segments, with the disagreement it is made of (None without segments)."""

    observed: float | None = None
    expected: float | None = None
    fused: int = 0


def alpha_u_1995(
    observers: Observers, category: str | None = None, *, begin: int, length: int
) -> Legacy:
    """Return alpha-U of one category, or of all (None: the sums of their disagreements).

    Undefined with fewer than two observers, or without segments. Raises ValueError for a segment
    outside the continuum or without length.
    """
    if len(observers) < 2:
        return Legacy(None, 0, TOO_FEW_LAYERS)
    there = sorted({each for segments in observers for _, _, each in segments})
    wanted = there if category is None else [category]
    try:
        parts = [_Category.of(observers, each, begin, length) for each in wanted]
        observed = sum(part.observed() for part in parts)
    except TooLarge:
        return Legacy(None, sum(map(len, observers)), TOO_LARGE)
    expected = sum(part.expected() for part in parts)
    units, fused = sum(part.units for part in parts), sum(part.fused for part in parts)
    if not units:
        return Legacy(None, 0, NO_SPANS)
    return Legacy(float(1 - ratio(observed, expected)), units, None, observed, expected, fused)


@dataclass(frozen=True, slots=True)
class _Category:
    """The segments of one category, by observer, from code point 0 to `length`."""

    sides: Sequence[Spans]
    length: int
    fused: int

    @classmethod
    def of(cls, observers: Observers, category: str, begin: int, length: int) -> "_Category":
        placed = [
            [(start - begin, end - begin) for start, end, each in segments if each == category]
            for segments in observers
        ]
        if any(start < 0 or end > length for each in placed for start, end in each):
            raise ValueError("a segment lies outside the continuum")
        if any(start >= end for each in placed for start, end in each):
            raise ValueError("a segment must end after its start")
        sides = [Spans.of((0, (segment,)) for segment in each).fused() for each in placed]
        return cls(sides, length, sum(map(len, placed)) - sum(map(len, sides)))

    @property
    def units(self) -> int:
        return sum(map(len, self.sides))

    def observed(self) -> float:
        squares = sum(_differences(a, b) for a, b in combinations(self.sides, 2))
        observers = len(self.sides)
        return float(2 * squares / (observers * (observers - 1) * self.length**2))

    def expected(self) -> float:
        lengths = np.concatenate([side.lengths for side in self.sides]).astype(np.float64)
        chance = (self.units - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
        chance += lengths**2 * self._room(lengths)
        points = len(self.sides) * self.length
        pairs = points * (points - 1) - (lengths * (lengths - 1)).sum()
        return float(np.nan_to_num(ratio(2 / self.length * chance.sum(), pairs)))

    def _room(self, lengths: Floats) -> Floats:
        """Return in how many places of any observer's gaps a segment of each length would fit."""
        gaps = np.sort(np.concatenate([self._gaps(side) for side in self.sides]))
        above = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)
        shorter = np.searchsorted(gaps, lengths, "left")
        return np.asarray(above[shorter] + (len(gaps) - shorter) * (1 - lengths))

    def _gaps(self, side: Spans) -> Floats:
        edges = np.append(side.start, self.length) - np.insert(side.end, 0, 0)
        return edges[edges > 0].astype(np.float64)


def _differences(a: Spans, b: Spans) -> float:
    """Return the squared differences of two observers, each pair of segments once."""
    met = overlaps(a, b)
    starts = a.start[met.first] - b.start[met.second]
    ends = a.end[met.first] - b.end[met.second]
    alone_a = np.delete(a.lengths, np.unique(met.first))
    alone_b = np.delete(b.lengths, np.unique(met.second))
    squared = [each.astype(np.float64) ** 2 for each in (starts, ends, alone_a, alone_b)]
    return float(sum(each.sum() for each in squared))
