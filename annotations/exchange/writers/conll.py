"""CoNLL columns with BIO tags: a ZIP with a folder for each annotator, in it a file for each article,
named by its id; a word and its tag on each line, parted by a tab, a blank line behind each sentence.

Words are the tokens of `TOKEN`, sentences end where `annotations.text.sentences` ends them, but
never inside a span. A tag says one label of one word: of spans that overlap the first stays.
"""

from bisect import bisect, bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, who
from annotations.exchange.writers.words import Words, parted
from annotations.schema.spec import Spec

_OUTSIDE = b"\tO\n"
_WITHIN, _LAST = (_OUTSIDE, False), (_OUTSIDE, True)


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
    return zipped(_members(lines, report))


def _members(lines: Iterable[Line], report: LossReport) -> Iterator[Member]:
    for line in lines:
        if not line.layers:
            continue
        words = Words(line.article.text)
        for layer in line.layers:
            rows = _rows(words, _kept(line, layer, words, report))
            yield f"{safe_name(who(layer))}/{line.article.id}.conll", rows


def _rows(words: Words, kept: Sequence[Kept]) -> bytes:
    """A row for each word, and a blank line behind each sentence; none ends inside a span."""
    ends = [0, *words.sentence_ends]
    for span in kept:
        del ends[bisect(ends, span.start) : bisect_left(ends, span.end)]
    cuts, behind = _cuts(ends, kept)
    rows: list[bytes] = []
    for own, (tag, is_last) in zip(parted(words.text, cuts), behind, strict=True):
        if own:
            own.append(b"")
            tagged = tag.join(own)
            rows.append(tagged if tag is _OUTSIDE else tagged.replace(b"\tI-", b"\tB-", 1))
        if is_last and rows and rows[-1] != b"\n":
            rows.append(b"\n")
    return b"".join(rows)


def _cuts(ends: Sequence[int], kept: Sequence[Kept]) -> tuple[list[int], list[tuple[bytes, bool]]]:
    """Where the text is cut: at spans and where sentences end; of each part what stands behind its
    words, and whether it is the last of its sentence."""
    cuts, behind = [0], list[tuple[bytes, bool]]()
    following = 0
    for end in ends[1:]:
        first, following = following, bisect_left(kept, end, following, key=_start)
        for span in kept[first:following]:
            cuts += span.start, span.end
            behind += _WITHIN, (_inside(span.label), False)
        cuts.append(end)
        behind.append(_LAST)
    return cuts, behind


def _kept(line: Line, layer: LayerRecord, words: Words, report: LossReport) -> list[Kept]:
    """The spans that are tags, in text order; what cannot be one is in the report."""
    kept: list[Kept] = []
    lost: dict[Part, list[str]] = {}
    for span in layer.spans:
        place = _place(line, layer, span, words, report)
        if not isinstance(place, Kept):
            lost.setdefault(place, []).append(span.id)
            continue
        if not kept or kept[-1].end <= place.start:  # as nearly always, in text order
            kept.append(place)
        elif _overlaps(place, kept):
            lost.setdefault(Part.OVERLAPS, []).append(span.id)
            continue
        else:
            insort(kept, place)
        if place.label != span.label:
            report.lose(Part.NAMES, line, layer, span.id)
    for part, ids in lost.items():
        report.lose_each(part, line, layer, ids)
    return kept


def _overlaps(place: Kept, kept: Sequence[Kept]) -> bool:
    """Whether one of the spans, which are apart, has a word of this one."""
    after = bisect_left(kept, place.end, key=_start)
    return after > 0 and kept[after - 1].end > place.start


def _place(
    line: Line, layer: LayerRecord, span: SpanRecord, words: Words, report: LossReport
) -> Kept | Part:
    """Which words a span is, or why it is none."""
    if len(span.text) > 1:
        return _APART
    [(start, end)], [text] = span.fragments, span.text
    if text.strip() != text:
        if text.isspace():
            return Part.NOTHING_LEFT
        report.lose(Part.EDGE_BREAKS, line, layer, span.id)
        start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    if words.begins(start) and words.ends(end):
        return Kept(start, end, _label(span.label))
    return _INSIDE


@lru_cache(maxsize=1_000)
def _inside(label: str) -> bytes:
    """What stands behind the words of a span."""
    return f"\tI-{label}\n".encode()


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
