"""Where matched spans begin and end differently: by how much, and over which characters.

A distance is the second observer's less the first's, in code points: a start of -1 means that the
second begins one earlier, an end of +1 that the second goes on one longer. A stray quotation mark
or full stop in most differences is an unclear guideline, not noise.

Additive: `count` is what one article adds, `distances` and `strings` are the figures of summed
counts.

| key | counts |
|---|---|
| ("#boundary", label, edge, distance) | matched spans whose edge ("start", "end") so differs |
| ("#between", label, edge, side, string) | of those, what only "first" or "second" has |
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from annotations.agreement.measures.alignment import Matching
from annotations.agreement.measures.scores import NO_MATCH, Score
from annotations.agreement.measures.tally import Counts, Key, Mark, headed

Edge = Literal["start", "end"]
LONGEST = 20  # code points of a string that are kept, with an ellipsis for the others
CUT = "…"


@dataclass(frozen=True, slots=True)
class Distances(Score):
    """`value` is the mean signed distance over `n` matched spans; `histogram` has the number of
    spans by distance, from the lowest."""

    median: float | None = None
    absolute: float | None = None
    histogram: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Between:
    """A string that stands in the difference of two boundaries, how often, and who includes it."""

    string: str
    edge: Edge
    side: Literal["first", "second"]
    number: int


def count(
    first: Sequence[Mark], second: Sequence[Mark], matching: Matching, text: str | None = None
) -> Counts:
    """Return the counts of two layers of one article, whose marks `matching` pairs; with its text
    also the strings in the differences."""
    counts: Counter[Key] = Counter()
    for one, other in zip(matching.first.tolist(), matching.second.tolist(), strict=True):
        label = first[one].label
        for edge, a, b in _edges(first[one], second[other]):
            counts["#boundary", label, edge, str(b - a)] += 1
            if text is not None and a != b:
                first_has_it = (a < b) == (edge == "start")
                side = "first" if first_has_it else "second"
                counts["#between", label, edge, side, _kept(text[min(a, b) : max(a, b)])] += 1
    return counts


def distances(
    counts: Mapping[Key, int], edge: Edge, labels: Iterable[str] | None = None
) -> Distances:
    """Return the distances at one edge, over these labels or all."""
    wanted = None if labels is None else set(labels)
    histogram: Counter[int] = Counter()
    for key, number in headed(counts, "#boundary", 4):
        if key[2] == edge and (wanted is None or key[1] in wanted):
            histogram[int(key[3])] += number
    total = histogram.total()
    if not total:
        return Distances(None, 0, NO_MATCH)
    ordered = tuple(sorted(histogram.items()))
    return Distances(
        sum(distance * number for distance, number in ordered) / total,
        total,
        None,
        (_nth(ordered, (total - 1) // 2) + _nth(ordered, total // 2)) / 2,
        sum(abs(distance) * number for distance, number in ordered) / total,
        ordered,
    )


def strings(
    counts: Mapping[Key, int], labels: Iterable[str] | None = None, most: int = 20
) -> list[Between]:
    """Return the commonest strings in the differences, over these labels or all."""
    wanted = None if labels is None else set(labels)
    found: Counter[tuple[str, ...]] = Counter()
    for key, number in headed(counts, "#between", 5):
        if wanted is None or key[1] in wanted:
            found[key[2:]] += number
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:most]
    return [
        Between(
            string,
            "start" if edge == "start" else "end",
            "first" if side == "first" else "second",
            number,
        )
        for (edge, side, string), number in ranked
    ]


def _edges(one: Mark, other: Mark) -> Iterator[tuple[Edge, int, int]]:
    yield "start", one.fragments[0][0], other.fragments[0][0]
    yield "end", one.fragments[-1][1], other.fragments[-1][1]


def _kept(string: str) -> str:
    return string if len(string) <= LONGEST else string[:LONGEST] + CUT


def _nth(histogram: Sequence[tuple[int, int]], rank: int) -> int:
    """Return the distance at this rank, counted from zero."""
    before = 0
    for distance, number in histogram:
        before += number
        if rank < before:
            return distance
    raise IndexError(rank)
