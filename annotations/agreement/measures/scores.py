"""A figure with its number of units, or the reason why there is none."""

import math
from dataclasses import dataclass
from typing import Self

TOO_FEW_LAYERS = "no article has two layers to compare"
NO_SPANS = "no annotator placed such a span"
NO_GAP = "the spans leave no character unmarked"
NO_MATCH = "no matched spans carry this value on both sides"
NO_RELATIONS = "no annotator drew such a relation"
NO_BOTH = "no matched spans were linked by both annotators"
NO_UNITS = "no unit has values from two annotators"
NO_VARIATION = "every value is the same, so chance agreement cannot be told apart"

TWO_LABELS = "one annotator's spans of two labels overlap, and a continuum has one layer"
TOO_LARGE = "not computed: too large"
TOO_FEW_UNITS = "too few units for this measure"
TOO_FEW_ARTICLES = "too few articles to tell a difference from chance"
TOO_FEW_ANNOTATORS = "too few annotators for this measure"

REASONS = (
    TOO_FEW_LAYERS,
    NO_SPANS,
    NO_GAP,
    NO_MATCH,
    NO_RELATIONS,
    NO_BOTH,
    NO_UNITS,
    NO_VARIATION,
    TWO_LABELS,
    TOO_LARGE,
    TOO_FEW_UNITS,
    TOO_FEW_ARTICLES,
    TOO_FEW_ANNOTATORS,
)


class TooLarge(Exception):
    """An exact answer would need more memory or time than one article may take."""


@dataclass(frozen=True, slots=True)
class Score:
    """Exactly one of `value` and `undefined` is None; `n` counts the units behind it."""

    value: float | None
    n: int
    undefined: str | None = None

    @classmethod
    def of(cls, value: float, n: int, otherwise: str) -> Self:
        """Return the score of `value`, or the one undefined because of `otherwise` for NaN."""
        if math.isnan(value):
            return cls(None, n, otherwise)
        return cls(float(value), n)
