"""Overlapping spans as flat runs, ready to be painted one after another.

The desk paints with the same algorithm in `js/lib/segments.js`; both read
`tests/vectors/segments.json`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotations.text.fragments import Fragments


@dataclass(frozen=True, slots=True)
class Run:
    """The code points ``[start, end)`` under the same spans: their indexes, innermost first."""

    start: int
    end: int
    spans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Painting:
    """Runs that partition a window of the text, and the lane of each span (None: not in it)."""

    runs: tuple[Run, ...]
    lanes: tuple[int | None, ...]


def flatten(spans: Sequence[Fragments], start: int, end: int) -> Painting:
    """Return how to paint `spans` on the window ``[start, end)`` of a text.

    Of two spans that share a code point, the longer one lies in a lane further from the text (a
    higher number). Equal spans both count; of those the first given lies nearer.
    """
    clipped = [_clip(fragments, start, end) for fragments in spans]
    inside_out = sorted(
        (i for i, parts in enumerate(clipped) if parts), key=lambda i: _rank(spans[i], i)
    )
    edges = sorted({start, end, *(edge for parts in clipped for part in parts for edge in part)})
    slots = [_slots(edges, parts) for parts in clipped]
    return Painting(_runs(edges, slots, inside_out), _lanes(slots, inside_out))


def _clip(fragments: Fragments, start: int, end: int) -> Fragments:
    return tuple((max(s, start), min(e, end)) for s, e in fragments if s < end and e > start)


def _rank(fragments: Fragments, index: int) -> tuple[int, int, int]:
    size = sum(end - start for start, end in fragments)
    return size, -fragments[0][0], index


def _slots(edges: list[int], parts: Fragments) -> list[int]:
    return [
        slot
        for first, last in parts
        for slot in range(bisect_left(edges, first), bisect_left(edges, last))
    ]


def _runs(edges: list[int], slots: list[list[int]], inside_out: list[int]) -> tuple[Run, ...]:
    over: list[list[int]] = [[] for _ in edges]
    for index in inside_out:
        for slot in slots[index]:
            over[slot].append(index)
    return tuple(
        Run(first, last, tuple(indexes))
        for (first, last), indexes in zip(pairwise(edges), over, strict=False)
    )


def _lanes(slots: list[list[int]], inside_out: list[int]) -> tuple[int | None, ...]:
    lanes: list[int | None] = [None] * len(slots)
    free: dict[int, int] = {}
    for index in inside_out:
        lane = max(free.get(slot, 0) for slot in slots[index])
        free.update(dict.fromkeys(slots[index], lane + 1))
        lanes[index] = lane
    return tuple(lanes)
