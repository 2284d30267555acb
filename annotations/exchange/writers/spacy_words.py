"""Texts as the words of spaCy Docs: together, with the space behind some, they are the text.

Most of a text says again what was said before, so each word has one slot in a vocabulary, the words of
texts are an array of slots, and all of this is done for many texts at once.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from annotations.exchange.writers.spacy_cells import Cells, Ints
from annotations.exchange.writers.spacy_strings import numbers_of

Flags = NDArray[np.bool_]


class Vocabulary(dict[str, int]):
    """The slot of each word, given when it is first asked for, and what is in the slots: the word,
    its number, its length, and whether a space stands behind it, which then is a part of its length:
    spaCy keeps one with each word but white space."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers, self._sizes, self._behind = array("Q"), array("q"), array("b")
        self._parts: dict[tuple[int, int, int], int] = {}
        self._cells = Cells()

    def __missing__(self, piece: str) -> int:
        behind = piece[-1] == " " and not piece.isspace()
        word = piece[:-1] if behind else piece
        slot = self[piece] = len(self.words)
        self.words.append(word)
        self._sizes.append(len(piece))
        self._behind.append(behind)
        return slot

    def parts(self, slots: Ints, starts: Ints, ends: Ints) -> Ints:
        """The slots of what stands in words from one character to another."""

        def others(places: Ints) -> Sequence[int]:
            asked = zip(*(each[places].tolist() for each in (slots, starts, ends)), strict=True)
            return [self._part(*one) for one in asked]

        first = (slots << 32 | starts).view(np.uint64)
        return self._cells.values(first, ends.view(np.uint64), others)

    def _part(self, slot: int, start: int, end: int) -> int:
        found = self._parts.get((slot, start, end))
        if found is None:
            word = self.words[slot]
            piece = word[start:end] + " " * (end - len(word))  # the word itself may be long
            found = self._parts[slot, start, end] = self[piece]
        return found

    @property
    def held(self) -> int:
        """The words, and the parts of words."""
        return len(self) + len(self._parts)

    # no array may grow while numpy looks at it, so none of these outlives its line
    def numbers(self, slots: Ints) -> NDArray[np.uint64]:
        if new := self.words[len(self._numbers) :]:
            self._numbers.frombytes(numbers_of(new).tobytes())
        return np.frombuffer(self._numbers, np.uint64).take(slots)

    def sizes(self, slots: Ints) -> Ints:
        return np.frombuffer(self._sizes, np.int64).take(slots)

    def behind(self, slots: Ints) -> NDArray[np.int8]:
        return np.frombuffer(self._behind, np.int8).take(slots)


class Words(NamedTuple):
    """The slots of the words of some texts, one text after the other, and how many each has."""

    slots: Ints
    counts: Ints

    @classmethod
    def of(cls, texts: Sequence[Ints]) -> Self:
        """Those of each text, together."""
        return cls(np.concatenate(texts), np.array(list(map(len, texts))))

    def apart(self) -> Sequence[Ints]:
        """Those of each text."""
        ends = accumulate(self.counts.tolist(), initial=0)
        return [self.slots[begin:end] for begin, end in pairwise(ends)]


class Places(NamedTuple):
    """Places in texts: the number of the text, where in it they start and end."""

    text: Ints
    start: Ints
    end: Ints


class Fitted(NamedTuple):
    """Words, cut so that each of some places is a run of them: for each the first, the one behind its
    last, both counted in its text, and whether a word was cut for it."""

    words: Words
    first: Ints
    behind: Ints
    is_cut: Flags


def fitted(words: Words, places: Places, vocabulary: Vocabulary) -> Fitted:
    """The words, cut where these places begin and end; a space at the end of one is a word by
    itself."""
    slots = words.slots
    bounds = _sums(vocabulary.sizes(slots))
    words_before = _sums(words.counts)
    texts = bounds[words_before]
    starts, ends = places.start + texts[places.text], places.end + texts[places.text]
    first, behind = bounds.searchsorted(starts, "right") - 1, bounds.searchsorted(ends)
    before_space = bounds[behind] - vocabulary.behind(slots[behind - 1])
    begins_inside, ends_inside = bounds[first] != starts, before_space != ends
    lasts = np.minimum(ends, before_space)[ends_inside]
    cuts = _each_once(np.concatenate((starts[begins_inside], lasts)))
    words_before += cuts.searchsorted(texts)
    before = words_before[places.text]
    return Fitted(
        Words(_cut(slots, bounds, cuts, vocabulary), np.diff(words_before)),
        first + cuts.searchsorted(starts, "right") - before,
        behind + cuts.searchsorted(ends) - before,
        begins_inside | ends_inside,
    )


def _cut(slots: Ints, bounds: Ints, cuts: Ints, vocabulary: Vocabulary) -> Ints:
    """The words, which are between these bounds, cut at these places, each inside one."""
    word = bounds.searchsorted(cuts) - 1
    begin, end = bounds[word], bounds[word + 1]
    heads = np.maximum(begin, np.concatenate(([0], cuts[:-1]))) - begin
    tails = np.minimum(end, np.concatenate((cuts[1:], bounds[-1:]))) - begin
    cut, after = slots[word], cuts - begin
    apart = np.insert(slots, word + 1, vocabulary.parts(cut, after, tails))
    apart[word + np.arange(len(word))] = vocabulary.parts(cut, heads, after)
    return apart


def _sums(values: Ints) -> Ints:
    """The sum of the values before each, and of all of them."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _each_once(values: Ints) -> Ints:
    """The values in order, no two equal."""
    values.sort()
    return values[np.diff(values, prepend=-1) > 0]
