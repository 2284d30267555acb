"""WebAnno TSV 3, as WebAnno and INCEpTION write it: a token on each line, a column a feature.

The label of a span is the name of its layer without the package (`NamedEntity`), and each of its
features an attribute, `value`, too: which of a layer's features is the main one no file says. All
values are text. A slot is a relation named after its feature, with the role as attribute `role`;
a relation is one named after its layer, from its governor to its dependent. The elements of a chain
are spans, each with a relation `next` to the one behind it, which has the `referenceRelation`.

Tokens are spans (labelled `Token`) only where a relation or a slot leads to them. Kutip has no
spans that cover nothing: those are lost, and what leads to them.

The text is that of the `#Text=` lines, at the offsets the tokens give, which count UTF-16 units
(`webanno_text.Text`). The folder is the annotator; in what INCEpTION exports whole, as
`annotation/<document>/<annotator>.tsv`, the file is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath

from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import LineRefusal, Place, Reason, UnfitError
from annotations.corpora.readers.lines import source_encoding
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Found,
    Link,
    Loss,
    TaggedRelation,
    TaggedSpan,
    Tagging,
    annotator_of,
    article,
)
from annotations.exchange.formats.webanno_cells import (
    EMPTY,
    NONE,
    Entry,
    Layer,
    entries,
    numbered,
    short,
)
from annotations.exchange.formats.webanno_rows import Lines, Row, is_ours
from annotations.exchange.formats.webanno_text import Text
from annotations.limits import LIMITS

NOBODY = "webanno"
"""Who tagged what lies in no folder."""
ENDINGS = (".tsv",)
MOST = LIMITS.article_code_points
TOKEN = "Token"  # noqa: S105 - a word of a text, no secret
CHAINED = "next"

_EXPORTED = ("annotation", "curation")
ANYTHING = "uima.tcas.Annotation"
_LINKED = re.compile(r"(.*)->([0-9]{1,9})-([0-9]{1,9})", re.DOTALL)
_PAIR = re.compile(r"(.*)\[([0-9]{1,9})_([0-9]{1,9})\]")


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each file with its layer. A row that cannot be read is lost, and named."""
    for source in sources:
        if source.suffix in ENDINGS:
            try:
                yield _found(source)
            except DAMAGED:
                yield source.refused(Reason("zip_damaged"))


def begins_so(source: Source) -> bool:
    """Whether the first line of the file says that it is WebAnno TSV 3."""
    try:
        with source.open() as stream:
            return is_ours(stream.read(256))
    except DAMAGED:
        return False


def names_of(source: Source, otherwise: str) -> tuple[str, str]:
    """The annotator of a file, and the title of its document."""
    parts = PurePosixPath(source.name).parts
    if len(parts) > 2 and parts[-3] in _EXPORTED:
        return source.stem, PurePosixPath(parts[-2]).stem
    return annotator_of(source.name, otherwise), source.stem


def _found(source: Source) -> Found:
    encoding = source_encoding(source)
    reading = _Reading(source, encoding)
    reading.read()
    return reading.found()


@dataclass(slots=True)
class _Mark:
    """A span to be: the rows it covers, and what is said of it."""

    id: str
    layer: Layer
    start: int
    end: int
    place: Place
    entry: Entry
    chained: str = ""


@dataclass(slots=True)
class _Marks:
    """The spans of the file, by their ids, and by the rows, numbers and types that lead to them."""

    known: dict[str, _Mark] = field(default_factory=dict)
    _at: dict[tuple[str, str, str], _Mark] = field(default_factory=dict)

    def add(self, mark: _Mark, unit: str) -> _Mark:
        """The mark covers the row, too; return it as it is known from all its rows."""
        known = self.known.setdefault(mark.id, mark)
        known.start, known.end = min(known.start, mark.start), max(known.end, mark.end)
        for number in {mark.entry.number, ""}:
            for type in (mark.layer.type, ANYTHING):
                before = self._at.setdefault((unit, number, type), known)
                if before.entry.number and not mark.entry.number:
                    self._at[unit, number, type] = known
        return known

    def one(self, unit: str, number: str, type: str) -> _Mark | None:
        """That of the type which a row and a number lead to. Without a number the one that
        has none, or the first."""
        return self._at.get((unit, number, ANYTHING if type == "?" else type))


