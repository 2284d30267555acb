"""The best alignment of a continuum: the partition of its units with the least disorder.

A unitary alignment joins at most one unit of each annotator. Of n annotators and N = n (n - 1) / 2
pairs of them, one of k units costs (dissimilarities + (N - k (k - 1) / 2) * delta_empty) / N (2015,
definition 3): a unit alone costs delta_empty, and an alignment is worth its gain, what it costs
less than its units alone. Joining the parts S and T of one costs less than leaving them apart only
if their dissimilarities sum to less than (N + |S| |T|) delta_empty: whatever is dearer is pruned
before the search, and what remains of most continua falls into small pieces.

Two annotators are an assignment problem, more a set packing that `scipy.optimize.milp` (HiGHS)
solves; both exactly.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from annotations.agreement.measures.assignment import assigned
from annotations.agreement.measures.gamma.units import Continuum, Dissimilarity, Side
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.scores import TooLarge

NOBODY = -1
TIE = 1e-7  # of two alignments equally good, the one that joins more units
WHOLE = 1e-6  # how near to a whole number the solver's numbers are one
MOST_SECONDS = 3600.0
LARGEST = 5_000_000  # candidates at a time: some hundred MB

Table = Ints  # alignment x annotator: the position of the unit, or NOBODY


@dataclass(frozen=True, slots=True)
class Alignment:
    """The unitary alignments of two units and more (the others stand alone), and the disorder."""

    joined: Table
    disorder: float


def align(continuum: Continuum, unlike: Dissimilarity, until: float = float("inf")) -> Alignment:
    """Return the best alignment of two annotators or more.

    Raises TooLarge when there are too many candidates, or when it is not found before
    `time.process_time()` is `until`; ValueError for fewer annotators or no units.
    """
    if len(continuum.sides) < 2 or not len(continuum):
        raise ValueError("an alignment needs two annotators and a unit")
    joined, gain = _candidates(continuum, unlike, until)
    liked = gain + 2 * TIE * unlike.delta_empty * (joined != NOBODY).sum(axis=1)
    if len(continuum.sides) == 2:
        chosen = assigned(joined[:, 0], joined[:, 1], liked)
    else:
        chosen = _packed(joined, liked, [len(side) for side in continuum.sides], until)
    alone = len(continuum) * unlike.delta_empty
    return Alignment(joined[chosen], float(alone - gain[chosen].sum()) / continuum.mean_units)


def _candidates(continuum: Continuum, unlike: Dissimilarity, until: float) -> tuple[Table, Floats]:
    """Return every alignment of two units and more that can be worth it, and its gain."""
    sides = continuum.sides
    pairs = {
        (one, other): _near(sides[one], sides[other], unlike, _dearest(len(sides), unlike))
        for one, other in combinations(range(len(sides)), 2)
    }
    kept: list[tuple[Table, Floats]] = []
    for size in range(2, len(sides) + 1):
        for among in combinations(range(len(sides)), size):
            if time.process_time() > until:
                raise TooLarge
            kept.append(_joined(among, pairs, len(sides), unlike.delta_empty))
            if sum(len(gain) for _, gain in kept) > LARGEST:
                raise TooLarge
    return np.concatenate([table for table, _ in kept]), np.concatenate([gain for _, gain in kept])


def _dearest(annotators: int, unlike: Dissimilarity) -> float:
    """Return the dissimilarity that no two units of a worthwhile alignment reach: one of them
    against the others of a full alignment."""
    pairs = annotators * (annotators - 1) / 2
    return (pairs + annotators - 1) * unlike.delta_empty


@dataclass(frozen=True, slots=True)
class _Near:
    """The pairs of units of two annotators below the bound, in the order of the first."""

    first: Ints
    second: Ints
    cost: Floats
    begin: Ints  # where each unit of the first starts, and the end
    keys: Ints  # first * width + second, ascending
    width: int

    def costs(self, first: Ints, second: Ints) -> tuple[Flags, Floats]:
        """Tell which of these pairs are there, and what they cost (inf if they are not)."""
        if not len(self.keys):
            return np.zeros(len(first), dtype=bool), np.full(len(first), np.inf)
        wanted = first * self.width + second
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        there = self.keys[at] == wanted
        return there, np.where(there, self.cost[at], np.inf)


def _near(a: Side, b: Side, unlike: Dissimilarity, below: float) -> _Near:
    """Return the pairs whose dissimilarity is below the bound, without looking at all others."""
    i, j = (np.concatenate(side) for side in zip(*_windows(a, b, unlike, below), strict=True))
    cost = unlike.between(a, i, b, j)
    kept = cost < below + TIE
    i, j, cost = i[kept], j[kept], cost[kept]
    order = np.lexsort((j, i))
    i, j, cost = i[order], j[order], cost[order]
    begin = np.searchsorted(i, np.arange(len(a) + 1))
    width = max(len(b), 1)
    return _Near(i, j, cost, begin, i * width + j, width)


def _windows(a: Side, b: Side, unlike: Dissimilarity, below: float) -> Iterator[tuple[Ints, Ints]]:
    """Yield, for one class of lengths of b after the other, the pairs whose starts are not too far
    apart for the bound: the positional part alone would reach it. One very long unit then widens
    the window of its class only."""
    yield np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if not len(a) or not len(b):
        return
    scale = unlike.alpha * unlike.delta_empty
    reach = np.sqrt(below / scale) if scale else np.inf
    classes = np.floor(np.log2(b.length))
    total = 0
    for kind in np.unique(classes):
        of_kind = np.flatnonzero(classes == kind)
        starts, longest = b.start[of_kind], b.length[of_kind].max()
        distance = reach * (a.length + longest)
        low = np.searchsorted(starts, a.start - distance, "left")
        counts = np.searchsorted(starts, a.start + distance, "right") - low
        total += int(counts.sum())
        if total > LARGEST:
            raise TooLarge
        rows = np.repeat(np.arange(len(a)), counts)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        yield rows, of_kind[low[rows] + nth]


def _joined(
    among: tuple[int, ...],
    pairs: dict[tuple[int, int], _Near],
    annotators: int,
    empty: float,
) -> tuple[Table, Floats]:
    """Return the worthwhile alignments of exactly these annotators, one annotator at a time."""
    first = pairs[among[0], among[1]]
    units = np.stack((first.first, first.second), axis=1)
    apart = np.stack((first.cost, first.cost), axis=1)  # of each unit from all the others
    every = annotators * (annotators - 1) / 2
    dearest = (every + len(among) - 1) * empty
    for size in range(2, len(among)):
        units, apart = _extended(among, pairs, size, units, apart)
        kept = (apart < dearest + TIE).all(axis=1)
        units, apart = units[kept], apart[kept]
    size = len(among)
    cost = (apart.sum(axis=1) / 2 + (every - size * (size - 1) / 2) * empty) / every
    gain = size * empty - cost
    kept = (apart < dearest + TIE).all(axis=1) & (gain > -TIE)
    table = np.full((int(kept.sum()), annotators), NOBODY, dtype=np.int64)
    table[:, list(among)] = units[kept]
    return table, gain[kept]


def _extended(
    among: tuple[int, ...],
    pairs: dict[tuple[int, int], _Near],
    size: int,
    units: Ints,
    apart: Floats,
) -> tuple[Ints, Floats]:
    """Return the alignments with a unit of the next annotator more."""
    near = pairs[among[0], among[size]]
    counts = near.begin[units[:, 0] + 1] - near.begin[units[:, 0]]
    if counts.sum() > LARGEST:
        raise TooLarge
    rows = np.repeat(np.arange(len(units)), counts)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = near.begin[units[rows, 0]] + nth
    costs, there = [near.cost[at]], np.ones(len(rows), dtype=bool)
    for other in range(1, size):
        known, cost = pairs[among[other], among[size]].costs(units[rows, other], near.second[at])
        there &= known
        costs.append(cost)
    more = np.stack(costs, axis=1)
    wider = np.concatenate((apart[rows] + more, more.sum(axis=1, keepdims=True)), axis=1)
    longer = np.concatenate((units[rows], near.second[at][:, None]), axis=1)
    return longer[there], wider[there]


def _packed(joined: Table, gain: Floats, sizes: list[int], until: float) -> Ints:
    """Return the positions of the alignments of the largest gain that share no unit."""
    if not len(gain):
        return np.zeros(0, dtype=np.int64)
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    row, annotator = np.nonzero(joined != NOBODY)
    unit = joined[row, annotator] + np.array(np.cumsum(sizes) - sizes, dtype=np.int64)[annotator]
    shape = (sum(sizes), len(gain))
    limits = LinearConstraint(csr_array((np.ones(len(row)), (unit, row)), shape=shape), ub=1.0)
    # without whole numbers it is solved at once, and they mostly come out by themselves
    for whole in (0, 1):
        left = until - time.process_time()
        if left <= 0:
            raise TooLarge
        found = milp(
            -gain,
            integrality=np.full(len(gain), whole),
            constraints=limits,
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0, "time_limit": min(left, MOST_SECONDS)},
        )
        if found.x is None or found.status != 0:
            raise TooLarge
        used = np.asarray(found.x)
        if np.abs(used - np.rint(used)).max() < WHOLE:
            break
    return np.flatnonzero(used > 0.5)
