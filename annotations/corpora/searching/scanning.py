"""Where the words of a query stand in texts as the database sends them, in UTF-8.

A pattern looks at every sign of a text, and bytes are searched for a word ten times as fast. So they
tell where it stands wherever they can: words of plain letters, in texts without accented letters
that could be some of these. Of all others the pattern is asked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from annotations.corpora.searching.lexemes import LONGEST
from annotations.corpora.searching.matching import (
    AROUND,
    GOES_ON,
    LETTER,
    LONGEST_GAP,
    Hit,
    Stretch,
    accented,
    hits,
    pattern,
    stretch,
)
from annotations.corpora.searching.query import Term

_ACCENTED = b"\xff"
"""In place of the first byte of an accented letter: no byte of UTF-8."""
_FIRST = bytes({letter.encode()[0] for letter in accented()})
_BARE = bytes.maketrans(_FIRST, _ACCENTED * len(_FIRST)).lower()
_BEYOND = bytes(byte for byte in range(0x80, 0x100) if byte not in _FIRST)
_MARKED = (b"\xcc", b"\xcd")
"""The first bytes of the accents that stand behind their letter."""
_WORDLY = frozenset(map(str.encode, "0123456789_abcdefghijklmnopqrstuvwxyz"))
_REST = re.compile(b"[0-9_a-z]*")

_LETTER = re.compile(LETTER)
_GOES_ON = re.compile(GOES_ON)
_TAIL = re.compile(f"{GOES_ON}*")

_CONTEXT = 4 * AROUND + 3
"""Bytes that hold the code points of a context, wherever they are cut off."""
_FEW, _SPARSE = 8, 100
"""Where a word begins more often than once in so many bytes, the pattern is as quick."""


class Scan:
    """Finds the terms that are not absent, in one text after the other."""

    def __init__(self, terms: Sequence[Term]) -> None:
        shown = [term for term in terms if not term.without]
        self._terms = terms
        self._is_plain = all(len(term.words) == 1 and term.words[0].isascii() for term in shown)
        self._words = [(term.words[0].encode(), term.begins) for term in shown]

    @cached_property
    def _pattern(self) -> "re.Pattern[str] | None":
        # only where it is needed: every letter of it is a class of dozens, and takes half a millisecond
        return pattern(self._terms)

    def stretches(self, text: bytes, most: int) -> Iterator[Stretch]:
        """Yield the hits in a text with what stands around them, `most` at the most."""
        if self._is_plain and text.isascii():
            found = self._among_plain(text)
        else:
            spots = self._spots(text) if self._is_plain else None
            found = self._matches(text) if spots is None else self._standing(text, spots)
        return islice(found, most)

    def _among_plain(self, text: bytes) -> Iterator[Stretch]:
        """The hits in a text that has no other signs than ASCII: a byte is a code point."""
        low = text.lower()
        found: Iterable[Hit]
        if len(self._words) == 1:
            found = _whole(low, *self._words[0])
        else:
            every = [hit for word in self._words for hit in _whole(low, *word)]
            # where two of them begin, the one that was asked for first is meant
            found = sorted(dict(reversed(every)).items())
        for start, end in found:
            first = max(0, start - AROUND)
            there = text[first : end + AROUND].decode()
            before, behind = start - first, end - first
            yield start, end, there[:before], there[before:behind], there[behind:]

    def _matches(self, text: bytes) -> Iterator[Stretch]:
        if self._pattern is not None:
            whole = text.decode()
            yield from (stretch(whole, *hit) for hit in hits(whole, self._pattern))

    def _spots(self, text: bytes) -> Sequence[int] | None:
        """The bytes at which a hit may begin, in order; None where bytes cannot tell."""
        low, bare = text.lower(), _bare(text)
        if _ACCENTED in bare:
            return None
        spots: list[int] = []
        for word, begins in self._words:
            places, length = _places(low, bare, word), len(word)
            if places is None:
                return None
            for at in places:
                end = len(low) if begins else at + length
                if low[at - 1 : at] not in _WORDLY and low[end : end + 1] not in _WORDLY:
                    spots.append(at)
        return spots if len(self._words) == 1 else sorted(set(spots))

    def _standing(self, text: bytes, spots: Sequence[int]) -> Iterator[Stretch]:
        counted = start = end = 0
        for at in spots:
            before = text[counted:at].decode()
            counted, start = at, start + len(before)
            if len(before) < AROUND:
                before = text[max(0, at - _CONTEXT) : at].decode(errors="ignore")
            if at < end or _LETTER.match(before[-1:]):
                continue
            length, rest = self._at(text, at)
            if length:
                hit, right = rest[:length], rest[length : length + AROUND]
                end = at + len(hit.encode())
                yield start, start + length, before[-AROUND:], hit, right

    def _at(self, text: bytes, at: int) -> tuple[int, str]:
        """How many code points of a text are a hit, from a byte on, 0 for none; and what stands
        from there on, at least the hit and its context."""
        reach = _CONTEXT + LONGEST
        while True:
            rest = text[at : at + reach].decode(errors="ignore")
            length = self._length(text, at, rest)
            if length + AROUND <= len(rest) or at + reach >= len(text):
                return length, rest
            reach *= 2

    def _length(self, text: bytes, at: int, rest: str) -> int:
        for word, begins in self._words:
            length = len(word)
            if text[at : at + length].lower() != word:
                continue
            if begins:
                tail = _TAIL.match(rest, length)
                return tail.end() if tail else length
            if not _GOES_ON.match(rest, length):
                return length
        return 0


def _whole(low: bytes, word: bytes, begins: bool) -> Iterator[Hit]:
    """Yield where a word stands, or words that begin so, in a text of small plain letters."""
    length, at = len(word), low.find(word)
    while at >= 0:
        end = at + length
        if low[at - 1 : at] not in _WORDLY:
            if begins:
                rest = _REST.match(low, end)
                end = rest.end() if rest else end
                yield at, end
            elif low[end : end + 1] not in _WORDLY:
                yield at, end
        at = low.find(word, end)


def may_hold(text: bytes, term: Term) -> bool:
    """Whether the words of a term may follow one another somewhere in a text: most texts that only
    have them are told apart."""
    bare = _bare(text)
    if _ACCENTED in bare or not all(map(str.isascii, term.words)):
        return True
    words = [word.encode() for word in term.words]
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    before = words[longest - 1] if longest else b""
    after = words[longest + 1] if longest + 1 < len(words) else b""
    for at in _everywhere(bare, words[longest]):
        end = at + len(words[longest])
        if before in bare[max(0, at - LONGEST_GAP - len(before)) : at] and (
            after in bare[end : end + LONGEST_GAP + len(after)]
        ):
            return True
    return False


def _bare(text: bytes) -> bytes:
    """A text in small plain letters. Accents behind their letter are left out, and all other signs
    that are not ASCII, but accented letters: there is a sign for those."""
    return text.lower() if text.isascii() else text.translate(_BARE, _BEYOND)


def _everywhere(text: bytes, word: bytes) -> Iterator[int]:
    """Yield every place of a word, also those that overlap."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _places(low: bytes, bare: bytes, word: bytes) -> Sequence[int] | None:
    """Every place of a word in a text; None where an accent stands inside one or right behind it, or
    where they are many."""
    found: list[int] = []
    enough = _FEW + len(low) // _SPARSE
    there = -1
    for at in _everywhere(bare, word):
        # where signs were left out it stands further on; where some of them were inside, nowhere
        there = at if len(bare) == len(low) else low.find(word, max(at, there + 1))
        if there < 0 or len(found) == enough or low.startswith(_MARKED, there + len(word)):
            return None
        found.append(there)
    return found
