"""How long a page waits for texts to be looked through, before it stands with what was found. Pure."""

from collections.abc import Callable
from math import inf
from time import monotonic

_FEW = 25
"""Fewer texts are not asked for: the question would take longer than they."""


class Patience:
    """So many seconds from now on; `inf` for somebody who waits for all of it."""

    def __init__(self, seconds: float = inf, clock: Callable[[], float] = monotonic) -> None:
        self._seconds, self._clock, self._begun = seconds, clock, clock()

    @property
    def has_ended(self) -> bool:
        return self._clock() - self._begun > self._seconds

    def texts(self, most: int, looked_at: int) -> int:
        """Return how many texts to look through next, `most` at the most: as many as there is time
        for, if they take as long as those that were looked at so far."""
        spent = self._clock() - self._begun
        if self._seconds == inf or not looked_at or not spent:
            return most
        left = looked_at * (self._seconds - spent) / spent
        return min(most, max(_FEW, int(left)))
