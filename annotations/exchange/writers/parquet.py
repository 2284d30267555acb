"""Parquet as Hugging Face's `datasets` expects it: a ZIP with `data/*.parquet` and `README.md`, its
dataset card. A row is a layer with its article; an article that nobody labelled is a row without an
annotator. Nothing is lost.

An optional extra: pyarrow is imported only where it is used. The types of the columns are given, not
guessed, as a list that is empty in every row would have none.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import RawIOBase
from typing import Any

import msgspec

from annotations.exchange.records import (
    Attributes,
    EntityRecord,
    LayerRecord,
    Line,
    NoteRecord,
    Pair,
    RelationRecord,
    ResultRecord,
    SettlementRecord,
    SpanRecord,
    WaiverRecord,
)
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Piece, streamed
from annotations.exchange.writers.parquet_card import card
from annotations.exchange.writers.shape import Writer
from annotations.schema.spec import Spec

DATA, CARD = "data/train-00000-of-00001.parquet", "README.md"

_ROWS, _CHARACTERS = 250, 1_000_000
"""So much is held at most, beside the last article, before it is written."""

Row = dict[str, Any]

_encode = msgspec.json.Encoder(order="deterministic").encode


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The rows, then the card. Raises ImportError where pyarrow is not installed."""
    return streamed(_pieces(lines, spec))


def _pieces(lines: Iterable[Line], spec: Spec) -> Iterator[Piece]:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetWriter

    from annotations.exchange.writers.parquet_columns import COLUMNS

    sink, languages = _Sink(), set[str]()
    with ParquetWriter(sink, COLUMNS, compression="zstd") as table:
        for rows in _handfuls(lines):
            languages.update(row["language"] for row in rows)
            table.write_batch(RecordBatch.from_pylist(rows, COLUMNS))
            yield Piece(DATA, sink.taken())
    yield Piece(DATA, sink.taken())
    yield Piece(CARD, card(spec, languages).encode())


class _Sink(RawIOBase):
    """Where a file is written that asks how far it has come, and taken away in pieces."""

    def __init__(self) -> None:
        self._held, self._before = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def tell(self) -> int:
        return self._before + len(self._held)

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._before += len(piece)
        self._held.clear()
        return piece


def _handfuls(lines: Iterable[Line]) -> Iterator[list[Row]]:
    rows: list[Row] = []
    characters = 0
    for line in lines:
        article = _article(line)
        rows += [article | _layer(layer) for layer in line.layers] or [article | _NOBODY]
        characters += len(line.article.text) * max(1, len(line.layers))
        if len(rows) >= _ROWS or characters >= _CHARACTERS:
            yield rows
            rows, characters = [], 0
    if rows:
        yield rows


def _article(line: Line) -> Row:
    article = line.article
    return {
        "article": article.id,
        "external_id": article.external_id,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": _moment(article.published),
        "url": article.url,
        "language": article.language,
        "metadata": _encode(article.metadata).decode(),
        "split": line.split or None,
        "sha256": article.sha256,
        "text": article.text,
        "entities": [_entity(entity) for entity in line.entities],
    }


_NOBODY: Row = dict.fromkeys(("flags", "notes", "waivers", "settlements", "spans", "relations"), ())


def _layer(layer: LayerRecord) -> Row:
    return {
        "annotator": layer.annotator,
        "kind": layer.kind,
        "status": layer.status,
        "submitted_at": _moment(layer.submitted_at),
        "confidence": layer.confidence,
        "flags": layer.flags,
        "notes": _notes(layer.notes),
        "waivers": [_waiver(waiver) for waiver in layer.waivers],
        "settlements": [_settlement(settlement) for settlement in layer.settlements],
        "spans": [_span(span) for span in layer.spans],
        "relations": [_relation(relation) for relation in layer.relations],
    }


def _span(span: SpanRecord) -> Row:
    return {
        "id": span.id,
        "label": span.label,
        "fragments": _fragments(span.fragments),
        "text": span.text,
        "attributes": _attributes(span.attributes) if span.attributes else (),
        "entity": span.entity,
        "confidence": span.confidence,
        "flags": span.flags,
        "notes": _notes(span.notes) if span.notes else (),
    }


def _waiver(waiver: WaiverRecord) -> Row:
    return {
        "id": waiver.id,
        "label": waiver.label,
        "fragments": _fragments(waiver.fragments),
        "text": waiver.text,
        "reason": waiver.reason,
    }


def _settlement(settlement: SettlementRecord) -> Row:
    result = settlement.result or ResultRecord(relations=())
    return {
        "id": settlement.id,
        "author": settlement.author,
        "at": _moment(settlement.at),
        "decision": settlement.decision,
        "took": settlement.took,
        "of": [
            {"annotator": one.annotator, "span": one.span, "relation": one.relation}
            for one in settlement.of
        ],
        "result_span": result.span,
        "result_relations": result.relations or (),
        "reason": settlement.reason,
    }


def _relation(relation: RelationRecord) -> Row:
    return {
        "id": relation.id,
        "type": relation.type,
        "from_article": relation.source.article,
        "from_span": relation.source.span,
        "to_span": relation.target.span,
        "to_entity": relation.target.entity,
        "attributes": _attributes(relation.attributes),
    }


def _entity(entity: EntityRecord) -> Row:
    aliases = [
        {"kind": alias.kind, "language": alias.language, "text": alias.text}
        for alias in entity.aliases
    ]
    return {"id": entity.id, "name": entity.name, "type": entity.type, "aliases": aliases}


def _notes(notes: Sequence[NoteRecord]) -> list[Row]:
    return [
        {"id": note.id, "author": note.author, "at": _moment(note.at), "text": note.text}
        for note in notes
    ]


def _fragments(fragments: Sequence[Pair]) -> list[Row]:
    return [{"start": start, "end": end} for start, end in fragments]


def _attributes(given: Attributes) -> list[Row]:
    """A text is a value, and yes or no a truth: the other is null."""
    return [
        {"key": key, "truth": value} if isinstance(value, bool) else {"key": key, "value": value}
        for key, value in given.items()
    ]


def _moment(given: str | None) -> datetime | None:
    return None if given is None else datetime.fromisoformat(given)


WRITER = Writer(
    key="parquet",
    name="Parquet, Hugging Face",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(Part),
    write=write,
    package="pyarrow",
)
