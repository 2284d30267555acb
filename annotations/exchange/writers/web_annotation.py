"""W3C Web Annotation: a ZIP with the texts as they are, and for each layer an AnnotationPage in
JSON-LD.

After the Recommendations "Web Annotation Data Model" and "Vocabulary" (W3C, 2017). A span is an
annotation with a target for each fragment, as two selectors of one target select the same; each
has a TextPositionSelector, whose offsets count code points (section 4.2.5), and a
TextQuoteSelector. Label and attributes are tags, the entity is an identifying body, notes are
comments. A relation is a linking annotation of what it starts from, whose body is where it leads.
Articles, spans and entities are known by `urn:uuid:`.

The pages name the context of W3C, as they must. So that they can be read as RDF without asking for
it, the ZIP has one that gives the same names to the same terms: our own, written after the two
Recommendations (`web_annotation_context.jsonld`).
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import msgspec

from annotations.exchange.records import (
    Attributes,
    LayerRecord,
    Line,
    NoteRecord,
    Pair,
    RelationRecord,
    SpanRecord,
)
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, safe_name, zipped
from annotations.exchange.writers.shape import Writer, who
from annotations.schema.spec import Spec

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
"""Its name alone: it is never fetched."""
OWN_CONTEXT = Path(__file__).with_name("web_annotation_context.jsonld")
"""What stands for it where there is no net."""
AROUND = 32
"""Code points before and after the words, by which they are found again in a changed text."""

_encoder = msgspec.json.Encoder(order="deterministic")


class _Position(msgspec.Struct, tag="TextPositionSelector", gc=False):
    start: int
    end: int


class _Quote(msgspec.Struct, tag="TextQuoteSelector", gc=False):
    exact: str
    prefix: str
    suffix: str


class _Target(msgspec.Struct, tag="SpecificResource", gc=False):
    source: str
    selector: tuple[_Position, _Quote]


class _Text(msgspec.Struct, tag="TextualBody", gc=False):
    purpose: str
    value: str


class _Resource(msgspec.Struct, tag="SpecificResource", gc=False):
    purpose: str
    source: str


class _Creator(msgspec.Struct, tag="Person", gc=False):
    nickname: str


class _Comment(msgspec.Struct, tag="TextualBody", gc=False):
    purpose: str
    value: str
    creator: _Creator
    created: str


_Body = _Text | _Resource | _Comment


class _Annotation(msgspec.Struct, tag="Annotation", gc=False):
    id: str
    motivation: str
    creator: msgspec.Raw
    body: Sequence[_Body] | msgspec.Raw
    target: Sequence[_Target] | str


class _Collection(msgspec.Struct, tag="AnnotationCollection", gc=False):
    id: str
    label: str


class _Page(msgspec.Struct, tag="AnnotationPage", gc=False):
    id: str
    part_of: _Collection = msgspec.field(name="partOf")
    start_index: int = msgspec.field(name="startIndex")
    items: Sequence[_Annotation]
    context: str = msgspec.field(name="@context", default=CONTEXT)


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The context, the text of each article, and a page for each of its layers."""
    return zipped(_members(lines))


def _members(lines: Iterable[Line]) -> Iterator[Member]:
    yield "context.jsonld", OWN_CONTEXT.read_bytes()
    for line in lines:
        yield f"articles/{line.article.id}.txt", line.article.text.encode()
        for layer in line.layers:
            name = f"annotations/{safe_name(who(layer))}/{line.article.id}.jsonld"
            yield name, _encoder.encode(_page(line, layer))


def _page(line: Line, layer: LayerRecord) -> _Page:
    name, source = who(layer), _urn(line.article.id)
    whole = _Collection(f"urn:kutip:layers:{quote(name, safe='')}", name)
    creator = msgspec.Raw(_encoder.encode(_Creator(layer.annotator)))
    text = line.article.text
    items = [_span(text, source, span, creator) for span in layer.spans]
    items += [_relation(line, relation, creator) for relation in layer.relations]
    return _Page(f"{whole.id}:{line.article.id}", whole, 0, items)


def _span(text: str, source: str, span: SpanRecord, creator: msgspec.Raw) -> _Annotation:
    body: Sequence[_Body] | msgspec.Raw
    if span.entity is None and not span.notes:
        body = _told(span.label, tuple(span.attributes.items()))
    else:
        linked = [] if span.entity is None else [_Resource("identifying", _urn(span.entity))]
        body = [*_tags(span.label, span.attributes), *linked, *map(_comment, span.notes)]
    if len(span.text) == 1:  # as most: half of the time
        target = [_target(text, source, span.fragments[0], span.text[0])]
    else:
        several = zip(span.fragments, span.text, strict=True)
        target = [_target(text, source, place, words) for place, words in several]
    return _Annotation(_urn(span.id), "classifying", creator, body, target)


@lru_cache(maxsize=500)
def _told(label: str, given: tuple[tuple[str, str | bool], ...]) -> msgspec.Raw:
    """What most spans say in one of some hundred ways: their label and attributes."""
    return msgspec.Raw(_encoder.encode(_tags(label, dict(given))))


def _relation(line: Line, relation: RelationRecord, creator: msgspec.Raw) -> _Annotation:
    source, target = relation.source.span or line.article.id, relation.target
    led = _Resource("linking", _urn(target.span or target.entity or ""))
    body: list[_Body] = [*_tags(relation.type, relation.attributes), led]
    return _Annotation(_urn(relation.id), "linking", creator, body, _urn(source))


def _tags(kind: str, given: Attributes) -> Sequence[_Text]:
    """A label, or the type of a relation, and attributes as tags, `name=value`."""
    tags = [
        _Text("tagging", f"{name}={value if isinstance(value, str) else str(value).lower()}")
        for name, value in given.items()
    ]
    return [_Text("classifying", kind), *tags]


def _comment(note: NoteRecord) -> _Comment:
    return _Comment("commenting", note.text, _Creator(note.author), note.at)


def _target(text: str, source: str, place: Pair, words: str) -> _Target:
    start, end = place
    before = text[start - AROUND : start] if start > AROUND else text[:start]
    quoted = _Quote(words, before, text[end : end + AROUND])
    return _Target(source, (_Position(start, end), quoted))


def _urn(id: str) -> str:
    return f"urn:uuid:{id}"


WRITER = Writer(
    key="web-annotation",
    name="W3C Web Annotation",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(
        (
            *(Part.TEXT, Part.UNSEEN, Part.EMPTY, Part.FRAGMENTS, Part.ATTRIBUTES, Part.ENTITY),
            *(Part.SPAN_NOTES, Part.RELATIONS, Part.FROM_ARTICLE, Part.TO_ENTITY),
            Part.RELATION_ATTRIBUTES,
        )
    ),
    write=write,
)
