"""A text as the words of a spaCy Doc: together, with the space behind some, they are the text.

Most of a text says again what was said before, so words are made once for each stretch between two
spaces, and what is made for a text are lists of these.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import attrgetter
from struct import Struct
from typing import NamedTuple

from annotations.exchange.records import Pair
from annotations.exchange.writers.spacy_strings import number_of
from annotations.text.tokens import MARKS, PARTED, UNPARTED

# most words are of plain letters alone, which a small class tells faster, as in text.tokens
_PIECE = re.compile(rf"(?:[0-9A-Za-z_]++(?![^\x00-\x7f])|{PARTED}|[{UNPARTED}]|\s+|\S[{MARKS}]*) ?")
_BEHIND_A_SIGN = re.compile(r" (?<=\S )")
_NUMBER = Struct("<Q")
_count, _size = attrgetter("count"), attrgetter("size")

MOST_KEPT = 100_000
"""Words of stretches that are kept for the next text."""

Key = bytes | tuple[bytes, tuple[int, ...]]
"""What stands before a space, in UTF-8; and where it is cut besides, if it is."""


@dataclass(slots=True, eq=False)
class Stretch:
    """The words of a part of a text: themselves, their numbers, for each whether a space stands
    behind it, where they end, how many there are, and how long they are together."""

    words: tuple[str, ...]
    numbers: bytes
    behind: bytes
    ends: tuple[int, ...]
    count: int
    size: int


class Stretches(dict[Key, Stretch]):
    """What stands before a space, with that space: made when it is first asked for. It has no words
    where the space is not a word's own, as one that follows white space is a part of that."""

    def __init__(self) -> None:
        self._room = MOST_KEPT

    def __missing__(self, key: Key) -> Stretch:
        part, cuts = key if isinstance(key, tuple) else (key, ())
        text = part.decode()
        its_own = text and not text[-1].isspace()
        made = _stretch(f"{text} ", cuts) if its_own else _NONE
        self._room -= made.count + 1
        if self._room < 0:
            self._room = MOST_KEPT
            self.clear()
        self[key] = made
        return made


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: a run of letters and digits, a character of a script that does not part
    its words, white space, or another sign with what belongs to it. `parts` are the text between its
    spaces, `starts` where the stretches of these begin."""

    parts: Sequence[bytes]
    stretches: Sequence[Stretch]
    starts: Sequence[int]


def words_of(text: str, known: Stretches) -> Words:
    """The words of a text, wherever spans stand."""
    parts = text.encode().split(b" ")
    stretches = list(map(known.__getitem__, parts[:-1]))
    if not all(map(_count, stretches)):
        parts = [part.encode() for part in _BEHIND_A_SIGN.split(text)]
        stretches = list(map(known.__getitem__, parts[:-1]))
    starts = list(accumulate(map(_size, stretches), initial=0))
    stretches.append(_stretch(parts[-1].decode()))
    return Words(parts, stretches, starts)


class Placed(NamedTuple):
    """The stretches of a text, and of each place in it the first word, the one behind its last, and
    whether words had to be cut for it; `total` is how many words there are."""

    stretches: Sequence[Stretch]
    places: list[tuple[int, int, bool]]
    total: int


def placed(words: Words, places: Iterable[Pair], known: Stretches) -> Placed:
    """The words cut where these places begin and end, so that each is some of them; a space at the
    end of one is a word by itself."""
    starts, stretches = words.starts, words.stretches
    found: list[tuple[int, int, int, int, bool]] = []
    cuts: dict[int, list[int]] = {}
    for start, end in places:
        first = bisect_right(starts, start) - 1
        last = bisect_left(starts, end, first) - 1
        a, b = start - starts[first], end - starts[last]
        begins, ends = _begins(stretches[first].ends, a), _ends(stretches[last].ends, b)
        if not begins:
            cuts.setdefault(first, []).append(a)
        if not ends:
            whole = b > stretches[last].ends[-1]
            cuts.setdefault(last, []).append(b - 1 if whole else b)
        found.append((first, a, last, b, not (begins and ends)))
    if cuts:
        stretches = _cut(words, cuts, known)
    *before, total = accumulate(map(_count, stretches), initial=0)
    numbered = [
        (
            before[first] + (a and bisect_left(stretches[first].ends, a) + 1),
            before[last] + bisect_left(stretches[last].ends, b) + 1,
            is_cut,
        )
        for first, a, last, b, is_cut in found
    ]
    return Placed(stretches, numbered, total)


def _begins(ends: tuple[int, ...], at: int) -> bool:
    """Whether a word begins here; behind the last is a space."""
    return not at or (at != ends[-1] and _ends(ends, at))


def _ends(ends: tuple[int, ...], at: int) -> bool:
    return at <= ends[-1] and ends[bisect_left(ends, at)] == at


def _cut(words: Words, cuts: dict[int, list[int]], known: Stretches) -> list[Stretch]:
    """The stretches, some of which, given by their numbers, are cut."""
    apart, last = list(words.stretches), len(words.stretches) - 1
    for number, inside in cuts.items():
        where = tuple(inside)
        if number == last:
            apart[number] = _stretch(words.parts[number].decode(), where)
        else:
            apart[number] = known[words.parts[number], where]
    return apart


def _stretch(text: str, cuts: Iterable[int] = ()) -> Stretch:
    pieces = _PIECE.findall(text)
    if cuts:
        bounds = {*accumulate(map(len, pieces), initial=0), *cuts}
        pieces = [text[start:end] for start, end in pairwise(sorted(bounds))]
    words = tuple(map(_word_of, pieces))
    spaces = [len(piece) - len(word) for piece, word in zip(pieces, words, strict=True)]
    ends = [end - space for end, space in zip(accumulate(map(len, pieces)), spaces, strict=True)]
    return Stretch(
        words,
        b"".join([_NUMBER.pack(number_of(word)) for word in words]),
        bytes(spaces),
        tuple(ends),
        len(words),
        len(text),
    )


def _word_of(piece: str) -> str:
    """Without the one space that spaCy keeps with the word, if there is one."""
    return piece[:-1] if piece[-1] == " " and not piece.isspace() else piece


_NONE = _stretch("")
