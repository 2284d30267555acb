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
    Pair,
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
        for _, about, own in rows(line, columns, report):
            table.writerow(about + own)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


Row = list[str | int]


def rows(
    line: Line, columns: Columns, report: LossReport
) -> Iterator[tuple[LayerRecord, Row, Row]]:
    """For each span of the labels its layer, the cells about that (the same object for all of its
    spans), and the span's own, the first of which is its id. All are defused."""
    article, entities = line.article, {key: one.name for key, one in entities_of(line).items()}
    about = [
        article.id,
        *map(defused, (article.external_id or "", article.title, article.source, article.author)),
        article.published or "",
        defused(article.url),
    ]
    for layer in line.layers:
        start: Row = [*about, defused(layer.annotator), layer.kind, layer.status]
        links, ends = _links(layer), _Ends(layer, columns.relations, entities)
        for span in layer.spans:
            if span.label in columns.labels:
                linked = ends.cells(links[span.id]) if span.id in links else columns.unlinked
                yield layer, start, _row(span, columns, entities, linked)
            else:
                report.lose(Part.OTHER_LABELS, line, layer, span.id)


Links = Mapping[str, Sequence[RelationRecord]]


def _links(layer: LayerRecord) -> Mapping[str, Links]:
    """The relations that start from each span, by type."""
    links: dict[str, dict[str, list[RelationRecord]]] = {}
    for relation in layer.relations:
        if relation.source.span is not None:
            of_span = links.setdefault(relation.source.span, {})
            of_span.setdefault(relation.type, []).append(relation)
    return links


class _Ends:
    """What the relations of a layer's spans lead to."""

    def __init__(
        self, layer: LayerRecord, relations: Sequence[RelationType], entities: Mapping[str, str]
    ) -> None:
        self._relations, self._entities = relations, entities
        self._spans = {span.id: span for span in layer.spans} if layer.relations else {}

    def cells(self, links: Links) -> Iterator[str]:
        """For each relation type the words, and the entities' names."""
        for kind in self._relations:
            ends = [self._end(one) for one in links.get(kind.key, ())]
            yield defused(BETWEEN.join(words for words, _ in ends))
            names = BETWEEN.join(name for _, name in ends)
            yield defused(names) if any(name for _, name in ends) else ""

    def _end(self, relation: RelationRecord) -> tuple[str, str]:
        if relation.target.entity is not None:
            return "", self._entities[relation.target.entity]
        target = self._spans[relation.target.span or ""]
        return BETWEEN.join(target.text), self._entities.get(target.entity or "", "")


def _row(
    span: SpanRecord, columns: Columns, entities: Mapping[str, str], linked: Iterable[str]
) -> Row:
    return [
        span.id,
        defused(span.label),
        span.fragments[0][0],
        span.fragments[-1][1],
        _offsets(span.fragments),
        defused(span.text[0] if len(span.text) == 1 else BETWEEN.join(span.text)),
        defused(entities.get(span.entity, "")) if span.entity else "",
        span.entity or "",
        *(_values(span.attributes, columns) if span.attributes else columns.unset),
        *linked,
        ";".join(span.flags),
        "" if span.confidence is None else span.confidence,
        defused(BETWEEN.join([note.text for note in span.notes])) if span.notes else "",
    ]


def _offsets(fragments: Sequence[Pair]) -> str:
    """Two full stops: `14:21` would be a time in a spreadsheet, and `1-2` a date."""
    return ";".join([f"{start}..{end}" for start, end in fragments])


def _values(given: Attributes, columns: Columns) -> list[str]:
    values = [*columns.unset]
    for key, value in given.items():
        if key in columns.attributes:
            text = defused(value) if isinstance(value, str) else str(value).lower()
            values[columns.attributes[key]] = text
    return values


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
