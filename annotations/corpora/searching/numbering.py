"""Lexemes by number: arrays of numbers are looked up, made different and put in order together, where
strings would be taken one by one."""

from array import array
from collections.abc import Iterable, Sequence
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from annotations.corpora.searching.lexemes import MOST_BYTES, STEM

Numbers = NDArray[np.uint32]

_COUNT = Struct(">i")
_WITHOUT_PLACES = b"\0\0\0"
"""Stands behind a lexeme in a tsvector that is sent: where it ends, and that no places are told."""
_KEYS = Struct(">QQ")
_NONE, _UNKNOWN = 0, -1
_FIT = 500
"""So many words with their stems are never too long for a tsvector."""


class Lists:
    """Lists of numbers, each known by how many came before it."""

    def __init__(self) -> None:
        self._flat = array("I")
        self._ends = array("q", [0])

    def __len__(self) -> int:
        """How many numbers there are in all."""
        return len(self._flat)

    def append(self, numbers: Iterable[int]) -> None:
        """Take one more list."""
        self._flat.extend(numbers)
        self._ends.append(len(self._flat))

    def joined(self, which: NDArray[np.int32]) -> tuple[Numbers, NDArray[np.int64]]:
        """Return the numbers of these lists, one list after the other, and where each begins in
        that; last comes where the last one ends."""
        ends = np.asarray(self._ends)
        begins = ends[which]
        counts = ends[which + 1] - begins
        reached = np.concatenate(([0], counts.cumsum()))
        at = np.arange(reached[-1]) + np.repeat(begins - reached[:-1], counts)
        return np.asarray(self._flat)[at], reached


class Lexemes:
    """The lexemes that were met, and the stems of those that are words. The number 0 is none."""

    def __init__(self) -> None:
        self._numbers = {"": _NONE}
        self._lexemes, self._sent = [""], np.array([b""], object)
        # what they begin with, as numbers: by these they are put in order
        self._first, self._second = array("Q", [0]), array("Q", [0])
        self._lengths = array("i", [0])
        self._stems: dict[str, array[int]] = {}
        self._places = np.zeros(1, np.uint32)

    def __len__(self) -> int:
        return len(self._lexemes)

    def number(self, lexeme: str) -> int:
        """Return the number of a lexeme; it is given one when it is met first."""
        found = self._numbers.get(lexeme)
        if found is None:
            found = self._numbers[lexeme] = len(self._lexemes)
            encoded = lexeme.encode()
            self._lexemes.append(lexeme)
            if found == len(self._sent):
                self._sent = np.concatenate((self._sent, np.empty_like(self._sent)))
            self._sent[found] = encoded + _WITHOUT_PLACES
            first, second = _KEYS.unpack(encoded[: _KEYS.size].ljust(_KEYS.size, b"\0"))
            self._first.append(first)
            self._second.append(second)
            self._lengths.append(len(encoded))
        return found

    def different(self, numbers: Numbers) -> Numbers:
        """Return the different ones of these, in the order in which they come first."""
        if len(self._places) < len(self._lexemes):
            self._places = np.zeros(2 * len(self._lexemes), np.uint32)
        here = np.arange(len(numbers), dtype=np.uint32)
        # of a number that is there twice the last place to be noted stays: the first one
        self._places[numbers[::-1]] = here[::-1]
        found: Numbers = numbers[self._places[numbers] == here]
        return found

    def unstemmed(self, tag: str, words: Numbers) -> dict[int, str]:
        """Return those of the words of which no stem was given in this language, by number."""
        fresh = self.different(words[self._stems_in(tag)[words] == _UNKNOWN])
        return {number: self._lexemes[number] for number in fresh.tolist()}

    def give_stems(self, tag: str, words: Iterable[int], stems: Sequence[str | None]) -> None:
        """The words have these stems in this language, None where nobody looks for one."""
        numbers = [*words]
        found = [
            _NONE if stem is None or stem == self._lexemes[number] else self.number(STEM + stem)
            for number, stem in zip(numbers, stems, strict=True)
        ]
        self._stems_in(tag)[numbers] = found

    def vector(self, tag: str, words: Numbers, fields: Iterable[str]) -> bytes:
        """Return a tsvector, as it is sent: the fields, and the words with their stems; where they
        are too many, the first ones of the words."""
        begins = sorted(field.encode() for field in fields)
        different = self.different(words)
        stems = self._stems_in(tag)[different]
        if len(different) > _FIT:
            lengths = np.asarray(self._lengths)
            taken = (lengths[different] + lengths[stems] + (stems != _NONE)).cumsum()
            fit = taken <= MOST_BYTES - sum(map(len, begins))
            different, stems = different[fit], stems[fit]
        roots = self.different(stems[stems != _NONE].astype(np.uint32))
        found = self._in_order(np.concatenate((different, roots)))
        sent = [field + _WITHOUT_PLACES for field in begins]  # no word goes before them
        sent += self._sent[found].tolist()
        return _COUNT.pack(len(sent)) + b"".join(sent)

    def _in_order(self, numbers: Numbers) -> Numbers:
        """As PostgreSQL keeps them: it need not look for the order but where lexemes are alike
        for long."""
        first, second = np.asarray(self._first)[numbers], np.asarray(self._second)[numbers]
        found: Numbers = numbers[np.lexsort((second, first))]
        return found

    def _stems_in(self, tag: str) -> NDArray[np.int32]:
        """The number of the stem of each lexeme, to be read or set before another one is met."""
        stems = self._stems.setdefault(tag, array("i"))
        stems.extend([_UNKNOWN] * (len(self._lexemes) - len(stems)))
        return np.asarray(stems)
