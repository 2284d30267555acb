"""A share of cases that could be judged, with how many could."""

from dataclasses import dataclass
from typing import Self

from annotations.agreement.measures.scores import Score


@dataclass(frozen=True, slots=True)
class Share(Score):
    """`value` is a share of the `n` cases that could be judged, out of `cases`."""

    cases: int = 0

    @classmethod
    def out_of(cls, number: int, judged: int, cases: int, otherwise: str) -> Self:
        """Return number / judged; undefined because of `otherwise` when none could be judged."""
        if not judged:
            return cls(None, 0, otherwise, cases)
        return cls(number / judged, judged, None, cases)

    @property
    def coverage(self) -> float | None:
        """The share of the cases that could be judged; None without cases."""
        return self.n / self.cases if self.cases else None
