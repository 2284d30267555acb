"""Span F1 of two observers: how many of their spans are the same one.

F1 needs no count of true negatives, so it suits sparse spans (Hripcsak and Rothschild 2005,
"Agreement, the F-measure, and reliability in information retrieval"). It is symmetric:
2 * matched / (spans of one + spans of the other).
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from annotations.agreement.measures.alignment import match, overlaps
from annotations.agreement.measures.numbers import Floats, ratio
from annotations.agreement.measures.scores import NO_SPANS, Score
from annotations.agreement.measures.spans import Fragments, Spans

Labelled = tuple[Hashable, Fragments]


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


def span_f1(first: Sequence[Labelled], second: Sequence[Labelled], variant: str) -> Score:
    """Return F1 of two lists of (label, fragments); only spans of one label match."""
    placed = len(first) + len(second)
    matched = _matched(first, second, threshold(variant))
    return Score.of(float(f1(matched, placed)), placed, NO_SPANS)


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
    return len(match(overlaps(one, other).at_least(least)))
