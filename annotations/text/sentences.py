"""Where paragraphs and sentences end: good enough to cut where a reader would pause."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

_CLOSERS = "\"'”’»)\\]」』）"
_STOPS = ".!?…؟۔।॥։"
_FULL = "。！？｡"
# A full stop needs a space after it; the full stops of scripts without spaces do not. Each run is
# tried from its beginning only: a million full stops would be tried from each of them.
_END = re.compile(
    rf"[{_STOPS}{_FULL}](?:(?<=[{_STOPS}])(?<![{_STOPS}]{{2}})[{_STOPS}]*+[{_CLOSERS}]*+\s++"
    rf"|(?<=[{_FULL}])(?<![{_FULL}]{{2}})[{_FULL}]*+[{_CLOSERS}]*+\s*+)(?=\S)",
)
SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
"""White space, as the inside of a class of a pattern: the same in Python and in JavaScript."""

_BREAKS = "\n\r\x85\u2029"
_BREAK = re.compile(f"[{_BREAKS}][{SPACE}]*")
# `ends` takes every short word for an abbreviation, which costs a block little; these are ones
_SHORT = (
    *("al", "bp", "ca", "cf", "co", "cv", "dr", "ed", "gg", "hj", "ir", "jl", "jr", "kh", "lt"),
    *("mr", "ms", "no", "nr", "ny", "op", "pp", "pt", "sr", "st", "tn", "vs"),
    *("col", "cpt", "dra", "drs", "fig", "gen", "gov", "hal", "hlm", "hon", "inc", "jln", "ltd"),
    *("maj", "mrs", "rep", "rev", "sdr", "sen", "sgt", "tgl", "vol"),
)


def _behind_short(letters: int) -> str:
    """No abbreviation of so many letters stands before the first stop."""
    words = "|".join(word for word in _SHORT if len(word) == letters)
    return rf"(?<!\b(?:{words})[.?!])"


_SHORT_WORD = re.compile(
    rf"[.?!](?:(?<=\b\w{{2}}[.?!])|(?<=\b\w{{3}}[.?!])){_behind_short(2)}{_behind_short(3)}"
    rf"[.?!]*+[{_CLOSERS}]*+\s++(?=\S)",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile("\n.*[\n\r]|\r.*\r|[\x85\u2029]", re.DOTALL)
_ABBREVIATION = re.compile(r"(?:^|[\s(“\"'‘])(?:\w|[A-Z]\w{0,2}|[a-z]{1,2}|No|Prof|Gen|Jend)\.\s+$")
_LONG = 5


def ends(text: str) -> Iterator[int]:
    """Yield the offset after each sentence and the space behind it, but for the last sentence."""
    yield from _ends(text, _stops(text))


def _ends(text: str, stops: Sequence[int]) -> Iterator[int]:
    for found in _found(_END, text, stops):
        if not _is_abbreviated(text, found.start(), found.end()):
            yield found.end()


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs, with the white space behind each: they partition the text. A line that
    begins in lower case goes on with the paragraph before it, a blank line always ends one."""
    breaks = _BREAK.finditer(text) if any(map(text.__contains__, _BREAKS)) else ()
    cuts = [found.end() for found in breaks if _parts(text, found)]
    return pairwise([0, *cuts, len(text)])


def apart(text: str, whole: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences, with the white space behind each: they partition the text. None ends inside
    one of the `whole` stretches (in text order, apart), nor where lower case follows."""
    starts = [start for start, _ in whole]
    cuts = [start for start, _ in paragraphs(text)]
    stops = _stops(text)
    short = [at for at in stops if not text[max(0, at - 4) : at].isalnum() or at < 4]
    found = [*_ends(text, stops), *(one.end() for one in _found(_SHORT_WORD, text, short))]
    cuts += [
        end
        for end in found
        if not (_is_lower(text, end) or (whole and _inside(whole, starts, end)))
    ]
    ordered = sorted({*cuts, len(text)})
    return list(pairwise(ordered))


def _stops(text: str) -> list[int]:
    """Where stops stand, in order. To look for one sign is so quick that all of them one by one take
    less than a pattern that knows them."""
    found: list[int] = []
    for sign in _STOPS + _FULL:
        at = text.find(sign)
        while at >= 0:
            found.append(at)
            at = text.find(sign, at + 1)
    found.sort()
    return found


def _found(pattern: re.Pattern[str], text: str, stops: Sequence[int]) -> Iterator[re.Match[str]]:
    """What `finditer` finds of a pattern that begins with a stop."""
    free = 0
    for at in stops:
        if at >= free and (found := pattern.match(text, at)):
            free = found.end()
            yield found


def _is_abbreviated(text: str, stop: int, end: int) -> bool:
    """Whether the word before the stop is an abbreviation: none has five letters, as most words."""
    if stop >= _LONG and text[stop - _LONG : stop].isalnum():
        return False
    return _ABBREVIATION.search(text, max(0, stop - 8), end) is not None


def _parts(text: str, found: re.Match[str]) -> bool:
    return not _is_lower(text, found.end()) or _BLANK_LINE.search(found.group()) is not None


def _is_lower(text: str, at: int) -> bool:
    return at < len(text) and unicodedata.category(text[at]) == "Ll"


def _inside(whole: Sequence[tuple[int, int]], starts: list[int], at: int) -> bool:
    place = bisect_right(starts, at) - 1
    return place >= 0 and starts[place] < at < whole[place][1]
