"""TEI P5 with standoff annotations: a ZIP with a file for each article, named by its id.

The text stands in one `ab` exactly as it is. Annotations stand in `standOff` and point into it with
`string-range(#text,offset,length)`, the scheme of the TEI Guidelines (16.2.4), whose offsets count
characters from 0. A layer is a `spanGrp`; a span points to each of its fragments, its content is
its label; attributes are a feature structure; what else is known is a `span` on a span (notes) or a
`link` (relations). Entities stand in the header, with all of their names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from annotations.exchange.records import (
    Attributes,
    EndRecord,
    EntityRecord,
    LayerRecord,
    Line,
    NoteRecord,
    RelationRecord,
    SpanRecord,
)
from annotations.exchange.writers.brat_config import name_of
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, zipped
from annotations.exchange.writers.shape import Writer
from annotations.exchange.writers.xml_text import escaped, known_bytes, quoted
from annotations.schema.spec import Spec

_LANGUAGE = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_UNDETERMINED = "und"

_escaped = lru_cache(maxsize=1_000)(escaped)


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A file for each article, those without layers too."""
    return zipped(_members(lines, report))


def _members(lines: Iterable[Line], report: LossReport) -> Iterator[Member]:
    for line in lines:
        data, lost = known_bytes("".join(_Document(line, report).parts()))
        if lost:
            report.lose(Part.UNWRITABLE, line, count=lost)
        yield f"{line.article.id}.xml", data


class _Document:
    """The file of one article. Everything has an id: `text` is the text, `e-` stands before those of
    entities, `p` before the numbers of people; before those of what is in a layer stand a letter for
    its kind (span, note, relation, feature structure) and the number of the layer, as
    the same id may stand in several layers."""

    def __init__(self, line: Line, report: LossReport) -> None:
        self._line, self._report = line, report
        people = [one.annotator for one in line.layers]
        people += [note.author for one in line.layers for note in _notes(one)]
        self._people = {name: f"p{number}" for number, name in enumerate(dict.fromkeys(people), 1)}

    def parts(self) -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield '<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader><fileDesc>\n'
        yield from self._header()
        yield "</teiHeader>\n"
        if self._line.layers:
            yield "<standOff>\n"
            for number, layer in enumerate(self._line.layers, 1):
                yield from _Layer(self._line, layer, number, self._people, self._report).parts()
            yield "</standOff>\n"
        yield '<text><body><ab xml:id="text" xml:space="preserve">'
        yield f"{escaped(self._line.article.text)}</ab></body></text>\n</TEI>\n"

    def _header(self) -> Iterator[str]:
        article = self._line.article
        title, language = _element("title", article.title), article.language
        yield f"<titleStmt>{title}\n"
        for name, id in self._people.items():
            yield f'<respStmt xml:id="{id}"><resp>annotation</resp>{_element("name", name)}</respStmt>\n'
        yield "</titleStmt>\n<publicationStmt><p>Exported from Kutip.</p></publicationStmt>\n"
        yield f"<sourceDesc><bibl>{title}"
        yield _element("author", article.author) if article.author else ""
        yield _element("publisher", article.source) if article.source else ""
        if article.published:
            yield f'<date when="{article.published}">{article.published}</date>'
        yield _idno("URL", article.url)
        yield _idno("external", article.external_id)
        yield f"{_idno('SHA-256', article.sha256)}</bibl>\n"
        if self._line.entities:
            items = "".join(map(_entity, self._line.entities))
            yield f'<list type="entities">\n{items}</list>'
        yield "</sourceDesc></fileDesc>\n"
        if language:
            code = language if _LANGUAGE.fullmatch(language) else _UNDETERMINED
            yield f'<profileDesc><langUsage><language ident="{code}">{escaped(language)}</language>'
            yield "</langUsage></profileDesc>\n"


