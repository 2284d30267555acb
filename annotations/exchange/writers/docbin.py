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
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from operator import itemgetter

import msgspec
import numpy as np

from annotations.exchange.records import LayerRecord, Line, Pair, SpanRecord
from annotations.exchange.writers.archive import LEVEL
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, described, who
from annotations.exchange.writers.spacy_strings import number_of
from annotations.exchange.writers.spacy_words import (
    Placed,
    Stretches,
    Vocabulary,
    Words,
    joined,
    placed,
    words_of,
)
from annotations.schema.spec import Spec

GROUP = "sc"
USER_DATA = "kutip"
MOST_WORDS = 100_000
"""So many words are kept before files are written."""

_ORTH = 65
_VERSION = "0.1"
_SPAN = struct.Struct(">QQQllll")

_encode = msgspec.msgpack.Encoder().encode


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The files of all layers."""
    return zipped(_members(lines, report), level=0)  # zlib packed them


def _members(lines: Iterable[Line], report: LossReport) -> Iterator[Member]:
    bins: dict[str, _Bin] = {}
    known = Stretches()
    held = number = 0
    for line in lines:
        if not line.layers:
            continue
        words = words_of(line.article.text, known)
        for layer in line.layers:
            own = bins.setdefault(who(layer), _Bin())
            held += own.add(line, layer, words, known.vocabulary, report)
        if held >= MOST_WORDS:
            number += 1
            yield from _files(bins, known.vocabulary, number)
            held = 0
            bins.clear()
            known = Stretches() if known.are_many else known
    yield from _files(bins, known.vocabulary, number + 1)


def _files(bins: dict[str, "_Bin"], vocabulary: Vocabulary, number: int) -> Iterator[Member]:
    for name in sorted(bins):
        yield f"{safe_name(name)}/{number:05}.spacy", bins[name].whole(vocabulary)


@dataclass(slots=True)
class _Bin:
    """Docs of one annotator."""

    docs: list[Placed] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    groups: list[bytes] = field(default_factory=list)
    user_data: list[bytes] = field(default_factory=list)

    def add(
        self,
        line: Line,
        layer: LayerRecord,
        words: Words,
        vocabulary: Vocabulary,
        report: LossReport,
    ) -> int:
        """The layer is a Doc of the bin, of so many words."""
        fragments = [(span, pair) for span in layer.spans for pair in span.fragments]
        found = placed(words, map(itemgetter(1), fragments), vocabulary)
        cut = {span.id: span for span, _ in compress(fragments, found.is_cut.tolist())}
        report.lose_each(Part.CUT_WORDS, line, layer, list(cut))
        self.docs.append(found)
        self.strings.update([span.label for span in layer.spans])
        self.strings.update([span.entity for span in layer.spans if span.entity])
        self.groups.append(_group(fragments, found))
        about = {"article": described(line) | {"id": line.article.id}, "layer": layer}
        self.user_data.append(_encode({USER_DATA: about | {"entities": line.entities}}))
        return found.total

    def whole(self, vocabulary: Vocabulary) -> bytes:
        count, slots = len(self.docs), joined(self.docs, vocabulary)
        used = np.flatnonzero(np.bincount(slots)).tolist()
        document = {
            "version": _VERSION,
            "attrs": [_ORTH],
            "tokens": vocabulary.numbers(slots).astype("<u8").tobytes(),
            "spaces": vocabulary.behind(slots).tobytes(),
            "lengths": np.array([doc.total for doc in self.docs], "<i4").tobytes(),
            "strings": sorted(self.strings.union(map(vocabulary.words.__getitem__, used))),
            "cats": [{}] * count,
            "flags": [{"has_unknown_spaces": False}] * count,
            "span_groups": self.groups,
            "user_data": self.user_data,
        }
        return zlib.compress(_encode(document), LEVEL)


def _group(fragments: Iterable[tuple[SpanRecord, Pair]], found: Placed) -> bytes:
    """The spans of a Doc; a layer without any has an empty group, not none."""
    standing = zip(fragments, found.first.tolist(), found.behind.tolist(), strict=True)
    spans = [
        _SPAN.pack(
            0, number_of(span.entity or ""), number_of(span.label), first, behind, start, end
        )
        for (span, (start, end)), first, behind in standing
    ]
    group = _encode({"name": GROUP, "attrs": {}, "spans": spans})
    return _encode({group: [GROUP]})


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
