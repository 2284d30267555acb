"""What modulates a tie: the qualifier's values in their order, and how far they are apart."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Levels:
    """`weights` has one number for each level, in ascending order. Levels of a `nominal` qualifier
    are only the same or not; those of any other are as far apart as their numbers are.

    A boolean has the weights -1 and 1 where DNA writes 0 and 1: differences relative to the range
    are equal, and a sum of weights is then "positive minus negative" for both kinds.
    """

    weights: tuple[int, ...]
    nominal: bool = False

    def distances(self) -> Sequence[Sequence[float]]:
        """d[k][l] = |q_k - q_l| / (q_max - q_min), over the *declared* scale: DNA takes the range
        that it observes, and has NaN where all values are equal. One level is 0 from itself."""
        reach = (self.weights[-1] - self.weights[0]) or 1
        return [[abs(one - other) / reach for other in self.weights] for one in self.weights]


NONE = Levels((0,))
"""No qualifier: one level."""
BINARY = Levels((-1, 1))
"""Against and for."""


def ordered(reach: int) -> Levels:
    """From -reach to reach, 0 in the middle."""
    return Levels(tuple(range(-reach, reach + 1)))


def nominal(count: int) -> Levels:
    """So many values that have no order."""
    return Levels(tuple(range(count)), nominal=True)
