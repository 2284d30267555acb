"""The units of a continuum as arrays, and the dissimilarity of every two."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints

Unit = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One annotator's units in order of their starts; `category` numbers those of the continuum."""

    start: Floats
    end: Floats
    category: Ints

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, start: Floats, end: Floats, category: Ints) -> "Side":
        order = np.lexsort((category, end, start))
        return cls(start[order], end[order], category[order])

    @property
    def length(self) -> Floats:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Continuum:
    """What several annotators marked in one text; `categories` names the numbers of the sides."""

    sides: tuple[Side, ...]
    categories: tuple[str, ...]

    @classmethod
    def of(cls, observers: Sequence[Sequence[Unit]]) -> "Continuum":
        """Return the units (start, end, category) of each observer; repeated ones are kept.

        Raises ValueError for a unit that does not end after its start.
        """
        categories = sorted({category for units in observers for _, _, category in units})
        number = {category: at for at, category in enumerate(categories)}
        sides = []
        for units in observers:
            edges = np.array([(start, end) for start, end, _ in units], dtype=np.float64)
            start, end = edges.reshape(-1, 2).T
            if (end <= start).any():
                raise ValueError("a unit must end after its start")
            kinds = np.array([number[category] for _, _, category in units], dtype=np.int64)
            sides.append(Side.of(start, end, kinds))
        return cls(tuple(sides), tuple(categories))

    def __len__(self) -> int:
        """Return the number of units of all annotators."""
        return sum(map(len, self.sides))

    @property
    def mean_units(self) -> float:
        """Units per annotator: what a disorder is divided by (2015, definition 4)."""
        return len(self) / len(self.sides)


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    """How unlike two units are: alpha * positional + beta * categorical (2015, section 4.3).

    Positional (the sporadic one): ((|start - start| + |end - end|) / (length + length))^2 times
    `delta_empty`; categorical: `delta_empty` for two categories, 0 for one. A unit without a
    partner costs `delta_empty`.
    """

    alpha: float = 3.0
    beta: float = 1.0
    delta_empty: float = 1.0

    def __post_init__(self) -> None:
        if self.alpha < 0 or self.beta < 0 or self.delta_empty <= 0:
            raise ValueError("alpha and beta must not be negative, and delta_empty be above zero")

    def positional(self, a: Side, i: Ints, b: Side, j: Ints) -> Floats:
        """Return the positional part, already times alpha, of units a[i] and b[j]."""
        apart = np.abs(a.start[i] - b.start[j]) + np.abs(a.end[i] - b.end[j])
        squared = (apart / (a.length[i] + b.length[j])) ** 2
        return np.asarray(self.alpha * self.delta_empty * squared)

    def categorical(self, a: Side, i: Ints, b: Side, j: Ints) -> Floats:
        """Return the categorical part, without beta, of units a[i] and b[j]."""
        return np.asarray(self.delta_empty * (a.category[i] != b.category[j]), dtype=np.float64)

    def between(self, a: Side, i: Ints, b: Side, j: Ints) -> Floats:
        """Return the dissimilarity of units a[i] and b[j]."""
        return self.positional(a, i, b, j) + self.beta * self.categorical(a, i, b, j)
