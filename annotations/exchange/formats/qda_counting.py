"""How the positions of a REFI-QDA project count, found out from what they would cover.

The standard counts characters from 0, the end excluded. Programs do not all: those that are written
for .NET, Java or browsers count UTF-16 units, so that an emoji is two; some count a line break that
is two characters in the text (CR LF) as one, as their editor shows it, and some that is one as two,
as XML turned it into one when it read the text; and a byte order mark may be a character or none.
What is known of which program, and whence, stands in docs/formats.md.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

from annotations.exchange.formats.annotated import Bounds, may_cover

Breaks = Literal["as they stand", "once", "twice"]

_PATTERNS: dict[Breaks, str] = {"as they stand": "", "once": "\r\n", "twice": "(?<!\r)\n"}
_AS_EDITOR = ("atlas", "qualcoder")
"""Who writes projects in which CR LF is one character, as in their editors."""
_WIDE = "[\U00010000-\U0010ffff]"
_ELLIPSIS = re.compile(r"(?:…|\.\.\.)$")
_COMPARED = 200
"""Code points of the words that a selection is named after."""


class Way(NamedTuple):
    """A way to count: UTF-16 units or characters; what a line break is; whether the byte order
    mark that was taken off is a character."""

    utf16: bool = False
    breaks: Breaks = "as they stand"
    mark: bool = False


@dataclass(frozen=True)
class Text:
    """A text whose positions are asked for: `mark` says that a byte order mark was taken off,
    `inline` that it stood in the XML, whose readers turn each line break into one LF."""

    words: str
    mark: bool = False
    inline: bool = False

    def seen(self, way: Way) -> Way:
        """The way as far as it makes a difference to this text."""
        there = way.breaks in self._breaks
        return Way(
            way.utf16 and self._has_wide,
            way.breaks if there else "as they stand",
            way.mark and self.mark,
        )

    @property
    def counts_one_way(self) -> bool:
        """Whether all ways to count are alike for this text."""
        return not (self.mark or self._has_wide or self._breaks)

    @cached_property
    def _has_wide(self) -> bool:
        return not self.words.isascii() and bool(re.search(_WIDE, self.words))

    @cached_property
    def _breaks(self) -> set[Breaks]:
        found: set[Breaks] = {"once"} if "\r\n" in self.words else set()
        if self.inline and re.search(_PATTERNS["twice"], self.words):
            found.add("twice")
        return found


class Offsets:
    """Positions counted one way, as code points of the text."""

    def __init__(self, text: Text, way: Way) -> None:
        way = text.seen(way)
        self._mark = int(way.mark)
        self._starts: list[int] = []
        self._ends: list[tuple[int, int]] = []
        patterns = filter(None, (_PATTERNS[way.breaks], _WIDE if way.utf16 else ""))
        pattern = "|".join(patterns)
        shift = 0
        for found in re.finditer(pattern, text.words) if pattern else ():
            width = 1 if found.group() == "\r\n" else 2
            self._starts.append(found.start() + shift)
            shift += width - len(found.group())
            self._ends.append((found.end() + shift, shift))

    def code_points(self, position: int) -> int:
        """How many code points come before this position; within one that counts twice, before
        it. What lies before the text stays negative."""
        at = position - self._mark
        passed = bisect_right(self._starts, at - 1)
        if not passed:
            return at
        end, shift = self._ends[passed - 1]
        if at >= end:
            return at - shift
        before = self._ends[passed - 2][1] if passed > 1 else 0
        return self._starts[passed - 1] - before

    def splits(self, position: int) -> bool:
        """Whether this position is inside what counts twice."""
        at = position - self._mark
        passed = bisect_right(self._starts, at - 1)
        return passed > 0 and at < self._ends[passed - 1][0]


class Ballot:
    """What the selections of a project say about how they count; `origin` is the program that is
    said to have written it."""

    def __init__(self, origin: str) -> None:
        as_editor = any(program in origin.lower() for program in _AS_EDITOR)
        breaks: Sequence[Breaks] = ("as they stand", "once", "twice")
        self._ways = [
            Way(utf16, one, mark)
            for mark, utf16, one in product(
                (False, True),
                (False, True),
                (breaks[1], breaks[0], breaks[2]) if as_editor else breaks,
            )
        ]
        self._votes: Counter[Way] = Counter()

    def hear(self, text: Text, bounds: Iterable[Bounds]) -> None:
        """The selections of one text count with those before."""
        if text.counts_one_way:
            return
        seen = {way: text.seen(way) for way in self._ways}
        told = list(bounds)
        fits = {way: _fits(text.words, Offsets(text, way), told) for way in set(seen.values())}
        for way in self._ways:
            self._votes[way] += fits[seen[way]]

    def chosen(self) -> Way:
        """The way in which most of the selections fit; of several the likeliest, which is that of
        the standard, but for programs in whose editors each line break is one character."""
        return max(self._ways, key=self._votes.__getitem__)

    def is_open(self, text: Text, differs: Callable[[Offsets], bool]) -> bool:
        """Whether another way fits as well, and `differs` for this text."""
        chosen = self.chosen()
        rivals = {
            text.seen(way) for way in self._ways if self._votes[way] == self._votes[chosen]
        } - {text.seen(chosen)}
        return any(differs(Offsets(text, way)) for way in rivals)


def _fits(text: str, offsets: Offsets, bounds: Sequence[Bounds]) -> int:
    """How well these bounds fit: the words a selection is named after count twice."""
    return sum(_fit(text, offsets, one) for one in bounds)


def _fit(text: str, offsets: Offsets, one: Bounds) -> int:
    if offsets.splits(one.start) or offsets.splits(one.end):
        return 0
    start, end = offsets.code_points(one.start), offsets.code_points(one.end)
    if not 0 <= start < end <= len(text):
        return 0
    if one.said and _is_named_after(text[start : min(end, start + _COMPARED)], one.said):
        return 2
    return int(may_cover(text, start=start, end=end))


def _is_named_after(covered: str, name: str) -> bool:
    """Whether a selection of these words would be called so, as programs name them."""
    words = _squeezed(_ELLIPSIS.sub("", name.strip()))[: _COMPARED // 2]
    return len(words) > 1 and _squeezed(covered).startswith(words)


def _squeezed(words: str) -> str:
    return "".join(words.split())
