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
(touching ones are not), and overlapping segments of two values are refused. Splitting a segment
in two goes almost unseen, so read it beside F1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotations.agreement.measures.numbers import Floats, Ints, ratio
from annotations.agreement.measures.scores import (
    NO_GAP,
    NO_MATCH,
    NO_SPANS,
    NO_VARIATION,
    TOO_FEW_LAYERS,
    Score,
)
from annotations.agreement.measures.spans import Spans

Segment = tuple[int, int, str]
Observers = Sequence[Sequence[Segment]]


def u_alpha(observers: Observers, *, begin: int, length: int) -> Score:
    """Return u-alpha: are the same stretches marked, with the same values?"""
    if len(observers) < 2:
        return Score(None, 0, TOO_FEW_LAYERS)
    study = _Continuum.of(observers, begin, length)
    table = study.coincidences()
    squares = study.squares(np.ones((len(observers), len(study.widths)))).sum()
    figure = _alpha(table, table.sum(axis=1)[0] + squares)
    return Score.of(figure, study.units, NO_GAP if study.units else NO_SPANS)


def u_alpha_binary(observers: Observers, *, begin: int, length: int) -> Score:
    """Return u-alpha with all values taken for one: are the same stretches marked at all?"""
    marked = [[(start, end, "") for start, end, _ in segments] for segments in observers]
    return u_alpha(marked, begin=begin, length=length)


def u_alpha_of_label(observers: Observers, label: str, *, begin: int, length: int) -> Score:
    """Return u-alpha of one value alone, all else being gap: the figure per label."""
    alone = [[each for each in segments if each[2] == label] for segments in observers]
    return u_alpha(alone, begin=begin, length=length)


def cu_alpha(observers: Observers, *, begin: int, length: int) -> Score:
    """Return cu-alpha: where two observers both mark something, do they give it one value?"""
    if len(observers) < 2:
        return Score(None, 0, TOO_FEW_LAYERS)
    study = _Continuum.of(observers, begin, length)
    table = study.coincidences()[1:, 1:]
    figure = _alpha(table, study.squares(study.company()).sum())
    return Score.of(figure, study.units, NO_VARIATION if table.sum() else NO_MATCH)


def k_alpha(observers: Observers, k: str, *, begin: int, length: int) -> Score:
    """Return (k)u-alpha: where value `k` meets any value, does it meet its own kind?"""
    if len(observers) < 2:
        return Score(None, 0, TOO_FEW_LAYERS)
    study = _Continuum.of(observers, begin, length)
    if k not in study.values:
        return Score(None, 0, NO_SPANS)
    at = study.values.index(k)
    table = study.coincidences()[1:, 1:]
    own, marginal, itself = table[at, at], table[at].sum(), study.squares(study.company())[at]
    observed = 1 - ratio(own, marginal)
    expected = 1 - ratio(marginal**2 - itself, marginal * table.sum() - itself)
    units = int((study.codes_of_segments == at + 1).sum())
    figure = float(1 - ratio(observed, expected))
    return Score.of(figure, units, NO_VARIATION if marginal else NO_MATCH)


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

    values: list[str]
    widths: Ints
    codes: Ints  # observer x cell: the value
    segments: Ints  # observer x cell: the number of the segment, 0 in a gap
    codes_of_segments: Ints  # the value of each segment

    @classmethod
    def of(cls, observers: Observers, begin: int, length: int) -> "_Continuum":
        values = sorted({value for segments in observers for _, _, value in segments})
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

    @property
    def units(self) -> int:
        return len(self.codes_of_segments) - 1

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


def _fused(segments: Sequence[Segment], values: list[str]) -> Spans:
    spans = Spans.of((values.index(value), ((start, end),)) for start, end, value in segments)
    return spans.fused()


def _lay(row: Ints, side: Spans, first: Ints, cuts: Ints, number: int) -> None:
    """Write each segment's number over its cells; refuse a cell that is taken."""
    last = np.searchsorted(cuts, side.end)
    for at, (low, high) in enumerate(zip(first, last, strict=True)):
        if row[low:high].any():
            raise ValueError("one observer's segments of two values overlap")
        row[low:high] = number + at


def _alpha(table: Floats, itself: Floats) -> float:
    """Return 1 - observed / expected disagreement of a table of coincidences; NaN if undefined."""
    total = table.sum()
    chance = ratio(total**2 - (table.sum(axis=1) ** 2).sum(), total**2 - itself)
    return float(1 - ratio(ratio(total - np.trace(table), total), chance))
