"""What all layers of one article give together, where pairs of layers are not enough.

Additive: `numbers` of articles are summed, and so are `readings` of one kind; `depth` has the figures
of the sums, `trust` the models of who said what.

| key of `numbers` | sums |
|---|---|
| (*figure, "observed"), (*figure, "expected") | disorders, each by the mean units of an annotator |
| (*figure, "errors") | squared errors (95 %) of the expected one, weighed the same |
| (*figure, "units"), ("gamma", "samples") | spans (of the label), random continua drawn |
| ("cell", one, other) | code points of two annotators with these labels (`unitizing`), "" for none |
| ("squares", label), ("shared", label) | squared lengths of segments (`unitizing`) |
| ("segments", label), ("fused",) | segments; those that went into others |

`figure` is ("gamma",), ("gamma_cat",) or ("gamma_k", label). For gamma a span reaches from its first
code point to its last; on the continuum its fragments stand for themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotations.agreement.measures.gamma.aligning import NOBODY, Alignment, align
from annotations.agreement.measures.gamma.measure import Chance, Gamma, Gammas, gammas
from annotations.agreement.measures.gamma.units import Continuum, Dissimilarity
from annotations.agreement.measures.numbers import Floats
from annotations.agreement.measures.scores import NO_SPANS, TOO_LARGE, TWO_LABELS, TooLarge
from annotations.agreement.measures.tally import Key, Mark
from annotations.agreement.measures.unitizing import Stretches, TwoLabels

VERSION = 1  # a change in what is counted makes every kept article stale
GAMMA, CU_ALPHA, READINGS = "gamma", "cu_alpha", "readings"
NOTHING = ""  # what an annotator said who placed no such span

Said = tuple[tuple[int, str], ...]
"""What some annotators, by their places, said of one span."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Spans of an article that were read alike, `times` of them. Of `label` "" what is said are labels,
    NOTHING by who placed no such span; else values of the label's `attribute`, by who gave one."""

    label: str
    attribute: str
    said: Said
    times: int


@dataclass(frozen=True, slots=True)
class Together:
    """`missing` has the reason why an article has nothing for GAMMA, CU_ALPHA or READINGS."""

    numbers: Mapping[Key, float]
    missing: Mapping[str, str]
    readings: Sequence[Reading]


def together(
    length: int, layers: Sequence[Sequence[Mark]], chance: Chance, *, salt: int = 0
) -> Together:
    """Return the counts of two layers or more over one article of `length` code points. `salt`, a
    number of the article, makes its chance its own: it is added to the seed."""
    sides = [sorted(layer, key=_reach_and_label) for layer in layers]
    found = gammas(
        [[(*_reach(mark), mark.label) for mark in side] for side in sides],
        chance=replace(chance, seed=chance.seed + salt),
    )
    placed = Counter(mark.label for side in sides for mark in side)
    numbers: dict[Key, float] = dict(_of_gamma(found, placed))
    missing = {GAMMA: found.gamma.undefined} if found.gamma.undefined else {}
    try:
        numbers |= _of_stretches(_stretches(length, layers))
    except TwoLabels:
        missing[CU_ALPHA] = TWO_LABELS
    readings: list[Reading] = []
    try:
        readings = _readings(sides)
    except TooLarge:
        missing[READINGS] = TOO_LARGE
    if not any(sides):
        missing |= {CU_ALPHA: NO_SPANS, READINGS: NO_SPANS}
    return Together({key: number for key, number in numbers.items() if number}, missing, readings)


def stretches_of(sums: Mapping[Key, float], labels: Sequence[str]) -> Stretches:
    """Return the summed counts of the continuum as `unitizing` has them."""
    kinds = (NOTHING, *labels)
    table = [[sums.get(("cell", one, other), 0.0) for other in kinds] for one in kinds]

    def each(name: str) -> Floats:
        return np.array([sums.get((name, label), 0.0) for label in labels])

    return Stretches(
        tuple(labels),
        np.array(table),
        each("squares"),
        each("shared"),
        each("segments").astype(np.int64),
        round(sums.get(("fused",), 0.0)),
    )


def _reach(mark: Mark) -> tuple[int, int]:
    return mark.fragments[0][0], mark.fragments[-1][1]


def _reach_and_label(mark: Mark) -> tuple[int, int, str]:
    return *_reach(mark), mark.label


def _of_gamma(found: Gammas, placed: Mapping[str, int]) -> Iterator[tuple[Key, float]]:
    yield from _of_figure((GAMMA,), found.gamma, found.gamma.n)
    yield from _of_figure(("gamma_cat",), found.cat, found.cat.n)
    for label, figure in found.by_label.items():
        yield from _of_figure(("gamma_k", label), figure, placed[label])
    yield (GAMMA, "samples"), found.gamma.samples


def _of_figure(key: Key, figure: Gamma, units: int) -> Iterator[tuple[Key, float]]:
    if figure.value is None or figure.expected is None:
        return
    expected = figure.weight * figure.expected
    yield (*key, "observed"), figure.weight * (figure.observed or 0.0)
    yield (*key, "expected"), expected
    yield (*key, "errors"), (expected * (figure.precision or 0.0)) ** 2
    yield (*key, "units"), units


def _stretches(length: int, layers: Sequence[Sequence[Mark]]) -> Stretches:
    segments = [
        [(start, end, mark.label) for mark in layer for start, end in mark.fragments]
        for layer in layers
    ]
    return Stretches.of(segments, begin=0, length=length)


def _of_stretches(found: Stretches) -> dict[Key, float]:
    kinds = (NOTHING, *found.values)
    numbers: dict[Key, float] = {
        ("cell", one, other): float(found.table[i, j])
        for i, one in enumerate(kinds)
        for j, other in enumerate(kinds)
    }
    for at, label in enumerate(found.values):
        numbers["squares", label] = float(found.squares[at])
        numbers["shared", label] = float(found.shared[at])
        numbers["segments", label] = float(found.segments[at])
    return numbers | {("fused",): float(found.fused)}


def _readings(sides: Sequence[Sequence[Mark]]) -> list[Reading]:
    """Return what was said of each span, as the best alignment of all layers joins them. The sides
    stand in the order in which a continuum has its units."""
    if not any(sides):
        return []
    units = [[(*_reach(mark), mark.label) for mark in side] for side in sides]
    counted: Counter[tuple[str, str, Said]] = Counter()
    for item in _items(sides, align(Continuum.of(units), Dissimilarity())):
        counted.update(_said(item, len(sides)))
    return [Reading(*key, times) for key, times in sorted(counted.items())]


def _items(sides: Sequence[Sequence[Mark]], found: Alignment) -> Iterator[dict[int, Mark]]:
    """Yield each span with all that are it, by the places of their annotators."""
    for row in found.joined.tolist():
        yield {at: sides[at][unit] for at, unit in enumerate(row) if unit != NOBODY}
    for at, side in enumerate(sides):
        taken = set(found.joined[:, at].tolist())
        yield from ({at: mark} for unit, mark in enumerate(side) if unit not in taken)


def _said(item: Mapping[int, Mark], annotators: int) -> Iterator[tuple[str, str, Said]]:
    labels = [(at, item[at].label if at in item else NOTHING) for at in range(annotators)]
    yield "", "", tuple(labels)
    values: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for at, mark in sorted(item.items()):
        for attribute, value in mark.values.items():
            values[mark.label, attribute].append((at, value))
    for (label, attribute), said in values.items():
        if len(said) > 1:
            yield label, attribute, tuple(said)
