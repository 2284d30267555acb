"""From a text to its corrected version: where what stood here stands now."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from annotations.text.sentences import ends

_TOKEN = re.compile(r"\w+|\W")
_MOST_COMPARED = 4_000_000
"""Pairs of tokens of one changed stretch that are compared; a larger stretch counts as rewritten."""
_SHORTEST_QUOTE = 3
_NEAR = 400
"""Code points from where words should stand, within which they are looked for by themselves."""

Range = tuple[int, int]
Run = tuple[int, int, int]
"""Equal stretches: where it begins in the old text, where in the new one, how long it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch stands in the new text; `is_same`: with the very words it had."""

    start: int
    end: int
    is_same: bool


class Revision:
    """Two versions of a text. Linear in their length but for what was changed in it."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._runs = list(_joined(_equal(old, new)))
        self._begins = [run[0] for run in self._runs]

    def place(self, start: int, end: int) -> Place | None:
        """Return where the code points [start, end) of the old text stand in the new one.

        By position, where their first and their last one stayed; else by their words, where those
        stand once near to where they should. None where neither tells.
        """
        first, last = self._moved(start), self._moved(end - 1)
        if first is not None and last is not None and first <= last:
            same = self._new[first : last + 1] == self._old[start:end]
            return Place(first, last + 1, same)
        return self._by_words(start, end)

    def _moved(self, at: int) -> int | None:
        index = bisect_right(self._begins, at) - 1
        if index < 0:
            return None
        old, new, length = self._runs[index]
        return new + at - old if at < old + length else None

    def _by_words(self, start: int, end: int) -> Place | None:
        words = self._old[start:end]
        if len(words.strip()) < _SHORTEST_QUOTE:
            return None
        expected = self._expected(start)
        low, high = max(0, expected - _NEAR), expected + _NEAR + len(words)
        found = self._new.find(words, low, high)
        if found < 0 or self._new.find(words, found + 1, high) >= 0:
            return None
        return Place(found, found + len(words), True)

    def _expected(self, at: int) -> int:
        """About where a point of the old text stands: behind the last equal stretch before it."""
        index = bisect_right(self._begins, at) - 1
        if index < 0:
            return at
        old, new, length = self._runs[index]
        return new + min(at - old, length) + max(0, at - old - length)


def _equal(old: str, new: str) -> Iterator[Run]:
    """The equal stretches in order: sentences first, then the words of what is left between."""
    ours, theirs = _sentences(old), _sentences(new)
    a = b = at_a = at_b = 0
    for first, second, count in _blocks(ours, theirs):
        gap_a = sum(map(len, ours[at_a:first]))
        gap_b = sum(map(len, theirs[at_b:second]))
        yield from _words(old, new, (a, a + gap_a), (b, b + gap_b))
        length = sum(map(len, ours[first : first + count]))
        a, b = a + gap_a, b + gap_b
        if length:
            yield a, b, length
        a, b = a + length, b + length
        at_a, at_b = first + count, second + count


def _blocks(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Run]:
    """Equal stretches of sentences, in order, the last one empty and at the end of both.

    Sentences that both texts have once part them, as in Cohen's patience diff: what is compared
    pair by pair is only what stands between, so that a text of a hundred thousand sentences takes
    no longer than it is.
    """
    at_a = at_b = 0
    for end_a, end_b in (*_anchors(ours, theirs), (len(ours), len(theirs))):
        begun = _run(zip(ours[at_a:end_a], theirs[at_b:end_b], strict=False))
        if begun:
            yield at_a, at_b, begun
        at_a, at_b = at_a + begun, at_b + begun
        left, right = ours[at_a:end_a], theirs[at_b:end_b]
        ended = _run(zip(reversed(left), reversed(right), strict=False))
        left, right = left[: len(left) - ended], right[: len(right) - ended]
        if len(left) * len(right) <= _MOST_COMPARED:
            found = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
            yield from ((at_a + a, at_b + b, count) for a, b, count in found if count)
        yield end_a - ended, end_b - ended, ended
        at_a, at_b = end_a, end_b


def _run(pairs: Iterable[tuple[str, str]]) -> int:
    """How many of the pairs are equal before the first that is not."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _anchors(ours: Sequence[str], theirs: Sequence[str]) -> Sequence[Range]:
    """Where sentences stand that both have once: the most of them that are in the same order."""
    places = dict(_once(theirs))
    met = [(at, places[sentence]) for sentence, at in _once(ours) if sentence in places]
    lowest: list[int] = []  # of the rows of each length, the one that ends first in the new text
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(met):
        length = bisect_left(lowest, place)
        before.append(last[length - 1] if length else -1)
        lowest[length : length + 1] = [place]
        last[length : length + 1] = [number]
    row = []
    number = last[-1] if last else -1
    while number >= 0:
        row.append(met[number])
        number = before[number]
    return row[::-1]


def _once(sentences: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The sentences that stand once, with where."""
    counts = Counter(sentences)
    return ((sentence, at) for at, sentence in enumerate(sentences) if counts[sentence] == 1)


def _words(old: str, new: str, ours: Range, theirs: Range) -> Iterator[Run]:
    before, after = _TOKEN.findall(old, *ours), _TOKEN.findall(new, *theirs)
    if not before or not after or len(before) * len(after) > _MOST_COMPARED:
        return
    starts_a, starts_b = _starts(before, ours[0]), _starts(after, theirs[0])
    for first, second, count in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_matching_blocks():
        if count:
            length = sum(map(len, before[first : first + count]))
            yield starts_a[first], starts_b[second], length


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Stretches that follow one another in both texts are one."""
    last: Run | None = None
    for run in runs:
        if last and last[0] + last[2] == run[0] and last[1] + last[2] == run[1]:
            last = (last[0], last[1], last[2] + run[2])
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def _sentences(text: str) -> Sequence[str]:
    bounds = [0, *ends(text), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(bounds) if start < end]


def _starts(tokens: Sequence[str], at: int) -> Sequence[int]:
    starts = []
    for token in tokens:
        starts.append(at)
        at += len(token)
    return starts
