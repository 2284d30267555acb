"""Where the words of a query stand in a text, in code points."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from annotations.corpora.searching.query import Term
from annotations.text.names import fold
from annotations.text.tokens import MARKS, UNPARTED, folded, is_unparted, placed

Hit = tuple[int, int]
Stretch = tuple[int, int, str, str, str]
"""Where a hit stands, what is before it, it, and what follows."""

AROUND = 70
"""Code points of context on each side."""

LETTER = rf"[^\W{UNPARTED}]"
"""A letter, digit or low line of a script that parts its words, as a pattern."""
LONGEST_GAP = 12
"""Signs that may stand between the words of a phrase."""
_GAP = rf"[^\w{MARKS}]{{1,{LONGEST_GAP}}}"
_CLOSE = rf"[^\w{MARKS}]{{0,{LONGEST_GAP}}}"
_BEFORE = rf"(?<!{LETTER}.)"
"""Stands behind the first letter: a pattern that begins with a set of letters is searched for
three times as fast as one that begins by looking back."""
GOES_ON = rf"(?:{LETTER}|[{MARKS}])"
"""What stands right behind a word that goes on, as a pattern."""
_AFTER = f"(?!{GOES_ON})"
_JOINED = {"ae": "æ", "oe": "œ", "ss": "ß", "th": "þ"}
_CAPITALS = {"æ": "Æ", "œ": "Œ", "ß": "ẞ", "þ": "Þ"}


def _variants() -> dict[str, str]:
    """The letters that are folded into another one, by that one: ``e`` is written éèêë…"""
    found: dict[str, list[str]] = defaultdict(list)
    for first, last in ((0xC0, 0x250), (0x370, 0x530), (0x1E00, 0x2000)):
        for letter in map(chr, range(first, last)):
            plain = fold(letter) if letter.isalpha() else ""
            if len(plain) == 1 and plain != letter.lower():
                found[plain].append(letter)
    return {plain: "".join(letters) for plain, letters in found.items()}


_WRITTEN = _variants()


def accented() -> Iterator[str]:
    """Yield the letters that may be written for plain ones, those of ASCII, and are none."""
    yield from (
        letter for plain, letters in _WRITTEN.items() if plain.isascii() for letter in letters
    )
    yield from chain(*_CAPITALS.items())


def pattern(terms: Sequence[Term]) -> "re.Pattern[str] | None":
    """Return what finds the terms in a text as it stands, or None where there is nothing to find.

    Case and the accents of Latin, Greek and Cyrillic letters are no difference; between the words
    of a phrase may stand some signs that are no letters. Terms that must be absent are left out.
    """
    wanted = [_term(term) for term in terms if not term.without]
    return re.compile("|".join(wanted)) if wanted else None


def inflected(text: str, stems: Collection[str], known: Mapping[str, str | None]) -> Hit | None:
    """Return where the first word stands that has one of these stems, or None. `known` holds the
    stems of the words of the text, folded."""
    for run in placed(text):
        if known.get(folded(run.group())) in stems:
            return run.span()
    return None


def holds(text: str, term: Term) -> bool:
    """Whether these very words follow one another somewhere in the text."""
    return _compiled(term).search(text) is not None


def hits(text: str, found: "re.Pattern[str]") -> Iterator[Hit]:
    """Yield where a pattern stands in a text."""
    return (hit.span() for hit in found.finditer(text))


def stretch(text: str, start: int, end: int) -> Stretch:
    """Return the code points [start, end) of a text as a line has them."""
    left, right = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return start, end, left, text[start:end], right


@lru_cache(maxsize=256)
def _compiled(term: Term) -> "re.Pattern[str]":
    return re.compile(_term(term))


def _term(term: Term) -> str:
    parts = [_word(term.words[0], "" if is_unparted(term.words[0]) else _BEFORE)]
    for before, word in zip(term.words, term.words[1:], strict=False):
        parts += [_CLOSE if is_unparted(before) or is_unparted(word) else _GAP, _word(word)]
    last = term.words[-1]
    after = "" if is_unparted(last) else f"{GOES_ON}*" if term.begins else _AFTER
    return f"{''.join(parts)}{after}"


def _word(word: str, behind: str = "") -> str:
    for plain, joined in _JOINED.items():
        word = word.replace(plain, joined)
    return "".join(_letter(letter, "" if index else behind) for index, letter in enumerate(word))


def _letter(letter: str, behind: str) -> str:
    """What matches a letter in every way it is written; `behind` stands right behind its sign."""
    for plain, joined in _JOINED.items():
        if letter == joined:
            spelt = _letter(plain[0], behind) + _letter(plain[1], "")
            return f"(?:{spelt}|[{joined}{_CAPITALS[joined]}]{behind})"
    if not letter.isalpha():
        return re.escape(letter) + behind
    written = _WRITTEN.get(letter, "")
    cases = {case for case in (letter, letter.upper(), letter.title()) if len(case) == 1}
    accents = "[\u0300-\u036f]*" if written else ""
    return f"[{''.join(sorted(cases))}{written}]{behind}{accents}"
