"""Continua drawn at random: what annotators who agree only by chance would have marked.

`shuffle` is that of 2015, section 5.2: every annotator of the sample is one of the real ones, moved
along the continuum by a random number of whole code points, what leaves it at the end coming in at
the beginning; two such moves lie at least half a mean unit apart while there is room. `statistical`
(that of pygamma-agreement 0.5.9, for comparison with it) draws the number of units, the gaps and
the lengths from normal distributions with the mean and spread of the real ones, where one gap of
nothing is added to the real gaps, and the categories as often as they are.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from annotations.agreement.measures.gamma.units import Continuum, Side
from annotations.agreement.measures.numbers import Floats

Sampler = Literal["shuffle", "statistical"]
Stretch = tuple[float, float]


def sampling(
    continuum: Continuum, sampler: Sampler, random: np.random.Generator
) -> Callable[[], Continuum]:
    """Return a source of random continua with as many annotators as this one, which has units.

    Raises ValueError for an unknown sampler.
    """
    if sampler == "shuffle":
        return _Shuffled(continuum, random).draw
    if sampler == "statistical":
        return _Statistical(continuum, random).draw
    raise ValueError(f"no such sampler: {sampler}")


class _Shuffled:
    def __init__(self, continuum: Continuum, random: np.random.Generator) -> None:
        self._continuum, self._random = continuum, random
        self._low = min(float(side.start.min()) for side in continuum.sides if len(side))
        self._high = max(float(side.end.max()) for side in continuum.sides if len(side))
        lengths = np.concatenate([side.length for side in continuum.sides])
        self._apart = float(lengths.mean()) / 2

    def draw(self) -> Continuum:
        free: list[Stretch] = [(0.0, self._high - self._low)]
        sides = []
        for _ in self._continuum.sides:
            by = self._move(free)
            free = [rest for stretch in free for rest in _without(stretch, by, self._apart)]
            side = self._continuum.sides[self._random.integers(len(self._continuum.sides))]
            sides.append(self._moved(side, by))
        return Continuum(tuple(sides), self._continuum.categories)

    def _move(self, free: list[Stretch]) -> float:
        if not free:
            return float(self._random.uniform(0, self._high - self._low))
        widths = np.array([end - start for start, end in free])
        start, end = free[self._random.choice(len(free), p=widths / widths.sum())]
        return float(int(self._random.uniform(start, end)))

    def _moved(self, side: Side, by: float) -> Side:
        start = side.start + by
        back = np.where(start > self._high, self._high - self._low, 0.0)
        return Side.of(start - back, side.end + by - back, side.category)


def _without(stretch: Stretch, at: float, apart: float) -> list[Stretch]:
    """Return what remains of a stretch without the surroundings of a place."""
    start, end = stretch
    rests = [(start, min(end, at - apart)), (max(start, at + apart), end)]
    return [(low, high) for low, high in rests if high > low]


class _Statistical:
    def __init__(self, continuum: Continuum, random: np.random.Generator) -> None:
        self._continuum, self._random = continuum, random
        self._units = _mean_and_spread(np.array([len(side) for side in continuum.sides]))
        gaps = [_gaps(side) for side in continuum.sides]
        self._gaps = _mean_and_spread(np.concatenate([np.zeros(1), *gaps]))
        lengths = np.concatenate([side.length for side in continuum.sides])
        self._lengths = _mean_and_spread(lengths)
        kinds = np.concatenate([side.category for side in continuum.sides])
        self._shares = np.bincount(kinds, minlength=len(continuum.categories)) / len(kinds)

    def draw(self) -> Continuum:
        sides = tuple(self._side() for _ in self._continuum.sides)
        return Continuum(sides, self._continuum.categories)

    def _side(self) -> Side:
        number = abs(int(self._random.normal(*self._units)))
        gaps = self._random.normal(*self._gaps, size=number)
        lengths = np.abs(self._random.normal(*self._lengths, size=number))
        while (empty := lengths <= 0).any():
            lengths[empty] = np.abs(self._random.normal(*self._lengths, size=int(empty.sum())))
        end = np.cumsum(gaps + lengths)
        kinds = self._random.choice(len(self._shares), size=number, p=self._shares)
        return Side.of(end - lengths, end, kinds.astype(np.int64))


def _gaps(side: Side) -> Floats:
    """Return what lies between a unit and the next, and before the first; negative if they
    overlap."""
    before = side.start[:1]
    return np.concatenate((side.start[1:] - side.end[:-1], before[before > 0]))


def _mean_and_spread(numbers: Floats) -> tuple[float, float]:
    return float(np.mean(numbers)), float(np.std(numbers))
