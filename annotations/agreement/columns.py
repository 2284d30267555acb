"""The counts of a run as columns: what its pages read, of a hundred thousand pairs some megabytes.

They are put together from the pieces that were kept when the run was computed (`pieces`). Where those are
not there (few pairs; a text was taken down since), the same columns are made of the pairs themselves, as
they are counted now.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from annotations.agreement import pieces
from annotations.agreement.gathering import NUMBERS, Known
from annotations.agreement.heads import KNOWN
from annotations.agreement.material import ComparedPairs, sides
from annotations.agreement.measures.numbers import Flags, Ints
from annotations.agreement.measures.tally import Key
from annotations.agreement.models import AgreementRun
from annotations.agreement.packing import Packed, Words
from annotations.agreement.pieces import Piece


@dataclass(frozen=True, slots=True)
class Word:
    """A word of every pair: its place in a list, in which each word is once."""

    words: Sequence[str]
    place: Ints


@dataclass(frozen=True, slots=True)
class Columns(ComparedPairs):
    """The pairs of a run with what is known of them, and the counts of some heads.

    `submitted`: when the later of both layers was, in microseconds since the year 2000. `batch`: the load
    that the article came with, or the first version of it, by its time. `moved`: which pairs are counted
    at other revisions than those of the run, as may be where no pieces are there.
    """

    submitted: Ints
    source: Word
    language: Word
    batch: Word
    moved: Flags
    counts: Sequence[tuple[slice, Key, Packed]] = field(repr=False)
    order: Ints = field(repr=False)

    def sums(self, factors: Mapping[Key, int]) -> Ints:
        """Return, by pair, the sum of these counts, each so many times."""
        found = np.zeros(len(self.order), dtype=np.int64)
        for rows, key, column in self.counts:
            if factor := factors.get(key):
                column.add(found[rows], factor)
        return found[self.order]

    def totals(self) -> Counter[Key]:
        """Return what every key counts, over all pairs."""
        found: Counter[Key] = Counter()
        for _, key, column in self.counts:
            found[key] += column.total()
        return found

    def factors(self, factor: Callable[[Key], int]) -> dict[Key, int]:
        """Return how many times a sum takes each of the counts that are there."""
        return {key: factor(key) for key in {key for _, key, _ in self.counts}}


def columns_of(run: AgreementRun, heads: Sequence[str] = ()) -> Columns:
    """Return the pairs that a run compared, in the order of articles and layers, with the counts of
    these heads. Two queries, five where its pieces are not there."""
    found = pieces.kept(run, heads)
    if found is not None:
        return _joined(found)
    again = _joined([pieces.made(run, heads)])
    return replace(again, moved=_moved(run, again))


def _joined(several: Sequence[Piece]) -> Columns:
    known = [msgspec.msgpack.decode(piece[KNOWN], type=Known) for piece in several]
    ends = np.cumsum([0, *(each.length for each in known)]).tolist()
    article, first, second, one, other, a, b = (
        np.concatenate([each.numbers[at].dense(each.length) for each in known])
        for at in range(NUMBERS)
    )
    order = np.lexsort((second, first, article))
    pair, turned, names = sides(a[order], b[order])
    source, language, batch = (
        _words([getattr(each, name) for each in known], known, order)
        for name in ("source", "language", "batch")
    )
    return Columns(
        article=article[order],
        first=first[order],
        second=second[order],
        revisions=np.stack([one[order], other[order]], axis=1),
        pair=pair,
        turned=turned,
        names=names,
        submitted=np.concatenate([each.submitted.dense(each.length) for each in known])[order],
        source=source,
        language=language,
        batch=batch,
        moved=np.zeros(len(order), dtype=bool),
        counts=[
            (slice(first, last), key, column)
            for piece, first, last in zip(several, ends[:-1], ends[1:], strict=True)
            for head, stored in piece.items()
            if head != KNOWN
            for key, column in msgspec.msgpack.decode(stored, type=list[tuple[Key, Packed]])
        ],
        order=order,
    )


def _words(several: Sequence[Words], known: Sequence[Known], order: Ints) -> Word:
    words = sorted({word for each in several for word in each.words})
    at = {word: place for place, word in enumerate(words)}
    places = [
        np.array([at[word] for word in each.words], dtype=np.int64)[each.place.dense(piece.length)]
        for each, piece in zip(several, known, strict=True)
    ]
    return Word(words, np.concatenate(places)[order])


def _moved(run: AgreementRun, found: Columns) -> Flags:
    used = np.array([run.layers["assignments"], run.layers["revisions"]], dtype=np.int64)
    at = np.searchsorted(used[0], np.stack([found.first, found.second], axis=1))
    return np.asarray((used[1][at] != found.revisions).any(axis=1))
