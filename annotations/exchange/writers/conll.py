"""CoNLL columns with BIO tags: a ZIP with a folder for each annotator, in it a file for each article,
named by its id; a word and its tag on each line, parted by a tab, a blank line behind each sentence.

Words are the tokens of `TOKEN`, sentences end where `annotations.text.sentences` ends them, but
never inside a span. A tag says one label of one word: of spans that overlap the first stays.
"""

from bisect import bisect, bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, who
from annotations.exchange.writers.words import TOKEN, Words
from annotations.schema.spec import Spec

OUTSIDE = "O"

_MOST, _LONG = 8_192, 40
"""So many runs of words are remembered for each tag, and none that is longer."""


class Rows(dict[bytes, bytes]):
    """What stands in the file for words without a space between them, all with one tag. Some
    thousand frequent runs make most of what is written in a language: these are remembered. In
    UTF-8, which is cut in half the time."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._behind = f"\t{tag}\n"
        self._rows = self.__getitem__

    def __missing__(self, run: bytes) -> bytes:
        rows = "".join([word + self._behind for word in TOKEN.findall(run.decode())]).encode()
        if len(self) < _MOST and len(run) <= _LONG:
            self[run] = rows
        return rows

    def of(self, text: str) -> bytes:
        """The rows of a text that begins and ends where words do."""
        return b"".join(map(self._rows, text.encode().split()))


class Kept(NamedTuple):
    """A span that is a run of words, and its label as one word."""

    start: int
    end: int
    label: str


_start = attrgetter("start")
_APART, _INSIDE = Part.DISCONTINUOUS, Part.INSIDE_TOKEN
"""Sought once, as each asking by name takes as long as looking where a word begins."""


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A file for each layer."""
    return zipped(_Columns(report).members(lines))


class _Columns:
    def __init__(self, report: LossReport) -> None:
        self._report = report
        self._outside = Rows(OUTSIDE)
        self._inside = lru_cache(maxsize=256)(lambda label: Rows(f"I-{label}"))

    def members(self, lines: Iterable[Line]) -> Iterator[Member]:
        for line in lines:
            if not line.layers:
                continue
            words = Words(line.article.text)
            for layer in line.layers:
                kept = _kept(line, layer, words, self._report)
                rows = b"".join(self._sentences(words, kept))
                yield f"{safe_name(who(layer))}/{line.article.id}.conll", rows

    def _sentences(self, words: Words, kept: Sequence[Kept]) -> Iterator[bytes]:
        """The rows of the sentences, each with a blank line behind it; none ends inside a span."""
        ends = [0, *words.sentence_ends]
        for span in kept:
            del ends[bisect(ends, span.start) : bisect_left(ends, span.end)]
        following = 0
        for start, end in pairwise(ends):
            first, following = following, bisect_left(kept, end, following, key=_start)
            rows = self._sentence(words.text, start, end, kept[first:following])
            if rows:
                yield rows + b"\n"

    def _sentence(self, text: str, start: int, end: int, kept: Sequence[Kept]) -> bytes:
        rows, at = [], start
        for span in kept:
            rows.append(self._outside.of(text[at : span.start]))
            inside = self._inside(span.label).of(text[span.start : span.end])
            rows.append(inside.replace(b"\tI-", b"\tB-", 1))
            at = span.end
        rows.append(self._outside.of(text[at:end]))
        return b"".join(rows)


def _kept(line: Line, layer: LayerRecord, words: Words, report: LossReport) -> list[Kept]:
    """The spans that are tags, in text order; what cannot be one is in the report."""
    kept: list[Kept] = []
    lost: dict[Part, list[str]] = {}
    for span in layer.spans:
        place = _place(line, layer, span, words, report)
        if isinstance(place, Part):
            lost.setdefault(place, []).append(span.id)
        elif _overlaps(place, kept):
            lost.setdefault(Part.OVERLAPS, []).append(span.id)
        else:
            if place.label != span.label:
                report.lose(Part.NAMES, line, layer, span.id)
            insort(kept, place)
    for part, ids in lost.items():
        report.lose_each(part, line, layer, ids)
    return kept


def _overlaps(place: Kept, kept: Sequence[Kept]) -> bool:
    """Whether one of the spans, which are apart, has a word of this one."""
    if not kept or kept[-1].end <= place.start:  # as nearly always, in text order
        return False
    after = bisect_left(kept, place.end, key=_start)
    return after > 0 and kept[after - 1].end > place.start


def _place(
    line: Line, layer: LayerRecord, span: SpanRecord, words: Words, report: LossReport
) -> Kept | Part:
    """Which words a span is, or why it is none."""
    if len(span.fragments) > 1:
        return _APART
    (start, end), text = span.fragments[0], span.text[0]
    if text.strip() != text:
        if text.isspace():
            return Part.NOTHING_LEFT
        report.lose(Part.EDGE_BREAKS, line, layer, span.id)
        start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    if words.begins(start) and words.ends(end):
        return Kept(start, end, _label(span.label))
    return _INSIDE


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
