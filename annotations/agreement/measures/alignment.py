"""Which span of one observer is which of another: overlaps, and the best one-to-one matching."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.assignment import best
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.scores import TooLarge
from annotations.agreement.measures.spans import Spans

FEW = 200  # pairs among which components are found by hand
LARGEST = 2_000_000  # overlapping fragments of one article: some hundred MB, some seconds


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Every pair of spans of one group that share a code point.

    `shared` and `union` count code points of the two as sets: they are equal for equal spans.
    """

    first: Ints
    second: Ints
    shared: Ints
    union: Ints

    @property
    def iou(self) -> Floats:
        return self.shared / self.union

    def at_least(self, threshold: float) -> "Overlaps":
        """Return the pairs whose intersection over union reaches `threshold` (1.0: equal spans)."""
        kept = self.iou >= threshold
        return Overlaps(self.first[kept], self.second[kept], self.shared[kept], self.union[kept])


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of positions, one-to-one: span `first[i]` is matched with span `second[i]`."""

    first: Ints
    second: Ints

    @classmethod
    def of(cls, first: Ints, second: Ints) -> "Matching":
        """Return these pairs in the order of `first`."""
        order = np.argsort(first, kind="stable")
        return cls(first[order], second[order])

    def __len__(self) -> int:
        return len(self.first)


def overlaps(first: Spans, second: Spans) -> Overlaps:
    """Return the overlapping pairs, each once, in the order of `first` and then of `second`.

    Costs O(n log n) and the number of overlapping fragments; touching spans share nothing. Raises
    TooLarge for more than `LARGEST` of those.
    """
    one, other, shared = _meetings(first, second)
    pair = first.owner[one] * max(len(second), 1) + second.owner[other]
    pairs, position = np.unique(pair, return_inverse=True)
    total = np.bincount(position, weights=shared, minlength=len(pairs)).astype(np.int64)
    a, b = np.divmod(pairs, max(len(second), 1))
    return Overlaps(a, b, total, first.lengths[a] + second.lengths[b] - total)


def matchings(first: Spans, second: Spans, thresholds: Iterable[float]) -> list[Matching]:
    """Return the best matching (as `match`) of the spans at each of these thresholds.

    Equal spans are compared once, however often they are repeated: their copies are then matched
    as often as both observers have them to spare. Which observer comes first changes no pair, as long
    as both lists are in the same order of reading. Raises TooLarge as `overlaps` does, if spans
    need only overlap in part.
    """
    wanted = list(thresholds)
    partly = _partly(first, second, [each for each in wanted if each < 1])
    return [next(partly) if each < 1 else equal(first, second) for each in wanted]


def equal(first: Spans, second: Spans) -> Matching:
    """Return the matching of equal spans: the first copy with the first, and so on."""
    places: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for at, key in reversed(list(enumerate(second.keys))):
        places[key].append(at)
    pairs = [(at, places[key].pop()) for at, key in enumerate(first.keys) if places[key]]
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Matching(one, other)


def _partly(first: Spans, second: Spans, thresholds: Sequence[float]) -> Iterator[Matching]:
    """Yield the best matching at each threshold, by the overlaps.

    It is sought in one direction, whoever comes first: of two that are equally good, a search finds
    this one or that.
    """
    if not thresholds:
        return
    keys, others = first.keys, second.keys
    if others < keys:
        turned = _found(_Copies.of(second, others), _Copies.of(first, keys), thresholds)
        yield from (Matching.of(each.second, each.first) for each in turned)
    else:
        yield from _found(_Copies.of(first, keys), _Copies.of(second, others), thresholds)


def _found(one: "_Copies", other: "_Copies", thresholds: Sequence[float]) -> Iterator[Matching]:
    """Yield the best matching of these at each threshold."""
    pairs = overlaps(one.spans, other.spans)
    for threshold in thresholds:
        found = pairs.at_least(threshold)
        if one.repeated or other.repeated:
            several = match(found, one.count, other.count)
            yield Matching(one.taken(several.first), other.taken(several.second))
        else:
            yield match(found)


def match(pairs: Overlaps, copies: Ints | None = None, others: Ints | None = None) -> Matching:
    """Return the one-to-one matching with the most pairs, and among those the most overlap.

    `copies` and `others` say how often the spans of each side may be matched (default: once); a
    pair that is matched several times is there as often. Equal totals are settled by the order of
    the spans: the pairs nearest to parallel win.
    """
    alone = _alone(pairs)
    chosen = [_repeated(pairs.first[alone], pairs.second[alone], copies, others)]
    for crowd in _crowds(pairs, ~alone):
        chosen.append(
            best(pairs.first[crowd], pairs.second[crowd], pairs.iou[crowd], copies, others)
        )
    first, second = (np.concatenate(side) for side in zip(*chosen, strict=True))
    return Matching.of(first, second)


@dataclass(frozen=True, slots=True)
class _Copies:
    """The distinct spans among many, and where the copies of each stand."""

    spans: Spans
    count: Ints
    members: Ints

    @classmethod
    def of(cls, spans: Spans, keys: Sequence[tuple[int, ...]]) -> "_Copies":
        numbers: dict[tuple[int, ...], int] = {}
        each = [numbers.setdefault(key, len(numbers)) for key in keys]
        kinds = np.array(each, dtype=np.int64)
        count = np.bincount(kinds).astype(np.int64)
        if len(count) == len(kinds):
            return cls(spans, count, np.arange(len(kinds)))
        members = np.argsort(kinds, kind="stable")
        earliest = members[np.cumsum(count) - count]
        return cls(spans.only(earliest), count, members)

    @property
    def repeated(self) -> bool:
        return len(self.members) > len(self.spans)

    def taken(self, kinds: Ints) -> Ints:
        """Return a copy for every mention of a kind, each copy once, in the order of the copies."""
        begin = np.cumsum(self.count) - self.count
        order = np.argsort(kinds, kind="stable")
        ordered = kinds[order]
        nth = np.empty(len(kinds), dtype=np.int64)
        nth[order] = np.arange(len(kinds)) - np.searchsorted(ordered, ordered)
        return np.asarray(self.members[begin[kinds] + nth])


def _repeated(
    first: Ints, second: Ints, copies: Ints | None, others: Ints | None
) -> tuple[Ints, Ints]:
    if copies is None or others is None:
        return first, second
    times = np.minimum(copies[first], others[second])
    return np.repeat(first, times), np.repeat(second, times)


def _meetings(first: Spans, second: Spans) -> tuple[Ints, Ints, Ints]:
    """Return the overlapping fragments (positions in first and second) and their shared length.

    Of two overlapping fragments one starts inside the other: each case is one sorted search.
    """
    width = max(first.reach, second.reach) + 1
    (a_start, a_end), (b_start, b_end) = first.apart(width), second.apart(width)
    b_order, a_order = np.argsort(b_start), np.argsort(a_start)
    starts = b_start[b_order]
    a1, b1 = _runs(np.searchsorted(starts, a_start, "left"), np.searchsorted(starts, a_end, "left"))
    starts = a_start[a_order]
    b2, a2 = _runs(
        np.searchsorted(starts, b_start, "right"), np.searchsorted(starts, b_end, "left")
    )
    one = np.concatenate((a1, a_order[a2]))
    other = np.concatenate((b_order[b1], b2))
    shared = np.minimum(a_end[one], b_end[other]) - np.maximum(a_start[one], b_start[other])
    # a fragment without a code point starts inside another, and still shares nothing with it
    some = shared > 0
    return one[some], other[some], shared[some]


def _runs(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return, for every row, the row beside each position of low[row] ... high[row] - 1."""
    counts = np.maximum(high - low, 0)
    if counts.sum() > LARGEST:
        raise TooLarge
    rows = np.repeat(np.arange(len(low)), counts)
    before = np.cumsum(counts) - counts
    return rows, np.arange(len(rows)) - before[rows] + low[rows]


