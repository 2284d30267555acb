"""Krippendorff's alpha for unitizing: agreement beyond chance on stretches of a continuum.

The family of 2016 (u-alpha, its binary form, cu-alpha, (k)u-alpha), nominal values: Krippendorff,
Mathet, Bouvry, Widloecher, "On the reliability of unitizing textual continua: Further
developments", Quality & Quantity 50 (2016) 2347-2364; Krippendorff, "Content Analysis", 4th ed.
2019, section 12.6. Not the coefficient of 1995 and 2004, which the 2016 paper replaces.

In words: every code point that one observer gives value c and another gives value k (a gap is a
value too) adds 1 / (m - 1) to the coincidence l_ck of m observers. Chance pairs any code points of
any segments, except a segment with itself: of l.. ^ 2 pairs it leaves out the squared length of
each valued segment, and for gaps, which are no units, only each code point with itself. Hence

    u-alpha = 1 - sum(l_ck, c != k) / l..  *  (l.. ^ 2 - Q) / sum(l_c. l_k., c != k)

with Q = l_gap. + the sum of squared segment lengths. cu-alpha is the same without the gaps, over
the code points two observers both gave a value; (k)u-alpha looks at the segments of one value.

A continuum has one layer: an observer's own segments of one value that overlap are fused first
(touching ones are not), and the result says how many were; where segments of two values overlap
there is no figure. Splitting a segment in two goes almost unseen, so read it beside F1.

Additive: `Stretches.of` counts an article of any observers, `+` puts articles end to end in one
continuum, and `u_alpha_of`, `cu_alpha_of` and `k_alpha_of` are the figures of summed counts, `u_alphas`,
`cu_alphas` and `k_alphas` those of many resamples at once; `u_alpha_of_sums` is that of one value from the sums of `tally`, for many resamples at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints, ratio
from annotations.agreement.measures.scores import (
    NO_GAP,
    NO_MATCH,
    NO_SPANS,
    NO_VARIATION,
    TOO_FEW_LAYERS,
    TWO_LABELS,
    Score,
)
from annotations.agreement.measures.spans import Spans

Segment = tuple[int, int, str]
Observers = Sequence[Sequence[Segment]]


class TwoLabels(ValueError):
    """One observer's segments of two values overlap: that is no continuum."""


@dataclass(frozen=True, slots=True)
class Unitized(Score):
    """A figure over `n` segments, after `fused` others went into overlapping ones of their kind."""

    fused: int = 0


@dataclass(frozen=True, slots=True)
class Stretches:
    """Counts of a continuum. `table` holds the coincidences l_ck, the gap as row and column 0;
    `squares` the squared segment lengths of each value, `shared` the same where each code point
    counts for the share of the other observers who gave it a value, `segments` their number."""

    values: tuple[str, ...]
    table: Floats
    squares: Floats
    shared: Floats
    segments: Ints
    fused: int

    @classmethod
    def of(
        cls,
        observers: Observers,
        *,
        begin: int,
        length: int,
        values: Sequence[str] | None = None,
    ) -> Self:
        """Return the counts of two observers or more over `length` code points from `begin`.

        `values` are those that articles to be summed have in common (default: those there are).
        Raises TwoLabels, and ValueError for a segment outside the continuum or without length.
        """
        there = {value for segments in observers for _, _, value in segments}
        order = tuple(sorted(there)) if values is None else tuple(values)
        study = _Continuum.of(observers, begin, length, order)
        everyone = np.ones((len(observers), len(study.widths)))
        segments = np.bincount(study.codes_of_segments[1:] - 1, minlength=len(order))
        placed = sum(map(len, observers))
        return cls(
            order,
            study.coincidences(),
            study.squares(everyone),
            study.squares(study.company()),
            segments.astype(np.int64),
            placed - int(segments.sum()),
        )

    def __add__(self, other: Self) -> Self:
        """Return the counts of the two end to end; they must be of the same values."""
        if self.values != other.values:
            raise ValueError("counts of different values cannot be summed")
        return type(self)(
            self.values,
            self.table + other.table,
            self.squares + other.squares,
            self.shared + other.shared,
            self.segments + other.segments,
            self.fused + other.fused,
        )

    @property
    def units(self) -> int:
        return int(self.segments.sum())

    def score(self, figure: Floats | float, units: int, otherwise: str) -> Unitized:
        """Return the score of this figure, or the reason in the place of a NaN."""
        if np.isnan(figure):
            return Unitized(None, units, otherwise, self.fused)
        return Unitized(float(figure), units, None, self.fused)


