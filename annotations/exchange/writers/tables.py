"""Tables for spreadsheets and statistics: a row for each quotation, each stance, or each span.

The columns are those of the schema: the article's, the span's, one for each attribute of the label,
and for each relation that may start from it one with the words it leads to, and with the entity
these are linked to. Several of one relation stand in one cell, parted by " | ", in the same order in
both columns; so do the fragments of a span's words.
"""

import csv
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import chain, count

from annotations.exchange.records import (
    Attributes,
    LayerRecord,
    Line,
    RelationRecord,
    SpanRecord,
)
from annotations.exchange.writers.cells import defused
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import Writer, entities_of
from annotations.schema.spec import Label, RelationType, Spec

BETWEEN = " | "
MARK = "\ufeff"
"""Without it a spreadsheet reads UTF-8 as something else."""

_OF_ARTICLE = ("article", "external_id", "title", "source", "author", "published", "url")
_OF_LAYER = ("annotator", "kind", "status")
_OF_SPAN = ("id", "label", "start", "end", "fragments", "words", "entity", "entity_id")
_OF_REMARKS = ("flags", "confidence", "notes")


class _Excel(csv.Dialect):
    """As RFC 4180 has it."""

    delimiter = ","
    quotechar = '"'
    doublequote = True
    lineterminator = "\r\n"
    quoting = csv.QUOTE_MINIMAL


class _Tabs(_Excel):
    delimiter = "\t"


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table of these labels has beside what every table has: attributes with their places,
    relations. `unset` and `unlinked` are the cells of a span without any."""

    labels: frozenset[str]
    attributes: Mapping[str, int]
    relations: tuple[RelationType, ...]
    unset: tuple[str, ...]
    unlinked: tuple[str, ...]

    def header(self) -> list[str]:
        """The names of the columns. What is called as a column before it has a number behind."""
        relations = [one.key.lower() for one in self.relations]
        ends = [f"{key}{end}" for key in relations for end in ("", "_entity")]
        names: dict[str, None] = {}
        for part in (_OF_ARTICLE, _OF_LAYER, _OF_SPAN, self.attributes, ends, _OF_REMARKS):
            for name in part:
                names[_unused(name, names)] = None
        return list(names)

    def values(self, given: Attributes) -> Sequence[str]:
        """The cells of these attributes."""
        if not given:
            return self.unset
        values = [*self.unset]
        for key, value in given.items():
            if key in self.attributes:
                text = defused(value) if isinstance(value, str) else str(value).lower()
                values[self.attributes[key]] = text
        return values


def _unused(name: str, names: Container[str]) -> str:
    numbered = (f"{name}_{number}" for number in count(2))
    return next(one for one in chain((name,), numbered) if one not in names)


def columns_of(spec: Spec, label: str | None) -> Columns:
    """Those for one label, or for all labels where it is None."""
    labels: Sequence[Label] = [one for one in spec.labels if label in (None, one.key)]
    keys = frozenset(one.key for one in labels)
    attributes = dict.fromkeys(a.key for one in labels for a in one.attributes)
    places = {key: place for place, key in enumerate(attributes)}
    relations = [one for one in spec.relations if keys.intersection(one.sources)]
    cells = ("",) * len(attributes), ("",) * (2 * len(relations))
    return Columns(keys, places, tuple(relations), *cells)


def write(
    lines: Iterable[Line],
    spec: Spec,
    report: LossReport,
    *,
    label: str | None,
    dialect: type[csv.Dialect],
) -> Iterator[bytes]:
    """The header, and a row for each span of the label, in the order of the export."""
    columns = columns_of(spec, label)
    out = StringIO(newline="")
    table = csv.writer(out, dialect)
    table.writerow([MARK + "article", *map(defused, columns.header()[1:])])
    for line in lines:
        for known in layers_of(line):
            lose_others(line, known.layer, columns, report)
            table.writerows(
                [
                    (*known.about, *known.row(span, columns))
                    for span in known.layer.spans
                    if span.label in columns.labels
                ]
            )
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


Cell = str | int


def lose_others(line: Line, layer: LayerRecord, columns: Columns, report: LossReport) -> None:
    """The spans of other labels are in the report."""
    others = [span.id for span in layer.spans if span.label not in columns.labels]
    report.lose_each(Part.OTHER_LABELS, line, layer, others)


def layers_of(line: Line) -> Iterator["KnownLayer"]:
    """The layers, each with the cells about itself and the article."""
    article, entities = line.article, {key: one.name for key, one in entities_of(line).items()}
    about = (
        article.id,
        *map(defused, (article.external_id or "", article.title, article.source, article.author)),
        article.published or "",
        defused(article.url),
    )
    for layer in line.layers:
        start = (*about, defused(layer.annotator), layer.kind, layer.status)
        yield KnownLayer(layer, start, entities)


Links = Mapping[str, Sequence[RelationRecord]]


class KnownLayer:
    """The cells of a layer's spans, in the order of the columns and defused; `about`, what is known
    of article and layer, stands before them."""

    def __init__(
        self, layer: LayerRecord, about: Sequence[Cell], entities: Mapping[str, str]
    ) -> None:
        self.layer, self.about, self._entities = layer, about, entities
        self._links: dict[str, dict[str, list[RelationRecord]]] = {}
        for relation in layer.relations:
            if relation.source.span is not None:
                of_span = self._links.setdefault(relation.source.span, {})
                of_span.setdefault(relation.type, []).append(relation)
        self._spans = {span.id: span for span in layer.spans} if layer.relations else {}

    def own(self, span: SpanRecord) -> tuple[str, str, int, int, str, str, str, str]:
        """Its id, label, place, words and entity."""
        start, end, offsets, words = place(span)
        return (span.id, defused(span.label), start, end, offsets, words, *self.linked(span))

    def linked(self, span: SpanRecord) -> tuple[str, str]:
        """The name and the id of its entity."""
        entity = span.entity
        return (defused(self._entities.get(entity, "")), entity) if entity else UNLINKED

    def is_bare(self, span: SpanRecord) -> bool:
        """Whether it has neither relations nor remarks, as most."""
        told = span.flags or span.notes or span.confidence is not None
        return not told and span.id not in self._links

    def ends(self, span: SpanRecord, columns: Columns) -> Sequence[str]:
        """What its relations lead to: for each type the words, and the entities' names."""
        links = self._links.get(span.id)
        return [*self._ends(links, columns)] if links else columns.unlinked

    def row(self, span: SpanRecord, columns: Columns) -> Sequence[Cell]:
        """All of them."""
        values = columns.values(span.attributes)
        if self.is_bare(span):
            return (*self.own(span), *values, *columns.unlinked, *UNREMARKED)
        return (*self.own(span), *values, *self.ends(span, columns), *remarks(span))

    def _ends(self, links: Links, columns: Columns) -> Iterator[str]:
        for kind in columns.relations:
            ends = [self._end(one) for one in links.get(kind.key, ())]
            yield defused(BETWEEN.join(words for words, _ in ends))
            names = BETWEEN.join(name for _, name in ends)
            yield defused(names) if any(name for _, name in ends) else ""

    def _end(self, relation: RelationRecord) -> tuple[str, str]:
        if relation.target.entity is not None:
            return "", self._entities[relation.target.entity]
        target = self._spans[relation.target.span or ""]
        return BETWEEN.join(target.text), self._entities.get(target.entity or "", "")


