"""What one pair of layers of one article adds to every figure: named counts, to be summed.

Counts of relations, entities, boundaries and the funnel are made by the modules of these names, and
stand in one row with the counts here (`articles`): their keys begin with "#", and have other
lengths, whatever a label is called.

| key | counts |
|---|---|
| ("length",) | code points of the article |
| ("crowded",) | 1, and nothing else is counted: too many spans overlap to be matched |
| (label, "first"), (label, "second") | spans in each layer |
| (label, "matched", variant) | matched pairs, by variant |
| (label, "marked") | code points under the label, in both layers together |
| (label, "squares") | squared lengths of the segments there, in both layers together |
| (label, "differing") | code points that one of the two marked and the other did not |
| (label, "value", attribute, matching, one, other) | matched pairs with these two values |

The label "" stands for all labels taken for one. A count of 0 is left out.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.alignment import Matching, matchings
from annotations.agreement.measures.fscore import threshold
from annotations.agreement.measures.scores import TooLarge
from annotations.agreement.measures.spans import Fragments, Spans
from annotations.agreement.measures.stretches import Stretch, sums

VERSION = 3  # a change in what is counted makes every kept tally stale
VARIANTS = ("exact", "iou:0.5", "overlap")
MATCHINGS = ("exact", "overlap")  # those over which values are compared
EVERY = ""  # the label that stands for all

Key = tuple[str, ...]
Counts = Mapping[Key, int]

CROWDED: Counts = {("crowded",): 1}  # an article that cannot be compared


@dataclass(frozen=True, slots=True)
class Mark:
    """One span of a layer. `values` holds its attribute values; what was not said is not there.
    `entity` is its identity in the registry, the same for a name and its aliases."""

    label: str
    fragments: Fragments
    values: Mapping[str, str]
    entity: str | None = None


def tally(length: int, first: Sequence[Mark], second: Sequence[Mark]) -> Counts:
    """Return the counts of two layers over one article of `length` code points.

    Swapping the layers swaps "first" with "second" and `one` with `other`, and nothing else.
    """
    try:
        return of_matchings(length, first, second, paired(first, second, VARIANTS))
    except TooLarge:
        return CROWDED


def of_matchings(
    length: int, first: Sequence[Mark], second: Sequence[Mark], found: Sequence[Matching]
) -> Counts:
    """Return the same, of marks that were paired at every one of VARIANTS."""
    counts: Counter[Key] = Counter({("length",): length})
    for variant, matching in zip(VARIANTS, found, strict=True):
        counts.update(_matched(first, second, matching, variant))
    counts.update(_placed(first, "first"))
    counts.update(_placed(second, "second"))
    counts.update(_stretches(first, second))
    return {key: count for key, count in counts.items() if count}


def paired(
    first: Sequence[Mark],
    second: Sequence[Mark],
    variants: Iterable[str],
    *,
    across_labels: bool = False,
) -> list[Matching]:
    """Return, for each way of matching, which mark of one layer is which of the other; only those
    of one label are, unless `across_labels`. The order of the marks decides nothing. Raises
    TooLarge (`alignment`)."""
    order, turned = (sorted(range(len(side)), key=_key_of(side)) for side in (first, second))
    one, other = [first[at] for at in order], [second[at] for at in turned]
    if across_labels:
        a, b = (Spans.of((0, mark.fragments) for mark in side) for side in (one, other))
    else:
        labels = _labels(one, other)
        a, b = _spans(one, labels), _spans(other, labels)
    found = matchings(a, b, map(threshold, variants))
    back, forth = np.array(order, dtype=np.int64), np.array(turned, dtype=np.int64)
    return [Matching(back[each.first], forth[each.second]) for each in found]


def headed(counts: Mapping[Key, int], head: str, size: int) -> Iterator[tuple[Key, int]]:
    """Yield the counts whose keys have this head and so many parts."""
    return ((key, n) for key, n in counts.items() if key[0] == head and len(key) == size)


def _key_of(marks: Sequence[Mark]) -> Callable[[int], tuple[object, ...]]:
    """Order coinciding spans by their values, so that no accident decides who matches whom."""

    def key(at: int) -> tuple[object, ...]:
        mark = marks[at]
        said = sorted(mark.values.items())
        return tuple(map(tuple, mark.fragments)), mark.label, said, mark.entity or ""

    return key


def _labels(*layers: Iterable[Mark]) -> list[str]:
    return sorted({mark.label for layer in layers for mark in layer})


def _spans(marks: Iterable[Mark], labels: Sequence[str]) -> Spans:
    """Return the marks as spans, grouped by the place of their label in `labels`."""
    number = {label: at for at, label in enumerate(labels)}
    return Spans.of((number[mark.label], mark.fragments) for mark in marks)


def _placed(marks: Sequence[Mark], side: str) -> dict[Key, int]:
    return Counter((mark.label, side) for mark in marks)


def _matched(
    one: Sequence[Mark], other: Sequence[Mark], matching: Matching, variant: str
) -> Iterator[Key]:
    for i, j in zip(matching.first, matching.second, strict=True):
        label = one[i].label
        yield label, "matched", variant
        if variant in MATCHINGS:
            for attribute in one[i].values.keys() & other[j].values.keys():
                pair = one[i].values[attribute], other[j].values[attribute]
                yield label, "value", attribute, variant, *pair


def _stretches(first: Sequence[Mark], second: Sequence[Mark]) -> dict[Key, int]:
    """Count code points per label and for EVERY; a layer's own overlapping spans count once."""
    one, other = _fragments(first), _fragments(second)
    return {
        (label, name): number
        for label in one.keys() | other.keys()
        for name, number in sums(one.get(label, ()), other.get(label, ())).items()
    }


def _fragments(marks: Iterable[Mark]) -> dict[str, list[Stretch]]:
    """Return the fragments under each label, and all of them under EVERY."""
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    for mark in marks:
        found[mark.label] += mark.fragments
        found[EVERY] += mark.fragments
    return found
