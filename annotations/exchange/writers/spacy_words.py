"""A text as the words of a spaCy Doc: together, with the space behind some, they are the text."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from annotations.text.tokens import MARKS, PARTED, UNPARTED

# most words are of plain letters alone, which a small class tells faster, as in text.tokens
_PIECE = re.compile(rf"(?:[0-9A-Za-z_]++(?![^\x00-\x7f])|{PARTED}|[{UNPARTED}]|\s+|\S[{MARKS}]*) ?")


def word_of(piece: str) -> str:
    """The word of a piece: without the one space that spaCy keeps with it, if there is one."""
    return piece[:-1] if piece[-1] == " " and not piece.isspace() else piece


@dataclass(frozen=True, slots=True)
class Words:
    """A word, a character of a script that does not part its words, white space, or another sign
    with what belongs to it, is a piece, with one space behind it; `bounds` are where the pieces
    begin, and the end of the text."""

    pieces: list[str]
    bounds: list[int]

    def first(self, start: int) -> int | None:
        """Which word begins here."""
        number = bisect_left(self.bounds, start)
        return number if self.bounds[number] == start else None

    def last(self, end: int) -> int | None:
        """Which word ends here, without its space."""
        number = bisect_left(self.bounds, end) - 1
        return number if self.bounds[number] + len(word_of(self.pieces[number])) == end else None


def words_of(text: str) -> Words:
    """The words of a text, wherever spans stand."""
    pieces = _PIECE.findall(text)
    return Words(pieces, list(accumulate(map(len, pieces), initial=0)))


def cut(words: Words, places: Iterable[tuple[int, int]]) -> Words:
    """The words cut where these begin and end, so that each is some of them; a space at the end of
    one is a word by itself."""
    apart = Words(list(words.pieces), list(words.bounds))
    for start, end in places:
        _cut(apart, start)
        _cut(apart, end)
        if apart.last(end) is None:
            _cut(apart, end - 1)
    return apart


def _cut(words: Words, at: int) -> None:
    number = bisect_left(words.bounds, at)
    before = words.bounds[number - 1]
    if words.bounds[number] != at:
        piece = words.pieces[number - 1]
        words.pieces[number - 1 : number] = [piece[: at - before], piece[at - before :]]
        words.bounds.insert(number, at)
