"""The words of texts, found for whole stretches from space to space, as most of these come again."""

import re
from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotations.exchange.writers.spacy_cells import Cells, Ints, Keys
from annotations.exchange.writers.spacy_words import Vocabulary, Words
from annotations.text.tokens import MARKS, PARTED, PLAIN, UNPARTED

_PIECE = re.compile(rf"(?:{PLAIN}|{PARTED}|[{UNPARTED}]|\s+|\S[{MARKS}]*) ?")

MOST_KEPT = 300_000
"""So many stretches, their words and those of the vocabulary are kept for the next texts."""

_SPACE = ord(" ")
_END = 0xFF
"""Stands behind each text, as it does nowhere in UTF-8."""
_NOT_ITS_OWN = -1

_SHORT = 15
"""A stretch of so many bytes, or fewer, is two numbers, with its length in the last byte."""
_MASKS = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(_SHORT + 1)], np.uint64)
_BEHIND = bytes(_SHORT)
"""Behind all, so that two numbers can be read wherever a stretch begins."""


class Stretches(dict[bytes, int]):
    """The number of each stretch, in UTF-8 with the space or the end behind it, and the slots of its
    words, which have that space. It is none where the space is not a word's own, as one that
    follows white space is a part of that."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._slots, self._begins, self._counts = array("q"), array("q"), array("q")
        self._cells = Cells()

    @property
    def are_many(self) -> bool:
        """Whether these are more than are to be kept."""
        return len(self) + len(self._slots) + self.vocabulary.held > MOST_KEPT

    def __missing__(self, stretch: bytes) -> int:
        text = (stretch[:-1] if stretch[-1] == _END else stretch).decode()
        number = self[stretch] = len(self._begins)
        self._begins.append(len(self._slots))
        if stretch[-1] == _SPACE and (text == " " or text[-2].isspace()):
            self._counts.append(_NOT_ITS_OWN)
        else:
            # a word by itself, as most: a quarter of the time
            pieces = (text,) if stretch[:-1].isalnum() else _PIECE.findall(text)
            self._slots.extend(map(self.vocabulary.__getitem__, pieces))
            self._counts.append(len(self._slots) - self._begins[-1])
        return number

    def words_of(self, texts: Sequence[str]) -> Words:
        """The words of texts: a word is a run of letters and digits, a character of a script that
        does not part its words, white space, or another sign with what belongs to it."""
        data = b"".join([text.encode() + bytes((_END,)) for text in texts])
        ends = _ends(np.frombuffer(data, np.uint8))
        data += _BEHIND
        numbers, counts = self._found(data, ends)
        if counts.min() == _NOT_ITS_OWN:
            ends = ends[counts != _NOT_ITS_OWN]
            numbers, counts = self._found(data, ends)
        behind = np.cumsum(counts)
        begins = np.frombuffer(self._begins, np.int64).take(numbers)
        places = (begins - behind + counts).repeat(counts)
        places += np.arange(len(places))
        slots = np.frombuffer(self._slots, np.int64).take(places)
        last = np.frombuffer(data, np.uint8).take(ends) == _END
        return Words(slots, np.diff(behind[last], prepend=0))

    def _found(self, data: bytes, ends: Ints) -> tuple[Ints, Ints]:
        """The numbers of the stretches that end here, and of how many words each is."""
        starts = np.concatenate(([0], ends[:-1] + 1))

        def others(places: Ints) -> Sequence[int]:
            asked = zip(starts[places].tolist(), ends[places].tolist(), strict=True)
            return [self[data[start : end + 1]] for start, end in asked]

        numbers = self._cells.values(*_keys(data, starts, ends), others)
        return numbers, np.frombuffer(self._counts, np.int64).take(numbers)


def _ends(signs: NDArray[np.uint8]) -> Ints:
    """Where stretches end: where texts do, and at each space behind a sign. White space beyond ASCII
    is taken for a sign here."""
    ends = signs == _SPACE
    ends[1:] &= signs[:-1] > _SPACE
    ends |= signs == _END
    return np.flatnonzero(ends)


def _keys(data: bytes, starts: Ints, ends: Ints) -> tuple[Keys, Keys]:
    """Stretches as two numbers each; the second is 0 where one has no room in them."""
    at = np.ndarray(len(data) - _SHORT, f"V{_SHORT + 1}", data, strides=(1,))
    first, second = at[starts].view("<u8").reshape(-1, 2).T
    sizes = ends - starts
    short = np.minimum(sizes, _SHORT)
    is_last = np.frombuffer(data, np.uint8).take(ends) == _END
    kind = (short << 1 | is_last).astype(np.uint64) << np.uint64(56)
    second = second & _MASKS.take(np.maximum(short - 8, 0)) | kind
    second[sizes > _SHORT] = 0
    return first & _MASKS.take(short), second
