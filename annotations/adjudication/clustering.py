"""Which spans of different layers are one. Pure.

Spans that are the same in everything stand together first (the second of a layer with the second of
the others). Then whatever overlaps best is joined, the best of all first, and never two of one layer:
spans of one label by any overlap, and after all of those spans of different labels that share most of
what they cover. Nothing depends on the order of layers, nor on the ids of spans as long as no two of
a layer are alike.

Costs O(n log n) and the number of spans that overlap; of those that stand over one place only the
NEAREST that began last are looked at, which no article feels that somebody reads.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import msgspec

from annotations.adjudication.records import Layer
from annotations.spans.requests import SpanImage

NEAREST = 60
OTHER_LABEL = 0.5
"""What spans of different labels must share of all that both cover, to be one with two labels."""

Pairs = Sequence[Sequence[int]]
Identity = Callable[[UUID], UUID]


class Placed(NamedTuple):
    """A span and the layer it is in."""

    layer: int
    span: SpanImage


@dataclass(slots=True)
class _Alike:
    """Spans that are the same in everything, one of each of some layers."""

    order: tuple[str, str, str, int]
    label: str
    fragments: Pairs
    members: list[Placed]
    layers: frozenset[int]

    @property
    def start(self) -> int:
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        return self.fragments[-1][1]


def clusters(layers: Iterable[Layer], identity: Identity) -> list[list[Placed]]:
    """Return every span of the layers in exactly one cluster, with at most one of each layer there.
    `identity` tells under which id an entity goes on."""
    alike = _alike(layers, identity)
    groups = _Groups([one.layers for one in alike])
    for _, _, first, second in sorted(_meetings(alike)):
        groups.join(first, second)
    found: defaultdict[int, list[Placed]] = defaultdict(list)
    for at, one in enumerate(alike):
        found[groups.of(at)] += one.members
    return list(found.values())


def sameness(span: SpanImage, identity: Identity) -> tuple[str, str, str]:
    """What two spans have in common that are the same in everything: where they stand, their label,
    and the rest."""
    # padded, so that the order of the texts is that of the numbers
    where = " ".join(f"{start:09}:{end:09}" for start, end in span.fragments)
    rest = [sorted(span.attributes.items()), span.entity and str(identity(span.entity))]
    return where, span.label, msgspec.json.encode(rest).decode()


def _alike(layers: Iterable[Layer], identity: Identity) -> list[_Alike]:
    """The spans that are the same in everything, the nth of a layer with the nth of the others, in
    an order that does not depend on that of the layers."""
    found: defaultdict[tuple[str, str, str, int], list[Placed]] = defaultdict(list)
    for layer in layers:
        seen: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        for span in sorted(layer.spans, key=lambda span: span.id):
            same = sameness(span, identity)
            found[*same, seen[same]].append(Placed(layer.id, span))
            seen[same] += 1
    return [
        _Alike(
            order,
            members[0].span.label,
            members[0].span.fragments,
            members,
            frozenset(member.layer for member in members),
        )
        for order, members in sorted(found.items())
    ]


def _meetings(alike: Sequence[_Alike]) -> Iterator[tuple[bool, float, int, int]]:
    """Yield the pairs that may be one, the best ones smallest: of one label first, then by what they
    share, then by their order."""
    by_label: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(alike):
        by_label[one.label].append(at)
    for some in by_label.values():
        for first, second in _overlapping(alike, some):
            if shared := overlap(alike[first].fragments, alike[second].fragments):
                yield False, -shared, first, second
    if len(by_label) == 1:
        return
    for first, second in _overlapping(alike, range(len(alike))):
        if alike[first].label == alike[second].label:
            continue
        shared = overlap(alike[first].fragments, alike[second].fragments)
        if shared >= OTHER_LABEL:
            yield True, -shared, first, second


def _overlapping(alike: Sequence[_Alike], some: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one begins before the other ends, by one sweep over the text."""
    begun: list[int] = []
    for at in sorted(some, key=lambda at: (alike[at].start, at)):
        begun = [one for one in begun if alike[one].end > alike[at].start][-NEAREST:]
        for one in begun:
            if not alike[one].layers & alike[at].layers:
                yield min(one, at), max(one, at)
        begun.append(at)


def overlap(one: Pairs, other: Pairs) -> float:
    """Return the share that two spans have in common of all that both cover: 1 where they are equal,
    0 where they share nothing."""
    shared = at = 0
    for start, end in one:
        while at < len(other) and other[at][1] <= start:
            at += 1
        for first, last in other[at:]:
            if first >= end:
                break
            shared += min(end, last) - max(start, first)
    return shared / (_length(one) + _length(other) - shared)


def _length(fragments: Pairs) -> int:
    return sum(end - start for start, end in fragments)


class _Groups:
    """Numbers that are joined into groups, no two of one layer in any."""

    def __init__(self, layers: list[frozenset[int]]) -> None:
        self._layers = layers
        self._above = list(range(len(layers)))

    def of(self, at: int) -> int:
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        if first != second and not self._layers[first] & self._layers[second]:
            self._above[second] = first
            self._layers[first] |= self._layers[second]
