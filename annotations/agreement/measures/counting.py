"""Everything that one pair of layers of one article adds, counted in one go.

`bounded` are the counts whose keys are few (labels, values, kinds), from which figures and their
intervals are summed; `open` those whose keys are as many as there are entities and strings.

| key of `bounded` beside those of `tally`, `relations` and `funnel` | counts |
|---|---|
| ("#linked", label, variant, outcome) | matched spans with the "same" or "different" entities, |
| | or with one in the "first" or "second" layer alone |
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.agreement.measures import boundaries, entities, funnel, relations
from annotations.agreement.measures.alignment import Matching
from annotations.agreement.measures.funnel import Order
from annotations.agreement.measures.relations import Linked
from annotations.agreement.measures.scores import TooLarge
from annotations.agreement.measures.tally import (
    CROWDED,
    MATCHINGS,
    VARIANTS,
    Counts,
    Key,
    Mark,
    of_matchings,
    paired,
)


@dataclass(frozen=True, slots=True)
class Counted:
    bounded: Counts
    open: Counts


def count(text: str, first: Linked, second: Linked, order: Order) -> Counted:
    """Return the counts of two layers over one article with this text. Swapping the layers swaps
    "first" with "second", `one` with `other`, the signs of distances, and nothing else. An article
    too crowded to be matched has CROWDED alone, and takes no part in any figure."""
    try:
        return _count(text, first, second, order)
    except TooLarge:
        return Counted(CROWDED, {})


def _count(text: str, first: Linked, second: Linked, order: Order) -> Counted:
    found = paired(first.marks, second.marks, VARIANTS)
    by_variant = dict(zip(VARIANTS, found, strict=True))
    bounded = dict(of_matchings(len(text), first.marks, second.marks, found))
    for variant in MATCHINGS:
        matching = by_variant[variant]
        bounded |= relations.count(first, second, matching, variant)
        bounded |= _linked(first.marks, second.marks, matching, variant)
    bounded |= funnel.count(first, second, by_variant["exact"], order)
    overlapping = by_variant["overlap"]
    opened = dict(entities.count(first.marks, second.marks, overlapping, "overlap"))
    opened |= boundaries.count(first.marks, second.marks, overlapping, text)
    return Counted(bounded, opened)


def turned(key: Key) -> Key:
    """Return what a key of `bounded` counts when the layers are swapped."""
    if key[0] == "#funnel":
        return key
    if key[1:2] == ("value",):
        return (*key[:4], key[5], key[4])
    return (*key[:-1], {"first": "second", "second": "first"}.get(key[-1], key[-1]))


def _linked(
    first: Sequence[Mark], second: Sequence[Mark], matching: Matching, variant: str
) -> Counts:
    counts: Counter[Key] = Counter()
    for (_, label, _, one, other), number in entities.count(
        first, second, matching, variant
    ).items():
        counts["#linked", label, variant, entities.outcome(one, other)] += number
    return counts
