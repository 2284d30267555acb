"""doccano: JSONL, an object for each layer, in the shape with `entities` and `relations`.

For a project with *allow overlapping* and *use relation*: without the first doccano drops spans
silently, and crashes on the relations between them. Offsets count code points, as doccano's own
importer takes them. A span of several fragments is an entity for each; relations join the first.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from annotations.exchange.formats.doccano import UNIT
from annotations.exchange.records import OFFSET_UNIT, LayerRecord, Line
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.shape import Writer, between_spans, described, who
from annotations.schema.spec import Spec


class _Entity(msgspec.Struct, gc=False):
    id: int
    label: str
    start_offset: int
    end_offset: int


class _Relation(msgspec.Struct, gc=False):
    id: int
    from_id: int
    to_id: int
    type: str


class _Example(msgspec.Struct, gc=False):
    """Comments are the key under which doccano itself exports notes."""

    text: str
    entities: Sequence[_Entity]
    relations: Sequence[_Relation]
    Comments: Sequence[str]
    annotator: str


_encoder = msgspec.json.Encoder(order="deterministic")


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A line for each layer."""
    for line in lines:
        about = _encoder.encode(described(line) | {UNIT: OFFSET_UNIT})
        for layer in line.layers:
            # what is known of the article is the same for each of its layers: it is put in as bytes
            yield _encoder.encode(_example(line, layer))[:-1] + b"," + about[1:] + b"\n"


def _example(line: Line, layer: LayerRecord) -> _Example:
    entities: list[_Entity] = []
    first: dict[str, int] = {}
    for span in layer.spans:
        first[span.id] = len(entities) + 1
        for start, end in span.fragments:
            entities.append(_Entity(len(entities) + 1, span.label, start, end))
    relations = [
        _Relation(number, first[source], first[target], relation.type)
        for number, (relation, source, target) in enumerate(between_spans(layer), 1)
    ]
    notes = [note.text for note in layer.notes]
    return _Example(line.article.text, entities, relations, notes, who(layer))


WRITER = Writer(
    key="doccano",
    name="doccano",
    extension="jsonl",
    media_type="application/jsonl",
    holds=frozenset(
        (Part.TEXT, Part.FIELDS, Part.SPLIT, Part.EMPTY, Part.ARTICLE_NOTES, Part.RELATIONS)
    ),
    write=write,
)
