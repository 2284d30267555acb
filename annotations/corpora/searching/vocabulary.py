"""The words of texts by number, for a hundred texts at a time.

A text is four hundred words, and to make a string of each and look it up is most of the work there is.
Here texts stay bytes, cut at the signs of ASCII that are in no word. What stands between two of these,
a chunk, is mostly a word. Chunks of up to 16 bytes are two numbers each, and all are looked up in a
table together. Which words a chunk holds is asked of the pattern of words when it is met first.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from annotations.corpora.searching.lexemes import forms
from annotations.corpora.searching.likeness import Codes, codes
from annotations.corpora.searching.numbering import Lexemes, Lists, Numbers
from annotations.text.tokens import runs

REMEMBERED = 131_072
"""Chunks. Their words are twice as many at the most, and told eight times as often: a chunk can be a
page where nothing parts words."""

_WORDLY = bytes(byte >= 0x80 or chr(byte).isalnum() or byte == ord("_") for byte in range(256))
_PART = b"\n"
_HALF = 8
_HALVES = Struct("<QQ")
_BEHIND = bytes(_HALVES.size)
"""Stands behind the texts, so that two halves can be read from every byte."""
_MASKS = np.array([2 ** (8 * count) - 1 for count in range(_HALF + 1)], np.uint64)
_MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)
_BITS, _TRIES = 18, 4

Halves = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Words:
    """What is in an article, in order. `said`: the codes of the words of its text, for its
    signature. `found_by`: the lexemes of all its words."""

    said: Codes
    found_by: Numbers


class Vocabulary:
    """The chunks that were met, and `lexemes`: those of their words."""

    def __init__(self) -> None:
        self._forget()

    def make_room(self) -> None:
        """What was met is forgotten before it fills the memory, and all numbers of lexemes too."""
        told = len(self._forms) + len(self._codes)
        if max(len(self._known), len(self.lexemes) // 2, told // 8) > REMEMBERED:
            self._forget()

    def words(self, articles: Sequence[tuple[str, str]]) -> list[Words]:
        """Return the words of articles, each given by its text and by what else it is found by."""
        encoded = [text.encode() for text in chain.from_iterable(articles)]
        whole = b"".join((_PART, _PART.join(encoded), _PART, _BEHIND))
        starts, ends = _chunks(whole)
        numbers = self._numbers(whole.lower(), starts, ends)
        until = np.cumsum([len(text) + 1 for text in encoded])
        chunks = [0, *np.searchsorted(starts, until, side="right").tolist()]
        codes, codes_at = self._codes.joined(numbers)
        forms, forms_at = self._forms.joined(numbers)
        return [
            Words(
                codes[codes_at[chunks[at]] : codes_at[chunks[at + 1]]],
                forms[forms_at[chunks[at]] : forms_at[chunks[at + 2]]],
            )
            for at in range(0, len(encoded), 2)
        ]

    def _forget(self) -> None:
        self.lexemes = Lexemes()
        self._known = {b"": 0}
        self._first, self._second = array("Q", [0]), array("Q", [0])
        self._codes, self._forms = Lists(), Lists()
        self._codes.append(())
        self._forms.append(())
        self._table = np.zeros(2**_BITS, np.int32)

    def _numbers(
        self, texts: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        first, second = _halves(texts, starts, ends - starts)
        places = _places(first, second)
        found = self._looked_up(first, second, places)
        missing = np.flatnonzero(found == 0)
        where = zip(
            missing.tolist(),
            starts[missing].tolist(),
            ends[missing].tolist(),
            places[missing].tolist(),
            strict=True,
        )
        for at, start, end, place in where:
            chunk = texts[start:end]
            number = self._known.get(chunk)
            found[at] = self._learnt(chunk, place) if number is None else number
        return found

    def _looked_up(
        self, first: Halves, second: Halves, places: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """The number of each chunk, 0 where the table does not tell it."""
        found = self._table[places]
        firsts, seconds = np.asarray(self._first), np.asarray(self._second)
        other = np.flatnonzero((firsts[found] != first) | (seconds[found] != second))
        for further in range(1, _TRIES):
            instead = self._table[(places[other] + further) % 2**_BITS]
            found[other] = instead
            unlike = (firsts[instead] != first[other]) | (seconds[instead] != second[other])
            other = other[unlike]
        found[other] = 0
        return found

    def _learnt(self, chunk: bytes, place: int) -> int:
        number = self._known[chunk] = len(self._known)
        words = runs(chunk.decode())
        self._codes.append(chain.from_iterable(map(codes, words)))
        self._forms.append(map(self.lexemes.number, chain.from_iterable(map(forms, words))))
        is_short = len(chunk) <= _HALVES.size
        first, second = _HALVES.unpack(chunk.ljust(_HALVES.size, b"\0")) if is_short else (0, 0)
        self._first.append(first)
        self._second.append(second)
        if is_short:
            for further in range(_TRIES):
                at = (place + further) % 2**_BITS
                if not self._table[at]:
                    self._table[at] = number
                    break
        return number


def _chunks(texts: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the chunks of texts start and end; a sign that is in none stands at both ends."""
    wordly = np.frombuffer(texts.translate(_WORDLY), np.int8)
    edges = np.flatnonzero(wordly[1:] != wordly[:-1]) + 1
    return edges[::2], edges[1::2]


def _halves(
    texts: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[Halves, Halves]:
    """The bytes of each chunk as two numbers, which are 0 where it is longer."""
    from_each: Halves = np.ndarray((len(texts) - _HALF + 1,), "<u8", texts, strides=(1,))
    short = lengths <= _HALVES.size
    first = from_each[starts] & _MASKS[np.minimum(lengths, _HALF) * short]
    second = from_each[starts + _HALF] & _MASKS[np.clip(lengths - _HALF, 0, _HALF) * short]
    return first, second


def _places(first: Halves, second: Halves) -> NDArray[np.int64]:
    """Where in the table each chunk is looked for."""
    mixed = (first * _MIXED[0]) ^ (second * _MIXED[1])
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _MIXED[0]
    places: NDArray[np.int64] = (mixed >> np.uint64(64 - _BITS)).astype(np.int64)
    return places