class _Layer:
    """What one person, or the adjudication, says of the text."""

    def __init__(
        self,
        line: Line,
        layer: LayerRecord,
        number: int,
        people: dict[str, str],
        report: LossReport,
    ) -> None:
        self._line, self._layer, self._number = line, layer, number
        self._people, self._report = people, report
        self._structures: list[str] = []

    def parts(self) -> Iterator[str]:
        layer, resp = self._layer, self._people[self._layer.annotator]
        yield f'<spanGrp type="{layer.kind}" resp="#{resp}">\n'
        yield from map(self._span, layer.spans)
        yield "</spanGrp>\n"
        notes = [self._note(note, "text") for note in layer.notes]
        for span in layer.spans:
            if span.notes:
                notes += [self._note(note, self._id("s", span.id)) for note in span.notes]
        if notes:
            yield f'<spanGrp type="notes">\n{"".join(notes)}</spanGrp>\n'
        if layer.relations:
            yield f'<linkGrp type="relations" resp="#{resp}">\n'
            yield from map(self._relation, layer.relations)
            yield "</linkGrp>\n"
        yield from self._structures

    def _span(self, span: SpanRecord) -> str:
        targets = " ".join(
            [f"#string-range(text,{start},{end - start})" for start, end in span.fragments]
        )
        about = self._features(span.id, span.attributes) if span.attributes else ""
        if span.entity is not None:
            about += f' corresp="#e-{span.entity}"'
        id = self._id("s", span.id)
        return f'<span xml:id="{id}" target="{targets}"{about}>{_escaped(span.label)}</span>\n'

    def _note(self, note: NoteRecord, target: str) -> str:
        id, resp = self._id("n", note.id), self._people[note.author]
        about = f'xml:id="{id}" target="#{target}" resp="#{resp}"'
        return f"<span {about}>{escaped(note.text)}</span>\n"

    def _relation(self, relation: RelationRecord) -> str:
        id, kind = self._id("r", relation.id), self._name(relation.type, relation.id)
        ends = f"#{self._end(relation.source)} #{self._end(relation.target)}"
        about = self._features(relation.id, relation.attributes) if relation.attributes else ""
        return f'<link xml:id="{id}" type="{kind}" target="{ends}"{about}/>\n'

    def _end(self, end: EndRecord) -> str:
        if end.article:
            return "text"
        return f"e-{end.entity}" if end.entity is not None else self._id("s", end.span or "")

    def _features(self, of: str, attributes: Attributes) -> str:
        """The attribute that leads to a new feature structure."""
        features = "".join(
            [
                f'<f name="{self._name(key, of)}">{_value(value)}</f>'
                for key, value in attributes.items()
            ]
        )
        id = self._id("f", of)
        self._structures.append(f'<fs xml:id="{id}">{features}</fs>\n')
        return f' ana="#{id}"'

    def _id(self, kind: str, id: str) -> str:
        return f"{kind}{self._number}-{id}"

    def _name(self, key: str, of: str) -> str:
        name = _name_of(key)
        if name != key:
            self._report.lose(Part.NAMES, self._line, self._layer, of)
        return name


def _notes(layer: LayerRecord) -> Sequence[NoteRecord]:
    return [*layer.notes, *(note for span in layer.spans if span.notes for note in span.notes)]


@lru_cache(maxsize=1_000)
def _name_of(key: str) -> str:
    """The key as a name of XML: with a letter or a low line first."""
    name = name_of(key)
    return name if name[0].isalpha() or name[0] == "_" else f"_{name}"


def _value(value: str | bool) -> str:
    if isinstance(value, str):
        return _element("string", value)
    return f'<binary value="{str(value).lower()}"/>'


def _entity(entity: EntityRecord) -> str:
    others = "".join(
        f"<name{_lang(one.language)} type={quoted(one.kind)}>{escaped(one.text)}</name>"
        for one in entity.aliases
    )
    main = f"<name type={quoted(entity.type)}>{escaped(entity.name)}</name>"
    return f'<item xml:id="e-{entity.id}">{main}{others}</item>\n'


def _lang(language: str) -> str:
    code = language if _LANGUAGE.fullmatch(language) else _UNDETERMINED
    return f' xml:lang="{code}"' if language else ""


def _idno(kind: str, value: str | None) -> str:
    return f'<idno type="{kind}">{escaped(value)}</idno>' if value else ""


def _element(name: str, text: str) -> str:
    return f"<{name}>{escaped(text)}</{name}>" if text else f"<{name}/>"


WRITER = Writer(
    key="tei",
    name="TEI P5",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(
        (
            *(Part.TEXT, Part.UNSEEN, Part.EMPTY, Part.FIELDS, Part.FRAGMENTS, Part.ATTRIBUTES),
            *(Part.ENTITY, Part.SPAN_NOTES, Part.ARTICLE_NOTES, Part.RELATIONS, Part.ALIASES),
            *(Part.FROM_ARTICLE, Part.TO_ENTITY, Part.RELATION_ATTRIBUTES),
        )
    ),
    write=write,
)