def place(span: SpanRecord) -> tuple[int, int, str, str]:
    """Where it begins and ends, all of its offsets, its words. Between offsets stand two full stops:
    `14:21` would be a time in a spreadsheet, and `1-2` a date."""
    fragments = span.fragments
    if len(fragments) == 1:  # as most: half of the time
        [(start, end)], [words] = fragments, span.text
        return start, end, f"{start}..{end}", defused(words)
    offsets = ";".join([f"{start}..{end}" for start, end in fragments])
    return fragments[0][0], fragments[-1][1], offsets, defused(BETWEEN.join(span.text))


def remarks(span: SpanRecord) -> Sequence[Cell]:
    """Flags, confidence, notes."""
    return (
        ";".join(span.flags),
        "" if span.confidence is None else span.confidence,
        defused(BETWEEN.join([note.text for note in span.notes])) if span.notes else "",
    )


UNLINKED = ("", "")
UNREMARKED = ("",) * len(_OF_REMARKS)


HOLDS = frozenset(
    (
        *(Part.FIELDS, Part.FRAGMENTS, Part.ATTRIBUTES, Part.ENTITY, Part.SPAN_NOTES, Part.FLAGS),
        *(Part.RELATIONS, Part.TO_ENTITY),
    )
)


def _writer(key: str, name: str, label: str | None, *, tabs: bool) -> Writer:
    return Writer(
        key=f"{key}-tsv" if tabs else f"{key}-csv",
        name=f"{name}, {'TSV' if tabs else 'CSV'}",
        extension="tsv" if tabs else "csv",
        media_type="text/tab-separated-values" if tabs else "text/csv",
        holds=HOLDS,
        write=partial(write, label=label, dialect=_Tabs if tabs else _Excel),
    )


WRITERS = tuple(
    _writer(key, name, label, tabs=tabs)
    for key, name, label in (
        ("quotes", "Quotations", "QUOTE"),
        ("stances", "Stances", "STANCE"),
        ("spans", "Spans", None),
    )
    for tabs in (False, True)
)
