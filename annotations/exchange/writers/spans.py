"""One span on each line: an object that says where it stands, what it covers and what is known of
it. For programs that want neither articles nor layers. The text of the article is not in it; its
SHA-256 is, so that offsets (code points, the end excluded) can be proved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from annotations.exchange.records import (
    Attributes,
    EndRecord,
    LayerRecord,
    Line,
    NoteRecord,
    Pair,
    Record,
)
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import Writer
from annotations.schema.spec import Spec


class _Article(Record, omit_defaults=True):
    author: str
    external_id: str | None
    id: str
    language: str
    published: str | None
    sha256: str
    source: str
    title: str
    url: str
    split: str = ""


class _Entity(Record):
    id: str
    name: str
    type: str


class _Relation(Record):
    attributes: Attributes
    id: str
    to: EndRecord
    type: str


class _Span(Record):
    annotator: str
    article: _Article
    attributes: Attributes
    confidence: int | None
    entity: _Entity | None
    flags: Sequence[str]
    fragments: Sequence[Pair]
    id: str
    kind: str
    label: str
    notes: Sequence[NoteRecord]
    relations: Sequence[_Relation]
    status: str
    submitted_at: str | None
    text: Sequence[str]


_encoder = msgspec.json.Encoder(order="deterministic")


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A line for each span, in the order of the export. Relations stand with the span they start
    from."""
    for line in lines:
        article = _article(line)
        entities = {each.id: _Entity(each.id, each.name, each.type) for each in line.entities}
        out = bytearray()
        for layer in line.layers:
            for span in _spans(layer, article, entities):
                _encoder.encode_into(span, out, -1)
                out += b"\n"
        yield bytes(out)


def _article(line: Line) -> _Article:
    known = line.article
    return _Article(
        known.author,
        known.external_id,
        known.id,
        known.language,
        known.published,
        known.sha256,
        known.source,
        known.title,
        known.url,
        line.split,
    )


def _spans(
    layer: LayerRecord, article: _Article, entities: Mapping[str, _Entity]
) -> Iterator[_Span]:
    relations: dict[str, list[_Relation]] = {}
    for each in layer.relations:
        if each.source.span is not None:
            one = _Relation(each.attributes, each.id, each.target, each.type)
            relations.setdefault(each.source.span, []).append(one)
    for span in layer.spans:
        yield _Span(
            layer.annotator,
            article,
            span.attributes,
            span.confidence,
            None if span.entity is None else entities[span.entity],
            span.flags,
            span.fragments,
            span.id,
            layer.kind,
            span.label,
            span.notes,
            relations.get(span.id, ()),
            layer.status,
            layer.submitted_at,
            span.text,
        )


WRITER = Writer(
    key="spans",
    name="JSONL, one span per line",
    extension="jsonl",
    media_type="application/jsonl",
    holds=frozenset(Part)
    - {
        *(Part.UNSEEN, Part.EMPTY, Part.TEXT, Part.METADATA, Part.ALIASES, Part.FROM_ARTICLE),
        *(Part.ARTICLE_NOTES, Part.ARTICLE_FLAGS, Part.WAIVERS, Part.SETTLEMENTS, Part.MESSAGES),
    },
    write=write,
    needs_text=False,
)
