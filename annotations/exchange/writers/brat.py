"""brat standoff: a ZIP with `annotation.conf` and a folder for each annotator, in it a `.txt` and an
`.ann` for each article, named by the article's id.

The text is UTF-8 with LF alone, as brat opens it with universal line ends: offsets count a CRLF once.
A span is cut at line breaks, as brat's editor does; its pieces stand in one annotation, with exactly
the words they cover, as brat compares them. Names have the letters that brat knows, `[A-Za-z0-9_-]`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from annotations.exchange.formats.annotated import DATABASE
from annotations.exchange.records import EntityRecord, LayerRecord, Line, Pair, SpanRecord
from annotations.exchange.writers.brat_config import configuration, name_of
from annotations.exchange.writers.line_ends import Folded
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, between_spans, entities_of, who
from annotations.schema.spec import Spec

CONFIG = "annotation.conf"
_BLANKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
_UNBROKEN = re.compile("[^\n]+")


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The configuration, then two files for each layer."""
    return zipped(_members(lines, spec, report))


def _members(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[Member]:
    yield CONFIG, configuration(spec).encode()
    for line in lines:
        if not line.layers:
            continue
        folded, entities = Folded(line.article.text), entities_of(line)
        if folded.differs:
            report.lose(Part.LINE_ENDS, line)
        text = folded.text.encode()
        for layer in line.layers:
            name = f"{safe_name(who(layer))}/{line.article.id}"
            yield f"{name}.txt", text
            yield f"{name}.ann", _Standoff(line, layer, folded, entities, report).whole()


@dataclass(slots=True)
class _Standoff:
    """The annotations of one layer. Spans are T1, T2, ... in the order of the layer."""

    line: Line
    layer: LayerRecord
    folded: Folded
    entities: Mapping[str, EntityRecord]
    report: LossReport
    out: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def whole(self) -> bytes:
        for span in self.layer.spans:
            self._span(span)
        for relation, source, target in between_spans(self.layer):
            if source in self.ids and target in self.ids:
                ends = f"Arg1:{self.ids[source]} Arg2:{self.ids[target]}"
                self._add("R", f"{self._name(relation.type)} {ends}\t")
            else:
                self._lose(Part.NOTHING_LEFT, relation.id)
        return "".join(self.out).encode()

    def _span(self, span: SpanRecord) -> None:
        if len(span.text) == 1 and not self.folded.differs and "\n" not in span.text[0]:
            [(start, end)], [words] = span.fragments, span.text  # as most: a third of the time
            bounds = f"{start} {end}"
        else:
            pieces = self._pieces(span)
            if not pieces:
                self._lose(Part.NOTHING_LEFT, span.id)
                return
            bounds = ";".join([f"{start} {end}" for start, end in pieces])
            words = " ".join([self.folded.text[start:end] for start, end in pieces])
        label = self._name(span.label)
        self.ids[span.id] = id = self._add("T", f"{label} {bounds}\t{words}")
        for key, value in span.attributes.items():
            self._attribute(span, id, key, value)
        if span.entity is not None:
            entity = self.entities[span.entity]
            words = _BLANKS.sub(" ", entity.name)
            self._add("N", f"Reference {id} {DATABASE}:{entity.id}\t{words}")
        for note in span.notes:
            self._add("#", f"AnnotatorNotes {id}\t{self._in_line(note.text, note.id)}")

    def _attribute(self, span: SpanRecord, id: str, key: str, value: str | bool) -> None:
        """One that is true stands without a value; one that is false is none."""
        if value is False:
            self._lose(Part.FALSE, span.id)
            return
        said = "" if value is True else f" {self._in_line(value, span.id)}"
        self._add("A", f"{self._name(key)} {id}{said}")

    def _in_line(self, words: str, id: str) -> str:
        """The words on one line, without blanks around them."""
        if words.isalnum():  # as most values
            return words
        flat = _BLANKS.sub(" ", words).strip()
        if flat != words:
            self._lose(Part.NOTE_LINES, id)
        return flat

    def _pieces(self, span: SpanRecord) -> Sequence[Pair]:
        """The fragments in the folded text, cut at line breaks."""
        text = self.folded.text
        bounds = [(self.folded.at(start), self.folded.at(end)) for start, end in span.fragments]
        pieces: list[Pair] = []
        for start, end in bounds:
            whole = text[start:end]
            cut = [(start + a, start + b) for a, b in _cut(whole)]
            if cut and (cut[0][0] > start or cut[-1][1] < end):
                self._lose(Part.EDGE_BREAKS, span.id)
            between = text[pieces[-1][1] : cut[0][0]] if cut and pieces else ""
            if between.isspace() and "\n" in between:
                self._lose(Part.JOINED, span.id)
            pieces += cut
        return pieces

    def _name(self, key: str) -> str:
        name = _known(key)
        if name != key:
            self._lose(Part.NAMES, "")
        return name

    def _add(self, kind: str, body: str) -> str:
        self.counts[kind] = number = self.counts.get(kind, 0) + 1
        self.out.append(f"{kind}{number}\t{body}\n")
        return f"{kind}{number}"

    def _lose(self, part: Part, id: str) -> None:
        self.report.lose(part, self.line, self.layer, id)


def _cut(whole: str) -> list[Pair]:
    return [found.span() for found in _UNBROKEN.finditer(whole)]


_known = lru_cache(maxsize=1_000)(name_of)


WRITER = Writer(
    key="brat",
    name="brat",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(
        (
            *(Part.TEXT, Part.EMPTY, Part.FRAGMENTS, Part.ATTRIBUTES, Part.ENTITY),
            *(Part.SPAN_NOTES, Part.RELATIONS),
        )
    ),
    write=write,
)
