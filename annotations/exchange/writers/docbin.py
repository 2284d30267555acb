"""spaCy's DocBin: a ZIP with a folder for each annotator, in it files of some hundred articles, for
`spacy train` or `DocBin().from_disk(...)`. Written without spaCy.

A Doc is a layer. Spans stand in `doc.spans["sc"]`, where spaCy's span categorizer looks for them, one
for each fragment, and may overlap; `kb_id_` is the UUID of the entity. Words are cut where spans begin
or end inside them, so that no span moves. `doc.user_data["kutip"]` has what else is known: the
article's fields, the layer and the entities, as in kutip/1; its spans are in the same order.

The form is that of `spacy/tokens/_serialize.py` and `span_group.pyx` of spaCy 3.8: msgpack in zlib;
words, labels and entities by the numbers of `spacy_strings`.
"""

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from annotations.exchange.records import LayerRecord, Line, Pair
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, described, who
from annotations.exchange.writers.spacy_strings import number_of
from annotations.exchange.writers.spacy_words import Words, cut, word_of, words_of
from annotations.schema.spec import Spec

GROUP = "sc"
USER_DATA = "kutip"
MOST_WORDS = 100_000
"""So many words are kept before files are written."""

_ORTH = 65
_VERSION = "0.1"
_SPAN = struct.Struct(">QQQllll")
_LEVEL = 1  # of compression, as in packages

_encode = msgspec.msgpack.Encoder().encode


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The files of all layers."""
    return zipped(_members(lines, report))


def _members(lines: Iterable[Line], report: LossReport) -> Iterator[Member]:
    bins: dict[str, _Bin] = {}
    held = number = 0
    for line in lines:
        if not line.layers:
            continue
        words = words_of(line.article.text)
        for layer in line.layers:
            held += bins.setdefault(who(layer), _Bin()).add(line, layer, words, report)
        if held >= MOST_WORDS:
            number += 1
            yield from _files(bins, number)
            held = 0
            bins.clear()
    yield from _files(bins, number + 1)


def _files(bins: dict[str, "_Bin"], number: int) -> Iterator[Member]:
    for name in sorted(bins):
        yield f"{safe_name(name)}/{number:05}.spacy", bins[name].whole()


class _Numbers(dict[str, int]):
    """The number of the word of each piece that is asked for; the words are the strings."""

    def __init__(self) -> None:
        self.strings: set[str] = set()

    def __missing__(self, piece: str) -> int:
        word = word_of(piece)
        self.strings.add(word)
        number = self[piece] = number_of(word)
        return number


class _Spaces(dict[str, int]):
    """Whether a space stands behind the word of each piece that is asked for."""

    def __missing__(self, piece: str) -> int:
        space = self[piece] = len(piece) - len(word_of(piece))
        return space


@dataclass(slots=True)
class _Bin:
    """Docs of one annotator."""

    numbers: _Numbers = field(default_factory=_Numbers)
    behind: _Spaces = field(default_factory=_Spaces)
    words: "array[int]" = field(default_factory=lambda: array("Q"))
    spaces: bytearray = field(default_factory=bytearray)
    lengths: "array[int]" = field(default_factory=lambda: array("i"))
    groups: list[bytes] = field(default_factory=list)
    user_data: list[bytes] = field(default_factory=list)

    def add(self, line: Line, layer: LayerRecord, words: Words, report: LossReport) -> int:
        """The layer is a Doc of the bin, of so many words."""
        apart = [span.id for span in layer.spans if not _fits(words, span.fragments)]
        if apart:
            for id in apart:
                report.lose(Part.CUT_WORDS, line, layer, id)
            places = (pair for span in layer.spans for pair in span.fragments)
            words = cut(words, places)
        self.words.extend(map(self.numbers.__getitem__, words.pieces))
        self.spaces += bytes(map(self.behind.__getitem__, words.pieces))
        self.lengths.append(len(words.pieces))
        self.groups.append(self._group(layer, words))
        known = {"article": described(line) | {"id": line.article.id}, "layer": layer}
        self.user_data.append(_encode({USER_DATA: known | {"entities": line.entities}}))
        return len(words.pieces)

    def whole(self) -> bytes:
        count = len(self.lengths)
        document = {
            "version": _VERSION,
            "attrs": [_ORTH],
            "tokens": _little(self.words),
            "spaces": bytes(self.spaces),
            "lengths": _little(self.lengths),
            "strings": sorted(self.numbers.strings),
            "cats": [{}] * count,
            "flags": [{"has_unknown_spaces": False}] * count,
            "span_groups": self.groups,
            "user_data": self.user_data,
        }
        return zlib.compress(_encode(document), _LEVEL)

    def _group(self, layer: LayerRecord, words: Words) -> bytes:
        """The spans of a Doc; a layer without any has an empty group, not none."""
        spans = []
        for span in layer.spans:
            label = self.numbers[span.label]
            entity = self.numbers[span.entity] if span.entity else 0
            for start, end in span.fragments:
                first, last = words.first(start), words.last(end)
                if first is None or last is None:
                    raise RuntimeError(f"span {span.id} does not begin and end with words")
                spans.append(_SPAN.pack(0, entity, label, first, last + 1, start, end))
        group = _encode({"name": GROUP, "attrs": {}, "spans": spans})
        return _encode({group: [GROUP]})


def _fits(words: Words, fragments: Iterable[Pair]) -> bool:
    return all(
        words.first(start) is not None and words.last(end) is not None for start, end in fragments
    )


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


WRITER = Writer(
    key="docbin",
    name="spaCy DocBin",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(
        (
            *(Part.TEXT, Part.FIELDS, Part.SPLIT, Part.EMPTY, Part.STATUS, Part.WAIVERS),
            *(Part.SETTLEMENTS, Part.MESSAGES),
            *(Part.ARTICLE_NOTES, Part.ARTICLE_FLAGS, Part.SPAN_NOTES, Part.FLAGS),
            *(Part.FRAGMENTS, Part.ATTRIBUTES, Part.ENTITY, Part.ALIASES),
            *(Part.RELATIONS, Part.FROM_ARTICLE, Part.TO_ENTITY, Part.RELATION_ATTRIBUTES),
        )
    ),
    write=write,
)
