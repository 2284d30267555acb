"""What may be said of a figure in a word, and when nothing may be."""

from typing import Literal

from annotations.agreement.measures.bootstrap import Interval

LEAST_UNITS = 50  # below, the interval spans most verdicts: only the interval is shown
RELIABLE, TENTATIVE = 0.8, 0.667

Verdict = Literal["reliable", "tentative", "unreliable"]


def verdict(n: int, interval: Interval | None) -> Verdict | None:
    """Return what Krippendorff ("Content Analysis", 2nd ed. 2004, p. 241) would make of an alpha
    whose interval this is: its low end counts, not the figure. None below `LEAST_UNITS` units, and
    without an interval."""
    if n < LEAST_UNITS or interval is None:
        return None
    if interval.low >= RELIABLE:
        return "reliable"
    return "tentative" if interval.low >= TENTATIVE else "unreliable"