class _Reading:
    """One file."""

    def __init__(self, source: Source, encoding: Encoding) -> None:
        self._source, self._encoding = source, encoding
        self._losses: list[Loss] = []
        self._text = Text(self._losses)
        self._marks = _Marks()
        self._tokens: dict[str, tuple[int, int, Place]] = {}
        self._relations: list[tuple[Layer, Row, Entry]] = []
        self._chains: dict[tuple[int, str], dict[int, _Mark]] = {}
        self._is_known = False

    def read(self) -> None:
        lines = Lines(self._source, self._encoding, self._losses)
        for sentence in lines.sentences():
            self._is_known = True
            for row, start, end in self._text.add(sentence):
                if self._text.length <= MOST:
                    self._row(lines.layers, row, start, end)

    def found(self) -> Found:
        place, encoding = Place(self._source.name, 1, 0), str(self._encoding)
        if not self._is_known:
            return self._source.refused(Reason("webanno_none"))
        if self._text.length > MOST:
            values = {"length": self._text.length, "limit": MOST}
            return LineRefusal(place, Reason("text_too_long", values), encoding)
        annotator, title = names_of(self._source, NOBODY)
        record = {"text": str(self._text), "title": title}
        try:
            draft = article(record, place, encoding, self._losses)
        except UnfitError as unfit:
            return LineRefusal(place, unfit.reason, encoding)
        tagging = Tagging(annotator, draft.text, self._losses)
        self._tag(tagging)
        return Annotated(draft, [tagging.layer], self._losses)

    # --- rows ---------------------------------------------------------------------------------

    def _row(self, layers: Sequence[Layer], row: Row, start: int, end: int) -> None:
        self._tokens.setdefault(row.unit, (start, end, row.place))
        at = 0
        for layer in layers:
            cells = row.cells[at : at + layer.width]
            at += layer.width
            if not cells:
                return
            for order, entry in enumerate(entries(layer, cells)):
                if layer.kind == "RL":
                    self._relations.append((layer, row, entry))
                else:
                    mark = _Mark("", layer, start, end, row.place, entry)
                    self._mark(mark, row, order)

    def _mark(self, mark: _Mark, row: Row, order: int) -> None:
        """A row of a span; where it is one of a chain, its first cell is ``value->chain-place``."""
        layer, entry = mark.layer, mark.entry
        if layer.kind == "SP":
            own = f"{row.unit}|{order}" if order else row.unit
            mark.id = f"{layer.number}[{entry.number or own}]"
            self._marks.add(mark, row.unit)
        elif linked := _LINKED.fullmatch(entry.features.pop(_relating(layer), "")):
            value, chain, place = linked.groups()
            mark.id = f"{layer.number}[{chain}-{place}]"
            mark.chained = "" if value in (NONE, EMPTY) else value
            known = self._marks.add(mark, row.unit)
            self._chains.setdefault((layer.number, chain), {})[int(place)] = known
        else:
            self._losses.append(self._odd(row))

    def _odd(self, row: Row) -> Loss:
        reason = UnfitError("webanno_line", line=f"{row.unit} {row.words}"[:60]).reason
        return Loss(row.place, reason)

    # --- spans and relations ------------------------------------------------------------------

    def _tag(self, tagging: Tagging) -> None:
        for mark in self._marks.known.values():
            span = tagging.span(mark.id, mark.layer.label, [(mark.start, mark.end)], mark.place)
            if span is None:
                continue
            for name, value in mark.entry.features.items():
                tagging.attribute(span, name, value, mark.place)
        links = [*self._links(), *self._joins()]
        for link in links:
            self._ends(tagging, link)
        tagging.join(links)
        self._chain(tagging)

    def _links(self) -> Iterator[Link]:
        """The slots of all spans."""
        for mark in self._marks.known.values():
            for slot in mark.entry.slots:
                target = self._leads_to(*numbered(slot.target), slot.type)
                features = {"role": slot.role} if slot.role else {}
                yield Link(slot.name, mark.id, target, mark.place, features)

    def _joins(self) -> Iterator[Link]:
        """The relations."""
        for layer, row, entry in self._relations:
            found = _PAIR.fullmatch(entry.governor)
            unit, governor, dependent = found.groups() if found else (entry.governor, "0", "0")
            source = self._leads_to(unit, governor, layer.base)
            target = self._leads_to(row.unit, dependent, layer.base)
            yield Link(layer.label, source, target, row.place, entry.features)

    def _leads_to(self, unit: str, number: str, type: str) -> str:
        """The id of the span that a row and a number lead to; that of the token, if it is one."""
        number = "" if number == "0" else number
        mark = self._marks.one(unit, number, type)
        if mark:
            return mark.id
        is_token = short(type) == TOKEN or (type in (ANYTHING, "?") and not number)
        return f"{TOKEN}[{unit}]" if is_token else f"{unit}[{number}]" if number else unit

    def _ends(self, tagging: Tagging, link: Link) -> None:
        """The tokens that a relation joins are spans."""
        for end in (link.source, link.target):
            unit = end.removeprefix(f"{TOKEN}[")[:-1] if end.startswith(f"{TOKEN}[") else ""
            if unit in self._tokens and end not in tagging.layer.spans:
                start, stop, place = self._tokens[unit]
                tagging.span(end, TOKEN, [(start, stop)], place)

    def _chain(self, tagging: Tagging) -> None:
        """Each element of a chain leads to the next; the last one keeps what would be said of
        where it leads."""
        for chain in self._chains.values():
            inside = [mark for _, mark in sorted(chain.items())]
            owners: list[TaggedSpan | TaggedRelation | None] = [
                tagging.relation(f"{one.id}>", CHAINED, one.id, other.id, one.place)
                for one, other in pairwise(inside)
            ]
            owners.append(tagging.layer.spans.get(inside[-1].id))
            for mark, owner in zip(inside, owners, strict=True):
                if owner and mark.chained:
                    tagging.attribute(owner, _relating(mark.layer), mark.chained, mark.place)


def _relating(layer: Layer) -> str:
    """The feature of a chain's elements that tells how they lead to the next."""
    first = layer.cells[0] if layer.cells else None
    return first.name if first else ""
