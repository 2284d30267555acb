"""Sums over articles in every draw, part by part: what parts of a campaign add up to.

A part are rows of one pair of annotators. Its counts are whole numbers and so are their sums, in
every draw: they can be kept, and added in any order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.measures.bootstrap import Rows
from annotations.agreement.measures.numbers import Flags, Floats, Ints
from annotations.agreement.measures.tally import Key

Bits = NDArray[np.uint8]


class Sampling(Protocol):
    """Draws of articles: whole ones again, or those that change places."""

    def sums(self, rows: Rows, articles: Ints) -> Floats:
        """Return the sums of the columns in every draw; the first is the sample itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """In which articles (their numbers, each once, ascending) something is counted at all: row k
    of `bits` says it of `keys[k]`, packed by eight."""

    articles: Ints
    keys: Sequence[Key]
    bits: Bits

    def flags(self) -> Flags:
        """Return what is counted where (key x article)."""
        return np.unpackbits(self.bits, axis=1, count=len(self.articles)).astype(bool)


@dataclass(frozen=True, slots=True, eq=False)
class Summed:
    """What rows add up to: `values[d, k]` is the sum of what key k of `seen` counts in draw d."""

    seen: Seen
    values: Floats

    @classmethod
    def of(cls, rows: Rows, articles: Ints, keys: Sequence[Key], resampling: Sampling) -> Self:
        """Return the sums of rows whose articles have these numbers, and columns these keys."""
        seen = np.zeros((len(keys), len(articles)), dtype=bool)
        seen[rows.column, rows.article] = True
        return cls(Seen(articles, keys, np.packbits(seen, axis=1)), resampling.sums(rows, articles))


@dataclass(slots=True, eq=False)
class Sums:
    """Sums of any number of parts, by key, in every draw; draw 0 is the sample itself
    (`Resampling.sums` says what follows)."""

    values: Floats
    columns: dict[Key, int] = field(default_factory=dict)
    parts: list[Seen] = field(default_factory=list)
    seen: Flags | None = None  # which column (row) is counted in which article, once asked for

    @classmethod
    def none(cls, draws: int) -> Self:
        return cls(np.zeros((draws, 0)))

    @classmethod
    def together(cls, several: Mapping["Sums", float], draws: int) -> "Sums":
        """Return these sums of so many draws added up, each times a share."""
        if list(several.values()) == [1.0]:
            return next(iter(several))
        found = cls.none(draws)
        for sums, share in several.items():
            found._put([*sums.columns], share * sums.values, sums.parts)
        return found

    def add(self, part: Summed) -> None:
        """What `part` adds up to is in the sums."""
        self._put(part.seen.keys, part.values, [part.seen])

    def _put(self, keys: Sequence[Key], values: Floats, parts: Iterable[Seen]) -> None:
        at = [self.columns.setdefault(key, len(self.columns)) for key in keys]
        if missing := len(self.columns) - self.values.shape[1]:
            self.values = np.pad(self.values, ((0, 0), (0, missing)))
        self.values[:, at] += values
        self.parts.extend(parts)
        self.seen = None

    def of(self, *keys: Key) -> Floats:
        """Return the sum of these counts in every draw; a key nobody counted adds nothing."""
        return np.asarray(self.values[:, self._at(keys)].sum(axis=1))

    def articles(self, *keys: Key) -> int:
        """Return how many articles of the sample have any of these counts."""
        if self.seen is None:
            self.seen = self._seen()
        return int(self.seen[self._at(keys)].any(axis=0).sum())

    def _seen(self) -> Flags:
        parts = [np.zeros(0, dtype=np.int64), *(part.articles for part in self.parts)]
        ends = np.cumsum([len(part) for part in parts]).tolist()
        known, number = np.unique(np.concatenate(parts), return_inverse=True)
        seen = np.zeros((len(self.columns), len(known)), dtype=bool)
        for part, first, last in zip(self.parts, ends[:-1], ends[1:], strict=True):
            # where no article is in two parts, any order of them will do, and this one is the quickest
            where = slice(first, last) if len(known) == ends[-1] else number[first:last]
            for key, flags in zip(part.keys, part.flags(), strict=True):
                seen[self.columns[key], where] |= flags
        return seen

    def _at(self, keys: Iterable[Key]) -> list[int]:
        return [self.columns[key] for key in keys if key in self.columns]