def u_alpha(observers: Observers, *, begin: int, length: int) -> Unitized:
    """Return u-alpha: are the same stretches marked, with the same values?"""
    sums = _stretches(observers, begin, length)
    return u_alpha_of(sums) if isinstance(sums, Stretches) else sums


def u_alpha_binary(observers: Observers, *, begin: int, length: int) -> Unitized:
    """Return u-alpha with all values taken for one: are the same stretches marked at all?"""
    marked = [[(start, end, "") for start, end, _ in segments] for segments in observers]
    return u_alpha(marked, begin=begin, length=length)


def u_alpha_of_label(observers: Observers, label: str, *, begin: int, length: int) -> Unitized:
    """Return u-alpha of one value alone, all else being gap: the figure per label."""
    alone = [[each for each in segments if each[2] == label] for segments in observers]
    return u_alpha(alone, begin=begin, length=length)


def cu_alpha(observers: Observers, *, begin: int, length: int) -> Unitized:
    """Return cu-alpha: where two observers both mark something, do they give it one value?"""
    sums = _stretches(observers, begin, length)
    return cu_alpha_of(sums) if isinstance(sums, Stretches) else sums


def k_alpha(observers: Observers, k: str, *, begin: int, length: int) -> Unitized:
    """Return (k)u-alpha: where value `k` meets any value, does it meet its own kind?"""
    sums = _stretches(observers, begin, length)
    return k_alpha_of(sums, k) if isinstance(sums, Stretches) else sums


def u_alpha_of(sums: Stretches) -> Unitized:
    """Return u-alpha of summed counts; undefined without segments, or without any gap where all
    are of one value."""
    figure = u_alphas(sums.table, sums.squares)
    return sums.score(figure, sums.units, NO_GAP if sums.units else NO_SPANS)


def cu_alpha_of(sums: Stretches) -> Unitized:
    """Return cu-alpha of summed counts; undefined where no segments of two observers meet, or
    where all that meet are of one value."""
    figure = cu_alphas(sums.table, sums.shared)
    return sums.score(figure, sums.units, NO_VARIATION if sums.table[1:, 1:].sum() else NO_MATCH)


def k_alpha_of(sums: Stretches, k: str) -> Unitized:
    """Return (k)u-alpha of summed counts; undefined where no segment of `k` meets another's."""
    if k not in sums.values:
        return sums.score(np.nan, 0, NO_SPANS)
    at = sums.values.index(k)
    units = int(sums.segments[at])
    met = sums.table[at + 1, 1:].sum()
    otherwise = (NO_VARIATION if met else NO_MATCH) if units else NO_SPANS
    return sums.score(k_alphas(sums.table, sums.shared, at), units, otherwise)


def u_alphas(table: Floats, squares: Floats) -> Floats:
    """Return u-alpha of tables and squared lengths as `Stretches` has them, of one sum or, along the
    first axis, of many; NaN where it is undefined. So do the next two."""
    return _alpha(table, table[..., 0, :].sum(axis=-1) + squares.sum(axis=-1))


def cu_alphas(table: Floats, shared: Floats) -> Floats:
    """Return cu-alpha."""
    return _alpha(table[..., 1:, 1:], shared.sum(axis=-1))


def k_alphas(table: Floats, shared: Floats, at: int) -> Floats:
    """Return (k)u-alpha of the value in this place."""
    valued = table[..., 1:, 1:]
    own, itself = valued[..., at, at], shared[..., at]
    marginal, total = valued[..., at, :].sum(axis=-1), valued.sum(axis=(-2, -1))
    observed = 1 - ratio(own, marginal)
    expected = 1 - ratio(marginal**2 - itself, marginal * total - itself)
    return np.asarray(1 - ratio(observed, expected))


def u_alpha_of_sums(length: Floats, marked: Floats, squares: Floats, differing: Floats) -> Floats:
    """Return u-alpha of one label from sums over articles, observers and pairs.

    `length` sums the code points each observer saw, `marked` those under segments, `squares` the
    squared segment lengths, `differing` counts the code points of every pair that only one of the
    two marked, weighing 1 / (m - 1) in an article of m observers. The articles stand end to end in
    one continuum. NaN where nothing or everything is marked.
    """
    gap = length - marked
    chance = ratio(2 * marked * gap, length**2 - gap - squares)
    return 1 - ratio(ratio(2 * differing, length), chance)