def _alone(pairs: Overlaps) -> Flags:
    """Tell which pairs compete with no other: most of them, and they need no search."""
    if not len(pairs.first):
        return np.zeros(0, dtype=bool)
    one, other = np.bincount(pairs.first), np.bincount(pairs.second)
    return np.asarray((one[pairs.first] == 1) & (other[pairs.second] == 1))


def _crowds(pairs: Overlaps, among: Flags) -> list[Ints]:
    """Return the competing pairs (as positions), one array per connected component."""
    positions = np.flatnonzero(among)
    if not len(positions):
        return []
    first, second = pairs.first[positions], pairs.second[positions]
    component = _components(first, second)
    order = np.argsort(component, kind="stable")
    cuts = np.flatnonzero(np.diff(component[order])) + 1
    return np.split(positions[order], cuts)


def _components(first: Ints, second: Ints) -> Ints:
    """Return, for every pair, the number of the connected component it belongs to."""
    if len(first) < FEW:
        return _components_of_few(first.tolist(), second.tolist())
    offset = int(first.max()) + 1
    size = offset + int(second.max()) + 1
    # scipy takes half a second to import: only who measures pays for it, not who serves pages
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(first)), (first, second + offset)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    return np.asarray(component[first], dtype=np.int64)


def _components_of_few(first: list[int], second: list[int]) -> Ints:
    """Return the same without the cost of building a graph."""
    members: dict[int, list[int]] = {}
    nodes = [(one, -1 - other) for one, other in zip(first, second, strict=True)]
    for pair in nodes:
        one, other = (members.setdefault(node, [node]) for node in pair)
        if one is not other:
            one += other
            members.update(dict.fromkeys(other, one))
    numbers: dict[int, int] = {}
    found = [numbers.setdefault(id(members[one]), len(numbers)) for one, _ in nodes]
    return np.array(found, dtype=np.int64)
