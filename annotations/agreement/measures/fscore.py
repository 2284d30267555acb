"""Span F1 of two observers: how many of their spans are the same one.

F1 needs no count of true negatives, so it suits sparse spans (Hripcsak and Rothschild 2005,
"Agreement, the F-measure, and reliability in information retrieval"). It is symmetric:
2 * matched / (spans of one + spans of the other). Additive: `tally` counts an article, `f1` is
the figure of summed counts.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from annotations.agreement.measures.alignment import matchings
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import NO_SPANS, TOO_LARGE, Score, TooLarge
from annotations.agreement.measures.spans import Fragments, Spans

Labelled = tuple[Hashable, Fragments]


@dataclass(frozen=True, slots=True)
class F1(Score):
    """F1 with what it is made of: the matched pairs, and the spans of each observer."""

    matched: int = 0
    first: int = 0
    second: int = 0

    @classmethod
    def from_counts(cls, matched: int, first: int, second: int) -> Self:
        """Return F1 of these counts; undefined when nobody placed anything."""
        placed = first + second
        if not placed:
            return cls(None, 0, NO_SPANS)
        return cls(float(f1(matched, placed)), placed, None, matched, first, second)

    @property
    def precision(self) -> float | None:
        """The share of the second observer's spans that are the first's; None if there are none."""
        return self.matched / self.second if self.second else None

    @property
    def recall(self) -> float | None:
        """The share of the first observer's spans that the second has; None if there are none."""
        return self.matched / self.first if self.first else None


def threshold(variant: str) -> float:
    """Return the intersection over union that two spans must reach to match.

    `exact` asks for equal fragments, `overlap` for one shared code point, `iou:0.5` for half.
    Raises ValueError for anything else.
    """
    if variant == "exact":
        return 1.0
    if variant == "overlap":
        return 0.0
    name, _, number = variant.partition(":")
    if name != "iou" or not 0 < float(number) <= 1:
        raise ValueError(f"no such way of matching: {variant}")
    return float(number)


def f1(matched: ArrayLike, placed: ArrayLike) -> Floats:
    """Return F1 from the matched pairs and the spans of both; NaN where nobody placed any."""
    return ratio(2 * np.asarray(matched), placed)


def span_f1(first: Sequence[Labelled], second: Sequence[Labelled], variant: str) -> F1:
    """Return F1 of two lists of (label, fragments); only spans of one label match.

    A span of several fragments is one span: its overlap is that of all its code points. Undefined
    without any span, or when too many overlap for an exact answer (`alignment.LARGEST`).
    """
    try:
        matched = _matched(first, second, threshold(variant))
    except TooLarge:
        return F1(None, len(first) + len(second), TOO_LARGE, 0, len(first), len(second))
    return F1.from_counts(matched, len(first), len(second))


def mean_and_spread(values: Floats) -> tuple[Floats, Floats]:
    """Return mean and population standard deviation over the first axis, leaving out NaN."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=0).astype(np.float64)
    mean = ratio(np.where(defined, values, 0).sum(axis=0), count)
    squares = np.where(defined, (values - mean) ** 2, 0).sum(axis=0)
    return mean, np.sqrt(ratio(squares, count))


def _matched(first: Sequence[Labelled], second: Sequence[Labelled], least: float) -> int:
    labels = {label: at for at, (label, _) in enumerate([*first, *second])}
    one = Spans.of((labels[label], parts) for label, parts in first)
    other = Spans.of((labels[label], parts) for label, parts in second)
    return len(matchings(one, other, [least])[0])
