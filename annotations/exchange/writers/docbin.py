"""spaCy's DocBin: a ZIP with a folder for each annotator, in it files of some hundred articles, for
`spacy train` or `DocBin().from_disk(...)`. Written without spaCy.

A Doc is a layer. Spans stand in `doc.spans["sc"]`, where spaCy's span categorizer looks for them, one
for each fragment, and may overlap; `kb_id_` is the UUID of the entity. Words are cut where spans begin
or end inside them, so that no span moves. `doc.user_data["kutip"]` has what else is known: the
article's fields, the layer and the entities, as in kutip/1; its spans are in the same order.

The form is that of `spacy/tokens/_serialize.py` and `span_group.pyx` of spaCy 3.8: msgpack in zlib;
words, labels and entities by the numbers of `spacy_strings`.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import numpy as np

from annotations.exchange.records import LayerRecord, Line
from annotations.exchange.writers.archive import LEVEL
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, described, who
from annotations.exchange.writers.spacy_cells import Ints
from annotations.exchange.writers.spacy_spans import Spans
from annotations.exchange.writers.spacy_stretches import Stretches
from annotations.exchange.writers.spacy_words import Vocabulary, Words, fitted
from annotations.schema.spec import Spec

GROUP = "sc"
USER_DATA = "kutip"
MOST_WORDS = 100_000
"""So many words are kept before files are written, and some more."""
AT_ONCE = 200_000
"""Code points of texts whose words are found together: enough that numpy does most of the work, and so
few that its arrays stay near the processor."""

_ORTH = 65
_VERSION = "0.1"

_encode = msgspec.msgpack.Encoder().encode


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The files of all layers."""
    return zipped(_members(lines, report), level=0)  # zlib packed them


def _members(lines: Iterable[Line], report: LossReport) -> Iterator[Member]:
    known, bins = Stretches(), _Bins(report)
    number = 0
    for line in lines:
        bins.add(line)
        if bins.waiting >= AT_ONCE:
            bins.place(known)
        if bins.words >= MOST_WORDS:
            number += 1
            yield from bins.files(number, known.vocabulary)
            bins = _Bins(report)
            known = Stretches() if known.are_many else known
    bins.place(known)
    yield from bins.files(number + 1, known.vocabulary)


class _Doc(NamedTuple):
    """A Doc whose words are not known yet: its bin, the number of its text, and where it is from."""

    bin: "_Bin"
    text: int
    article: str
    annotator: str


class _Bins:
    """The Docs of each annotator; `words` of them, and `waiting` code points whose words are not
    known yet. Of lines and layers themselves none is kept, as they are many objects each."""

    def __init__(self, report: LossReport) -> None:
        self._report = report
        self._bins: dict[str, _Bin] = {}
        self._begin()
        self.words = 0

    def _begin(self) -> None:
        self._texts: list[str] = []
        self._docs: list[_Doc] = []
        self._spans = Spans()
        self.waiting = 0

    def add(self, line: Line) -> None:
        """The layers of a line are waiting."""
        article = line.article
        for layer in line.layers:
            own = self._bins.setdefault(who(layer), _Bin())
            own.tell(line, layer)
            self._docs.append(_Doc(own, len(self._texts), article.id, layer.annotator))
            self._spans.add(layer.spans)
        if line.layers:
            self._texts.append(article.text)
            self.waiting += len(article.text) + 1

    def place(self, known: Stretches) -> None:
        """Nothing is waiting."""
        if self._docs:
            texts = known.words_of(self._texts).apart()
            words = Words.of([texts[doc.text] for doc in self._docs])
            places = self._spans.places()
            found = fitted(words, places, known.vocabulary)
            self.words += len(found.words.slots)
            spans = self._spans.packed(places, found), self._spans.cut(places, found)
            for doc, slots, packed, cut in zip(
                self._docs, found.words.apart(), *spans, strict=True
            ):
                doc.bin.add(slots, packed)
                self._report.lose_there(Part.CUT_WORDS, doc.article, doc.annotator, cut)
        self._begin()

    def files(self, number: int, vocabulary: Vocabulary) -> Iterator[Member]:
        for name in sorted(self._bins):
            yield f"{safe_name(name)}/{number:05}.spacy", self._bins[name].whole(vocabulary)


@dataclass(slots=True)
class _Bin:
    """Docs of one annotator."""

    words: list[Ints] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    groups: list[bytes] = field(default_factory=list)
    user_data: list[bytes] = field(default_factory=list)

    def tell(self, line: Line, layer: LayerRecord) -> None:
        """What is known of the next Doc beside its words and where its spans are among them."""
        self.strings.update([span.label for span in layer.spans])
        self.strings.update([span.entity for span in layer.spans if span.entity])
        about = {"article": described(line) | {"id": line.article.id}, "layer": layer}
        self.user_data.append(_encode({USER_DATA: about | {"entities": line.entities}}))

    def add(self, slots: Ints, spans: bytes) -> None:
        """The words of the next Doc, and a list of msgpack of its spans. If it has none, it has an
        empty group, not none."""
        self.words.append(slots)
        group = _encode({"name": GROUP, "attrs": {}, "spans": msgspec.Raw(spans)})
        self.groups.append(_encode({group: [GROUP]}))

    def whole(self, vocabulary: Vocabulary) -> bytes:
        count, slots = len(self.words), np.concatenate(self.words)
        used = np.flatnonzero(np.bincount(slots)).tolist()
        document = {
            "version": _VERSION,
            "attrs": [_ORTH],
            "tokens": vocabulary.numbers(slots).astype("<u8", copy=False).data,
            "spaces": vocabulary.behind(slots).data,
            "lengths": np.array(list(map(len, self.words)), "<i4").tobytes(),
            "strings": sorted(self.strings.union(map(vocabulary.words.__getitem__, used))),
            "cats": [{}] * count,
            "flags": [{"has_unknown_spaces": False}] * count,
            "span_groups": self.groups,
            "user_data": self.user_data,
        }
        return zlib.compress(_encode(document), LEVEL)


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