@dataclass(frozen=True, slots=True)
class _Continuum:
    """Observers' values over cells between any two neighbouring boundaries; value 0 is the gap."""

    values: Sequence[str]
    widths: Ints
    codes: Ints  # observer x cell: the value
    segments: Ints  # observer x cell: the number of the segment, 0 in a gap
    codes_of_segments: Ints  # the value of each segment

    @classmethod
    def of(
        cls, observers: Observers, begin: int, length: int, values: Sequence[str]
    ) -> "_Continuum":
        sides = [_fused(segments, values) for segments in observers]
        edges = [side.start for side in sides] + [side.end for side in sides]
        cuts = np.unique(np.concatenate([*edges, np.array([begin, begin + length])]))
        if cuts[0] < begin or cuts[-1] > begin + length:
            raise ValueError("a segment lies outside the continuum")
        segments = np.zeros((len(observers), len(cuts) - 1), dtype=np.int64)
        owners = [np.zeros(1, dtype=np.int64)]
        for at, side in enumerate(sides):
            _lay(segments[at], side, np.searchsorted(cuts, side.start), cuts, sum(map(len, owners)))
            owners.append(side.group + 1)
        kinds = np.concatenate(owners)
        return cls(values, np.diff(cuts), kinds[segments], segments, kinds)

    def coincidences(self) -> Floats:
        """Return l_ck over all pairs of observers, the gap as row and column 0."""
        kinds = np.arange(len(self.values) + 1)
        counts = (self.codes[:, :, None] == kinds).sum(axis=0).astype(np.float64)
        pairs = (counts.T * self.widths) @ counts - np.diag(self.widths @ counts)
        return np.asarray(pairs / (len(self.codes) - 1))

    def company(self) -> Floats:
        """Return, per observer and cell, the share of the others who also gave it a value."""
        valued = (self.codes > 0).astype(np.float64)
        return np.asarray((valued.sum(axis=0) - valued) / (len(self.codes) - 1))

    def squares(self, share: Floats) -> Floats:
        """Return, per value, the sum of squared segment lengths, each cell counting for `share`."""
        lengths = np.bincount(self.segments.ravel(), weights=(share * self.widths).ravel())
        kinds = self.codes_of_segments[1:] - 1
        sums = np.bincount(kinds, weights=lengths[1:] ** 2, minlength=len(self.values))
        return sums.astype(np.float64)


def _stretches(observers: Observers, begin: int, length: int) -> Stretches | Unitized:
    """Return the counts, or the score that says why there are none."""
    if len(observers) < 2:
        return Unitized(None, 0, TOO_FEW_LAYERS)
    try:
        return Stretches.of(observers, begin=begin, length=length)
    except TwoLabels:
        return Unitized(None, sum(map(len, observers)), TWO_LABELS)


def _fused(segments: Sequence[Segment], values: Sequence[str]) -> Spans:
    number = {value: at for at, value in enumerate(values)}
    spans = Spans.of((number[value], ((start, end),)) for start, end, value in segments)
    if not spans.lengths.all():
        raise ValueError("a segment must end after its start")
    return spans.fused()


def _lay(row: Ints, side: Spans, first: Ints, cuts: Ints, number: int) -> None:
    """Write each segment's number over its cells; refuse a cell that is taken."""
    last = np.searchsorted(cuts, side.end)
    for at, (low, high) in enumerate(zip(first, last, strict=True)):
        if row[low:high].any():
            raise TwoLabels("one observer's segments of two values overlap")
        row[low:high] = number + at


def _alpha(table: Floats, itself: Floats) -> Floats:
    """Return 1 - observed / expected disagreement of tables of coincidences; NaN if undefined."""
    total = table.sum(axis=(-2, -1))
    squares = (table.sum(axis=-1) ** 2).sum(axis=-1)
    chance = ratio(total**2 - squares, total**2 - itself)
    same = np.trace(table, axis1=-2, axis2=-1)
    return np.asarray(1 - ratio(ratio(total - same, total), chance))
