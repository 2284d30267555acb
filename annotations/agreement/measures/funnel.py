"""Where agreement is lost: a span is found by both, has the same boundaries, label, attribute values,
speaker or holder, and entity, each step among what the one before left.

Every span of both layers falls out at one step at the most, so that the shares add up: with n spans
in both layers together, and s of them left at the end, strict F1 is s / n, and 1 - F1 is the sum of
what the steps lost, each as a share of n.

Pairs are sought among equal spans of one label first, then among overlapping ones of one label, then
among overlapping ones of any: what exact F1 matches is matched here. Additive: `count` is what one
article adds, `steps` are the figures of summed counts.

| key | counts |
|---|---|
| ("#funnel", label, "found") | spans in both layers that overlap one of the other layer, one-to-one |
| ("#funnel", label, "lost", step, detail) | of those, the ones whose pair differs in this step first |

`step` is one of STEPS but the first; `detail` is the attribute or the kind of relation, or "".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from annotations.agreement.measures.alignment import Matching
from annotations.agreement.measures.numbers import Ints
from annotations.agreement.measures.relations import Linked, Targets
from annotations.agreement.measures.tally import Counts, Key, Mark, paired

STEPS = ("found", "boundary", "label", "value", "relation", "entity")


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the attributes of a label, and the relations of all, are looked at; what is not
    named is not looked at."""

    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    relations: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """Two spans that were paired, by their positions, and the step and detail at which they are
    lost; None where they are left at the end."""

    one: int
    other: int
    lost: tuple[str, str] | None


def fates(first: Linked, second: Linked, exact: Matching, order: Order) -> Iterator[Fate]:
    """Yield the fates of two layers of one article, of which `exact` pairs the equal spans of one
    label (of `tally.paired`). Spans without a partner have none: they are lost at "found"."""
    pairs = [*_paired(first.marks, second.marks, exact)]
    ends = Targets(first, second, dict(pairs))
    for one, other in pairs:
        differing = _differing(
            first.marks[one], second.marks[other], ends.outcomes(one, other), order
        )
        yield Fate(one, other, next(differing, None))


def count(first: Linked, second: Linked, exact: Matching, order: Order) -> Counts:
    """Return the counts of two layers of one article: the sum over their `fates`."""
    counts: Counter[Key] = Counter()
    for fate in fates(first, second, exact, order):
        for label in (first.marks[fate.one].label, second.marks[fate.other].label):
            counts["#funnel", label, "found"] += 1
            if fate.lost is not None:
                counts["#funnel", label, "lost", *fate.lost] += 1
    return counts


def _paired(
    first: Sequence[Mark], second: Sequence[Mark], exact: Matching
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of all three searches."""
    yield from _pairs(exact)
    some, others = _rest(len(first), exact.first), _rest(len(second), exact.second)
    for across in (False, True):
        if not some or not others:
            return
        left, right = [first[at] for at in some], [second[at] for at in others]
        (found,) = paired(left, right, ["overlap"], across_labels=across)
        yield from ((some[one], others[other]) for one, other in _pairs(found))
        some = [some[at] for at in _rest(len(some), found.first)]
        others = [others[at] for at in _rest(len(others), found.second)]


def _pairs(matching: Matching) -> Iterator[tuple[int, int]]:
    return zip(matching.first.tolist(), matching.second.tolist(), strict=True)


def _rest(size: int, taken: Ints) -> list[int]:
    rest = np.ones(size, dtype=bool)
    rest[taken] = False
    places: list[int] = np.flatnonzero(rest).tolist()
    return places


def _differing(
    one: Mark, other: Mark, outcomes: Iterable[tuple[str, str]], order: Order
) -> Iterator[tuple[str, str]]:
    """Yield the steps in which two spans differ, in order."""
    if [*one.fragments] != [*other.fragments]:
        yield "boundary", ""
    if one.label != other.label:
        yield "label", ""
    for attribute in order.attributes.get(one.label, ()):
        if one.values.get(attribute) != other.values.get(attribute):
            yield "value", attribute
    unlike = {kind for kind, outcome in outcomes if outcome != "same"}
    yield from (("relation", kind) for kind in order.relations if kind in unlike)
    if one.entity != other.entity:
        yield "entity", ""
