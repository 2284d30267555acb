"""A text as the words of a spaCy Doc: together, with the space behind some, they are the text.

Most of a text says again what was said before, so each word has one slot in a vocabulary, the words of
a text are an array of slots, and these are found for whole stretches between two spaces.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotations.exchange.records import Pair
from annotations.exchange.writers.spacy_strings import number_of
from annotations.text.tokens import MARKS, PARTED, UNPARTED

# most words are of plain letters alone, which a small class tells faster, as in text.tokens
_PIECE = re.compile(rf"(?:[0-9A-Za-z_]++(?![^\x00-\x7f])|{PARTED}|[{UNPARTED}]|\s+|\S[{MARKS}]*) ?")
_BEHIND_A_SIGN = re.compile(r" (?<=\S )")

MOST_KEPT = 100_000
"""Words of stretches and of the vocabulary that are kept for the next texts."""

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Vocabulary(dict[str, int]):
    """The slot of each word, given when it is first asked for, and what is in the slots: the word,
    its number, its length, and whether a space stands behind it, which then is a part of its length:
    spaCy keeps one with each word but white space."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers, self._sizes, self._behind = array("Q"), array("q"), array("b")
        self._apart: dict[tuple[int, int], tuple[int, int]] = {}

    def __missing__(self, piece: str) -> int:
        behind = piece[-1] == " " and not piece.isspace()
        word = piece[:-1] if behind else piece
        slot = self[piece] = len(self.words)
        self.words.append(word)
        self._numbers.append(number_of(word))
        self._sizes.append(len(piece))
        self._behind.append(behind)
        return slot

    def apart(self, slot: int, size: int) -> tuple[int, int]:
        """The slots of the first characters of a word, so many, and of the others."""
        found = self._apart.get((slot, size))
        if found is None:
            piece = self.words[slot] + " " * self._behind[slot]
            found = self._apart[slot, size] = self[piece[:size]], self[piece[size:]]
        return found

    @property
    def held(self) -> int:
        """The words, and how often one was cut."""
        return len(self) + len(self._apart)

    # no array may grow while numpy looks at it, so none of these outlives its line
    def numbers(self, slots: Ints) -> NDArray[np.uint64]:
        return np.frombuffer(self._numbers, np.uint64)[slots]

    def sizes(self, slots: Ints) -> Ints:
        return np.frombuffer(self._sizes, np.int64)[slots]

    def behind(self, slots: Ints) -> NDArray[np.int8]:
        return np.frombuffer(self._behind, np.int8)[slots]


class Stretches(dict[bytes, bytes]):
    """What stands before a space, in UTF-8, and the slots of its words with that space. It has none
    where the space is not a word's own, as one that follows white space is a part of that."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._held = 0

    @property
    def are_many(self) -> bool:
        """Whether these are more than are to be kept."""
        return self._held + self.vocabulary.held > MOST_KEPT

    def __missing__(self, part: bytes) -> bytes:
        text = part.decode()
        its_own = text and not text[-1].isspace()
        made = self[part] = self.slots(f"{text} ") if its_own else b""
        self._held += len(made) // 8 + 1
        return made

    def slots(self, text: str) -> bytes:
        slots = map(self.vocabulary.__getitem__, _PIECE.findall(text))
        return array("q", slots).tobytes()


@dataclass(frozen=True, slots=True)
class Words:
    """The slots of the words of a text, and their bounds: where each begins, then where the last
    ends. A word is a run of letters and digits, a character of a script that does not part its words,
    white space, or another sign with what belongs to it."""

    slots: Ints
    bounds: Ints


def words_of(text: str, known: Stretches) -> Words:
    """The words of a text, wherever spans stand."""
    words = _words(text.encode().split(b" "), known)
    if words.bounds[-1] < len(text):  # a space was no word's own
        words = _words([part.encode() for part in _BEHIND_A_SIGN.split(text)], known)
    return words


def _words(parts: list[bytes], known: Stretches) -> Words:
    last = parts.pop().decode()
    slots = np.frombuffer(b"".join(map(known.__getitem__, parts)) + known.slots(last), np.int64)
    bounds = np.zeros(len(slots) + 1, np.int64)
    np.cumsum(known.vocabulary.sizes(slots), out=bounds[1:])
    return Words(slots, bounds)


class Placed(NamedTuple):
    """The slots of the words of a text before any is cut; where those stand that are `cut`, each as
    often as it is, and `after` how many of its characters; and of each place in the text the first
    word, the one behind its last, and whether words are cut for it. These count words as cut."""

    slots: Ints
    cut: Ints
    after: Ints
    first: Ints
    behind: Ints
    is_cut: Flags

    @property
    def total(self) -> int:
        """How many words there are, as cut."""
        return len(self.slots) + len(self.cut)


def placed(words: Words, places: Iterable[Pair], vocabulary: Vocabulary) -> Placed:
    """How to cut the words where these places begin and end, so that each is some of them; a space
    at the end of one is a word by itself."""
    starts, ends = np.fromiter(chain.from_iterable(places), np.int64).reshape(-1, 2).T
    slots, bounds = words.slots, words.bounds
    first, behind = bounds.searchsorted(starts, "right") - 1, bounds.searchsorted(ends)
    before_space = bounds[behind] - vocabulary.behind(slots[behind - 1])
    begins_inside, ends_inside = bounds[first] != starts, before_space != ends
    lasts = np.minimum(ends, before_space)[ends_inside]
    cuts = np.array(sorted({*starts[begins_inside].tolist(), *lasts.tolist()}), np.int64)
    cut = bounds.searchsorted(cuts) - 1
    first += cuts.searchsorted(starts, "right")
    behind += cuts.searchsorted(ends)
    return Placed(slots, cut, cuts - bounds[cut], first, behind, begins_inside | ends_inside)


def joined(docs: Sequence[Placed], vocabulary: Vocabulary) -> Ints:
    """The slots of the words of these texts as cut, one text after the other."""
    begins = accumulate([len(doc.slots) for doc in docs], initial=0)
    cut = np.concatenate([doc.cut + begin for doc, begin in zip(docs, begins, strict=False)])
    after = np.concatenate([doc.after for doc in docs])
    uncut = np.concatenate([doc.slots for doc in docs])
    heads: list[int] = []
    tails: list[int] = []
    last = tail = done = -1
    for word, slot, size in zip(cut.tolist(), uncut[cut].tolist(), after.tolist(), strict=True):
        whole, gone = (tail, done) if word == last else (slot, 0)
        head, tail = vocabulary.apart(whole, size - gone)
        heads.append(head)
        tails.append(tail)
        last, done = word, size
    slots = np.insert(uncut, cut + 1, tails)
    slots[cut + np.arange(len(cut))] = heads  # also where a tail was cut again
    return slots
