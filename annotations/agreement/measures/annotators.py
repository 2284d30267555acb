"""Each annotator against the rest, the agreement without them, and with themselves.

Additive: the counts of a pair of annotators are sums over articles (`Pair`); everything here is a
figure of those. A pair of one name are two passes of one person over the same articles.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.fscore import F1
from annotations.agreement.measures.scores import (
    NO_SPANS,
    TOO_FEW_ANNOTATORS,
    TOO_FEW_LAYERS,
    TOO_FEW_UNITS,
    Score,
)

LEAST_UNITS = 50  # spans; below, one person's figure says more about the articles than about them

Names = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Summed counts of two annotators: the matched pairs of spans, and the spans of each."""

    matched: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`rest`: F1 of all pairs the annotator is in, taken for one. `without`: the mean F1 of the
    pairs they are not in; `gain`: by how much it is above the mean of all pairs (what leaving
    them out would win, or lose if negative); None where one of the two is undefined."""

    rest: Score
    without: Score
    gain: float | None


def standings(
    pairs: Mapping[Names, Pair], *, least_units: int = LEAST_UNITS
) -> dict[str, Standing]:
    """Return the standing of every annotator. Undefined with fewer than three annotators, who
    have no rest to be compared with, and below `least_units` spans of an annotator's pairs."""
    between = {names: pair for names, pair in pairs.items() if names[0] != names[1]}
    people = sorted({name for names in between for name in names})
    everyone = _mean(between)
    return {name: _standing(name, between, everyone, len(people), least_units) for name in people}


def self_agreement(pairs: Mapping[Names, Pair]) -> dict[str, F1]:
    """Return, by annotator, F1 of their earlier and later pass over articles served again."""
    return {one: f1_of(pair) for (one, other), pair in pairs.items() if one == other}


def f1_of(pair: Pair) -> F1:
    """Return F1 of these counts; undefined when nobody placed anything."""
    return F1.from_counts(pair.matched, pair.first, pair.second)


def _standing(
    name: str, pairs: Mapping[Names, Pair], everyone: Score, people: int, least_units: int
) -> Standing:
    own = [pair for names, pair in pairs.items() if name in names]
    sums = (sum(getattr(pair, part) for pair in own) for part in ("matched", "first", "second"))
    rest = f1_of(Pair(*sums))
    if people < 3:
        nothing = Score(None, rest.n, TOO_FEW_ANNOTATORS)
        return Standing(nothing, nothing, None)
    if rest.n < least_units:
        nothing = Score(None, rest.n, TOO_FEW_UNITS)
        return Standing(nothing, nothing, None)
    without = _mean({names: pair for names, pair in pairs.items() if name not in names})
    if without.value is None or everyone.value is None:
        return Standing(Score(rest.value, rest.n, rest.undefined), without, None)
    return Standing(
        Score(rest.value, rest.n, rest.undefined), without, without.value - everyone.value
    )


def _mean(pairs: Mapping[Names, Pair]) -> Score:
    """Return the mean F1 of the pairs that have one."""
    figures = [f1_of(pair) for pair in pairs.values()]
    values = [each.value for each in figures if each.value is not None]
    units = sum(each.n for each in figures)
    if not values:
        return Score(None, units, NO_SPANS if figures else TOO_FEW_LAYERS)
    return Score(float(np.mean(values)), units)
