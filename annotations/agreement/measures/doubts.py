"""What makes a figure less sure than it looks: each doubt with the threshold that it passes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from annotations.agreement.measures.annotators import Names, Pair, standings

FEW_UNITS = 50
"""Below, the interval spans most judgements: it is to be read, and not the figure."""
SKEWED = 0.85
"""The share of one value above which chance agreement is so high that kappa and alpha fall whatever
the annotators do (the prevalence paradox: Feinstein and Cicchetti 1990)."""
MOSTLY_BOUNDARIES = 0.5
"""The share of the loss that boundaries have, above which a rule for them is worth more than any."""
APART = 0.05
"""F1 that the others win without one annotator."""
SPARSE = 5
"""Fewer mentions of a value in both layers together say nothing of it."""

Kind = Literal["few", "skewed", "boundaries", "apart", "sparse"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """`about` is a value, an annotator, or ""; `measured` what passed the threshold."""

    kind: Kind
    measured: float
    about: str = ""


def of_values(table: Mapping[tuple[str, str], int], values: Sequence[str]) -> Iterator[Doubt]:
    """Yield the doubts about an attribute whose values met so often."""
    pairs = sum(table.values())
    if not pairs:
        return
    if pairs < FEW_UNITS:
        yield Doubt("few", pairs)
    said = {
        value: sum(n * ((one == value) + (other == value)) for (one, other), n in table.items())
        for value in values
    }
    for value, number in said.items():
        # of one value alone there are no such coefficients, and the figure says so itself
        if SKEWED * 2 * pairs < number < 2 * pairs:
            yield Doubt("skewed", number / (2 * pairs), value)
        elif 0 < number < SPARSE:
            yield Doubt("sparse", number, value)


def of_losses(spans: int, lost: int, boundaries: int) -> Iterator[Doubt]:
    """Yield the doubts about span F1: so many spans, of which so many are lost, so many of those to
    their boundaries."""
    if 0 < spans < FEW_UNITS:
        yield Doubt("few", spans)
    if lost and boundaries > MOSTLY_BOUNDARIES * lost:
        yield Doubt("boundaries", boundaries / lost)


def of_annotators(pairs: Mapping[Names, Pair]) -> Iterator[Doubt]:
    """Yield whom the others would agree better without."""
    for name, standing in standings(pairs).items():
        if standing.gain is not None and standing.gain > APART:
            yield Doubt("apart", standing.gain, name)
