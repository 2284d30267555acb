"""CoNLL columns with BIO tags: a ZIP with a folder for each annotator, in it a file for each article,
named by its id; a word and its tag on each line, parted by a tab, a blank line behind each sentence.

Words are the tokens of `TOKEN`, sentences end where `annotations.text.sentences` ends them, but
never inside a span. A tag says one label of one word: of spans that overlap the first stays.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, who
from annotations.schema.spec import Spec
from annotations.text import sentences
from annotations.text.tokens import MARKS, PARTED, UNPARTED

TOKEN = re.compile(rf"{PARTED}|[{UNPARTED}]|[^\s\ufeff][{MARKS}]*")
"""A word; a character of a script that does not part its words; or another sign, with what belongs
to it. U+FEFF is none: at the beginning of a file it would be taken for a mark."""

OUTSIDE = "O"


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A file for each layer."""
    return zipped(_members(lines, report))


def _members(lines: Iterable[Line], report: LossReport) -> Iterator[Member]:
    for line in lines:
        if not line.layers:
            continue
        words = Words(line.article.text)
        for layer in line.layers:
            tags = _tags(line, layer, words, report)
            yield f"{safe_name(who(layer))}/{line.article.id}.conll", words.rows(tags)


class Words:
    """The words of a text, each known by where it begins and where it ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = TOKEN.findall(text)
        places = [found.span() for found in TOKEN.finditer(text)]
        self._starts = [start for start, _ in places]
        self.starting = dict(zip(self._starts, count()))
        self.ending = {end: number for number, (_, end) in enumerate(places)}
        self._last = self._sentence_ends()

    def __len__(self) -> int:
        return len(self._words)

    def rows(self, tags: list[str]) -> bytes:
        """The words with their tags, a blank line behind each sentence that does not end inside a
        span."""
        rows = [f"{word}\t{tag}\n" for word, tag in zip(self._words, tags, strict=True)]
        for number in self._last:
            if number + 1 == len(tags) or not tags[number + 1].startswith("I-"):
                rows[number] += "\n"
        return "".join(rows).encode()

    def _sentence_ends(self) -> list[int]:
        """The numbers of the words with which sentences end."""
        ends = (end for _, end in sentences.apart(self.text, ()))
        numbers = (bisect_left(self._starts, end) - 1 for end in ends)
        return sorted({number for number in numbers if number >= 0})


@dataclass(frozen=True, slots=True)
class _Place:
    """First and last word of a span."""

    first: int
    last: int


def _tags(line: Line, layer: LayerRecord, words: Words, report: LossReport) -> list[str]:
    """A tag for each word; what cannot be one is in the report."""
    tags = [OUTSIDE] * len(words)
    free = bytearray(b"\1") * len(words)
    for span in layer.spans:
        place = _place(line, layer, span, words, report)
        if isinstance(place, Part):
            report.lose(place, line, layer, span.id)
        elif not all(free[place.first : place.last + 1]):
            report.lose(Part.OVERLAPS, line, layer, span.id)
        else:
            label = _label(span.label)
            if label != span.label:
                report.lose(Part.NAMES, line, layer, span.id)
            size = place.last - place.first + 1
            tags[place.first : place.last + 1] = [f"B-{label}", *[f"I-{label}"] * (size - 1)]
            free[place.first : place.last + 1] = bytes(size)
    return tags


def _place(
    line: Line, layer: LayerRecord, span: SpanRecord, words: Words, report: LossReport
) -> _Place | Part:
    """Which words a span is, or why it is none."""
    if len(span.fragments) > 1:
        return Part.DISCONTINUOUS
    (start, end), text = span.fragments[0], span.text[0]
    if text[0].isspace() or text[-1].isspace():
        if text.isspace():
            return Part.NOTHING_LEFT
        report.lose(Part.EDGE_BREAKS, line, layer, span.id)
        start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    first, last = words.starting.get(start), words.ending.get(end)
    if first is None or last is None:
        return Part.INSIDE_TOKEN
    return _Place(first, last)


@lru_cache(maxsize=1_000)
def _label(key: str) -> str:
    """The label in one word, as columns may be parted by spaces."""
    return "_".join(key.split())


WRITER = Writer(
    key="conll",
    name="CoNLL, BIO",
    extension="zip",
    media_type="application/zip",
    holds=frozenset((Part.TEXT, Part.EMPTY, Part.FRAGMENTS)),
    write=write,
)
