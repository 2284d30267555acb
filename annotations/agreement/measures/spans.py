"""One observer's spans as arrays: many small spans, compared all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from annotations.agreement.measures.numbers import Ints

Fragments = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans and their fragments, flattened.

    `group` has one number per span: spans of different groups (labels) never meet. `owner`,
    `start` and `end` have one entry per fragment: the position of its span, its code points.
    """

    group: Ints
    owner: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, spans: Iterable[tuple[int, Fragments]]) -> Self:
        """Return the (group, fragments) pairs as arrays; each span has 1..n disjoint fragments.

        Raises ValueError for a fragment that ends before it starts, or between two code points.
        """
        kept = list(spans)
        rows = [(at, *fragment) for at, (_, parts) in enumerate(kept) for fragment in parts]
        table = np.array(rows or np.zeros((0, 3), dtype=np.int64))
        owner, start, end = table.astype(np.int64).T
        if table.dtype.kind == "f" and (table[:, 1:] % 1).any():
            raise ValueError("a span must start and end at whole code points")
        if (end < start).any():
            raise ValueError("a span must not end before it starts")
        return cls(np.array([group for group, _ in kept], dtype=np.int64), owner, start, end)

    def __len__(self) -> int:
        return len(self.group)

    @property
    def lengths(self) -> Ints:
        """The code points each span covers."""
        covered = np.bincount(self.owner, weights=self.end - self.start, minlength=len(self))
        return covered.astype(np.int64)

    @property
    def reach(self) -> int:
        """A number no offset exceeds, 0 without spans."""
        return int(self.end.max(initial=0))

    @property
    def keys(self) -> list[tuple[int, ...]]:
        """What makes each span what it is, its group and fragments: equal for equal spans."""
        parts = [[group] for group in self.group.tolist()]
        for owner, *fragment in zip(
            self.owner.tolist(), self.start.tolist(), self.end.tolist(), strict=True
        ):
            parts[owner] += fragment
        return list(map(tuple, parts))

    def only(self, kept: Ints) -> Self:
        """Return the spans at these ascending positions."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[kept] = np.arange(len(kept))
        owner = place[self.owner]
        held = owner >= 0
        return type(self)(self.group[kept], owner[held], self.start[held], self.end[held])

    def apart(self, width: int) -> tuple[Ints, Ints]:
        """Return starts and ends with each group moved to a stretch of its own, `width` long."""
        shift = self.group[self.owner] * width
        return self.start + shift, self.end + shift

    def fused(self) -> Self:
        """Return the segments these spans cover: fragments of one group that overlap become one.

        Touching fragments stay two segments: a boundary that was drawn is kept.
        """
        start, end = self.apart(self.reach + 1)
        order = np.lexsort((end, start))
        start, end = start[order], end[order]
        furthest = np.maximum.accumulate(end)
        edges = np.ones(len(start) + 1, dtype=bool)
        edges[1:-1] = start[1:] >= furthest[:-1]
        first, last = start[edges[:-1]], furthest[edges[1:]]
        group = first // (self.reach + 1)
        shift = group * (self.reach + 1)
        return type(self)(group, np.arange(len(first)), first - shift, last - shift)
