"""Where the disagreement of two layers comes from: every span has one fate, and they sum to all.

Spans are paired in steps, each among those the steps before left over: equal spans of one label
("same"), overlapping ones of one label ("boundary"), overlapping ones of two labels ("label"); the
rest one annotator alone has seen. Of F1 of equal spans nothing is lost in the first step, and the
shares of the others sum to 1 - F1. The steps are no maximum matching of all overlaps, which would
give up equal pairs for a pair more; compare them with each other, not with overlap F1.

Additive: `count` is what one article adds, `shares` is the figure of summed counts.

| key | counts |
|---|---|
| ("#fate", step, label, other) | pairs of spans with these labels of the first and second layer |
| ("#fate", "alone", label, side) | spans that only the "first" or "second" layer has |
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from annotations.agreement.measures.scores import NO_SPANS
from annotations.agreement.measures.shares import Share
from annotations.agreement.measures.tally import Counts, Key, Mark, headed, paired

STEPS = ("same", "boundary", "label", "alone")
ANY = ""


def count(first: Sequence[Mark], second: Sequence[Mark]) -> Counts:
    """Return the counts of two layers of one article. Raises TooLarge as `tally.paired`."""
    counts: Counter[Key] = Counter()
    for step, variant in (("same", "exact"), ("boundary", "overlap"), ("label", "overlap")):
        one, other = (_alike(side) if step == "label" else side for side in (first, second))
        (matching,) = paired(one, other, [variant])
        met, theirs = matching.first.tolist(), matching.second.tolist()
        counts.update(
            ("#fate", step, first[a].label, second[b].label)
            for a, b in zip(met, theirs, strict=True)
        )
        first, second = _without(first, met), _without(second, theirs)
    counts.update(("#fate", "alone", mark.label, "first") for mark in first)
    counts.update(("#fate", "alone", mark.label, "second") for mark in second)
    return counts


def shares(counts: Mapping[Key, int], labels: Iterable[str] | None = None) -> dict[str, Share]:
    """Return what share of the spans of both layers ends in each step, over these labels or all;
    undefined without spans. A pair of two labels counts for each of them with one span."""
    wanted = None if labels is None else set(labels)
    spans: Counter[str] = Counter()
    for key, number in headed(counts, "#fate", 4):
        ends = key[2:3] if key[1] == "alone" else key[2:]
        spans[key[1]] += number * sum(wanted is None or each in wanted for each in ends)
    total = spans.total()
    return {step: Share.out_of(spans[step], total, total, NO_SPANS) for step in STEPS}


def _alike(marks: Sequence[Mark]) -> list[Mark]:
    return [replace(mark, label=ANY) for mark in marks]


def _without(marks: Sequence[Mark], taken: Iterable[int]) -> list[Mark]:
    gone = set(taken)
    return [mark for at, mark in enumerate(marks) if at not in gone]
