"""Agreement on the values of attributes, over the matched spans of a label."""

from collections.abc import Iterator, Sequence

import numpy as np

from annotations.agreement.measures import scores
from annotations.agreement.measures.confusions import coefficients_of
from annotations.agreement.measures.estimates import Estimate, placed
from annotations.agreement.measures.gwet import Weighting
from annotations.agreement.measures.numbers import Floats
from annotations.agreement.measures.questions import Attribute, Figure, Questions
from annotations.agreement.measures.summing import Sums
from annotations.agreement.measures.tally import MATCHINGS, Key


def coefficients(sums: Sums, ask: Questions) -> Iterator[Estimate]:
    """Yield percent, Scott, Cohen, AC1, AC2 (of ordered values, linear weights) and alpha of every
    attribute, over equal and over overlapping spans."""
    for attribute in ask.attributes:
        for matched in MATCHINGS:
            yield from _of(sums, attribute, matched)


def _of(sums: Sums, attribute: Attribute, matched: str) -> Iterator[Estimate]:
    keys = _cells(attribute, matched)
    cells = np.stack([sums.of(key) for key in keys], axis=-1)
    size = len(attribute.values)
    table: Floats = cells.reshape(-1, size, size)
    compared = round(sums.of(*keys)[0])
    spans = sums.of(*placed((attribute.label,)))[0]
    weights: Weighting | None = "linear" if "ordinal" in attribute.levels else None
    found = coefficients_of(table, attribute.levels, weights)
    for (measure, variant), draws in found.items():
        of = Figure(
            measure=measure,
            variant=variant,
            label=attribute.label,
            attribute=attribute.key,
            matched=matched,
            n=compared,
            articles=sums.articles(*keys),
            coverage=float(2 * compared / spans) if spans else None,
        )
        yield Estimate(of, draws, scores.NO_VARIATION if compared else scores.NO_MATCH)


def _cells(attribute: Attribute, matched: str) -> Sequence[Key]:
    return [
        (attribute.label, "value", attribute.key, matched, one, other)
        for one in attribute.values
        for other in attribute.values
    ]
