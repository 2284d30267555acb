"""Is a difference more than chance? Tests that exchange whole articles.

p = (1 + replicates whose difference is as large) / (1 + replicates), two-sided (Davison and Hinkley
1997, "Bootstrap Methods and their Application", section 4.3), which is never 0. As for intervals,
articles are exchanged, not spans: spans of one article are not independent.

If it makes no difference of which part of a campaign an article is, any dealing of the articles to
the parts was as likely as the one that is there, each part keeping its number. An article that is in
several parts (annotated in two weeks, under two schemas) keeps those, and its rows change places. Two
groups of different articles, and two passes over the same ones, are cases of this.

Where many parts are looked at, some look unlike by chance. `of_any` is how often chance makes any of
them as unlike as this one (Westfall and Young 1993, "Resampling-Based Multiple Testing", the one step
of the largest): every part is measured by its own standard error, all in the same dealing.

Articles are told apart by their counts alone, and stand in the order of those: the same counts and
seed give the same p, whatever order articles come in, and in every database.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import lgamma, log
from typing import Self

import numpy as np

from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.scores import NO_SPANS, TOO_FEW_ARTICLES

CHANCE = 0.05
"""Differences of which chance makes as much less often are called more than chance."""
AT_A_TIME = 2_000_000  # numbers that are drawn at once, bounds the memory
_CELLS = 20  # articles are dealt in the time in which a cell is drawn
_ROUNDED = 1e-9  # further digits depend on the order of additions

Figure = Callable[[Floats], Floats]
"""The figure of summed counts: their last axis are the columns."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`value` is the figure of a part less that of the rest; `p` how often chance makes as much, and
    `of_any` how often it does in any of the parts that were tested with it."""

    value: float | None
    p: float | None
    of_any: float | None
    replicates: int
    seed: int
    undefined: str | None = None

    @property
    def is_more_than_chance(self) -> bool:
        return self.of_any is not None and self.of_any < CHANCE


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """What articles add to parts: entry i says that article `article[i]` adds the counts `rows[i]` to
    part `part[i]` (0, 1, ...). An article has one entry at the most in a part."""

    article: Ints
    part: Ints
    rows: Floats

    @classmethod
    def of(cls, article: Ints, part: Ints, rows: Floats) -> Self:
        """Return the same of entries that may name an article and a part several times."""
        order = np.lexsort((part, article))
        same = np.stack([article[order], part[order]])
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (np.diff(same) != 0).any(axis=0)
        begins = np.flatnonzero(fresh)
        summed = np.add.reduceat(rows[order], begins, axis=0) if len(order) else rows
        return cls(article[order][begins], part[order][begins], summed)


def between(
    parted: Parted,
    figure: Figure,
    *,
    parts: int,
    tested: int | None = None,
    replicates: int = 1000,
    seed: int = 1,
) -> list[Difference]:
    """Return each of the `tested` first parts (all, without it) against all that is in the others.

    Undefined where either figure is undefined, and where so few articles can change places that no
    difference would ever be more than chance.
    """
    dealing = _Dealing.of(parted, parts)
    some = parts if tested is None else tested
    values = _apart(dealing.real[None], figure)[0, :some]
    why = [_undefined(dealing, at, float(value)) for at, value in enumerate(values)]
    known = np.array([reason is None for reason in why], dtype=bool)
    random = np.random.default_rng(seed)
    portions = [
        np.nan_to_num(_apart(dealing.sums(random, size), figure)[:, :some])
        for size in _portions(dealing.cost, replicates if known.any() else 0)
    ]
    chance = np.concatenate([np.zeros((0, some)), *portions])
    alone, of_any = alone_and_of_any(values, chance, known)
    return [
        Difference(None, None, None, replicates, seed, reason)
        if reason
        else Difference(float(values[at]), float(alone[at]), float(of_any[at]), replicates, seed)
        for at, reason in enumerate(why)
    ]


def alone_and_of_any(values: Floats, chance: Floats, family: Flags) -> tuple[Floats, Floats]:
    """Return p of each of these differences, of which `chance` has a row for every replicate; and how
    often any of the family is as large, each by its standard error."""
    errors = chance.std(axis=0) if len(chance) else np.ones(len(values))
    scale = np.where(family & (errors > _ROUNDED), errors, np.inf)
    largest = (np.abs(chance) / scale).max(axis=1, initial=0)
    return _as_often(values, chance), _as_often(values / scale, largest[:, None])


def _as_often(values: Floats, chance: Floats) -> Floats:
    large = np.abs(np.nan_to_num(chance)) >= np.abs(values) - _ROUNDED
    return np.asarray((1 + large.sum(axis=0)) / (1 + len(chance)))


def _apart(sums: Floats, figure: Figure) -> Floats:
    """Return the figure of every part less that of the others (replicate x part)."""
    return figure(sums) - figure(sums.sum(axis=1, keepdims=True) - sums)


def _undefined(dealing: "_Dealing", part: int, value: float) -> str | None:
    entries = int(dealing.entries[part])
    if not 0 < entries < dealing.entries.sum():
        return TOO_FEW_ARTICLES
    if np.isnan(value):
        return NO_SPANS
    return TOO_FEW_ARTICLES if dealing.ways(part) < log(1 / CHANCE) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """Articles that are in as many parts each: their parts (article x place), and their counts there
    (article x place x column)."""

    part: Ints
    rows: Floats

    def sums(self, random: np.random.Generator, parts: int) -> Floats:
        """Return what they add to the parts when the rows of each article went round among its parts
        by any number of places: two change places or do not."""
        number, places, columns = self.rows.shape
        round_ = random.integers(places, size=(number, 1))
        taken = places * np.arange(number)[:, None] + (np.arange(places) + round_) % places
        dealt = self.rows.reshape(-1, columns)[taken.ravel()]
        return _by_part(self.part.ravel(), dealt, parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Dealing:
    """What is dealt. Of the articles of one part only: `kinds` of counts, `often` as many articles
    have each, and `sizes` as many each part gets; the others are `shared`. `real` are the sums of the
    parts as they are, `entries` how many each has."""

    real: Floats
    entries: Ints
    kinds: Floats
    often: Ints
    sizes: Ints
    shared: Sequence[_Shared]

    @classmethod
    def of(cls, parted: Parted, parts: int) -> Self:
        _, begins, places = np.unique(parted.article, return_index=True, return_counts=True)
        alone = begins[places == 1]
        kinds, often = _distinct(parted.rows[alone])
        return cls(
            _by_part(parted.part, parted.rows, parts),
            np.bincount(parted.part, minlength=parts),
            kinds,
            often,
            np.bincount(parted.part[alone], minlength=parts),
            [
                _in_order(parted, begins[places == many][:, None] + np.arange(many))
                for many in np.unique(places[places > 1]).tolist()
            ],
        )

    @property
    def cost(self) -> int:
        """How many numbers are drawn for a replicate, or a little more."""
        return int(self.sizes.size * len(self.kinds)) + 1

    def ways(self, part: int) -> float:
        """Return the logarithm of how many dealings differ in what this part gets."""
        every, its = int(self.sizes.sum()), int(self.sizes[part])
        chosen = lgamma(every + 1) - lgamma(its + 1) - lgamma(every - its + 1)
        within = [
            int((some.part == part).any(axis=1).sum()) * log(some.part.shape[1])
            for some in self.shared
        ]
        return chosen + sum(within)

    def sums(self, random: np.random.Generator, size: int) -> Floats:
        """Return the sums of the parts in so many dealings (dealing x part x column)."""
        by_cell = _CELLS * self.sizes.size * len(self.kinds) <= self.sizes.sum()
        tables = self._drawn(random, size) if by_cell else self._dealt(random, size)
        found: Floats = tables @ self.kinds
        for some in self.shared:
            found += np.stack([some.sums(random, len(self.sizes)) for _ in range(size)])
        return found

    def _drawn(self, random: np.random.Generator, size: int) -> Floats:
        """Return how many articles of each kind every part gets (dealing x part x kind), cell by cell:
        given what is left, a cell is hypergeometric."""
        left = np.tile(self.often, (size, 1))
        tables = np.zeros((size, len(self.sizes), len(self.kinds)))
        for part, wanted in enumerate(self.sizes.tolist()):
            need, others = np.full(size, wanted), left.sum(axis=1)
            for kind in range(len(self.kinds)):
                others -= left[:, kind]
                taken = random.hypergeometric(left[:, kind], others, need)
                tables[:, part, kind] = taken
                left[:, kind] -= taken
                need -= taken
        return tables

    def _dealt(self, random: np.random.Generator, size: int) -> Floats:
        """Return the same when every article is dealt by itself: quicker where cells are many."""
        shape = len(self.sizes), len(self.kinds)
        part = np.repeat(shape[1] * np.arange(shape[0]), self.sizes)
        kind = np.repeat(np.arange(shape[1]), self.often)
        tables = np.zeros((size, *shape))
        for table in tables:
            cells = part + random.permutation(kind)
            table[:] = np.bincount(cells, minlength=table.size).reshape(shape)
        return tables


def _distinct(rows: Floats) -> tuple[Floats, Ints]:
    """Return the rows that differ, in order, and how often each is there."""
    order = np.lexsort(rows.T)
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (rows[order][1:] != rows[order][:-1]).any(axis=1)
    begins = np.flatnonzero(fresh)
    return rows[order][begins], np.diff(begins, append=len(rows))


def _in_order(parted: Parted, entries: Ints) -> _Shared:
    """Return these entries (article x place) in an order that follows from their parts and counts."""
    part, rows = parted.part[entries], parted.rows[entries]
    order = np.lexsort(np.hstack([part, rows.reshape(len(part), -1)]).T)
    return _Shared(part[order], rows[order])


def _by_part(part: Ints, rows: Floats, parts: int) -> Floats:
    """Return the sums of the rows of each part (part x column)."""
    columns = [np.bincount(part, column, parts) for column in rows.T]
    return np.stack(columns, axis=1).astype(np.float64)


def _portions(cost: int, replicates: int) -> Iterator[int]:
    step = max(AT_A_TIME // cost, 1)
    return (min(step, replicates - done) for done in range(0, replicates, step))
