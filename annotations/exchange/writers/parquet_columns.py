"""The columns of the Parquet file, each made at once for some rows: a list of records becomes what all of
them have in each field, and where one list ends. Importing this needs pyarrow."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import accumulate, chain
from typing import Any, TypeVar

import msgspec
import pyarrow as pa

from annotations.exchange.records import (
    AliasRecord,
    EntityRecord,
    LayerRecord,
    Line,
    MemberRecord,
    MessageRecord,
    NoteRecord,
    Pair,
    RelationRecord,
    ResultRecord,
    SettlementRecord,
    SpanRecord,
    WaiverRecord,
)

T = TypeVar("T")
Columns = Sequence[Sequence[Any] | pa.Array]
"""What records have in each of their fields."""

_encode = msgspec.json.Encoder(order="deterministic").encode

_STRINGS = pa.list_(pa.string())
_MOMENT = pa.timestamp("us", tz="UTC")
_FRAGMENTS = pa.list_(pa.struct({"start": pa.int32(), "end": pa.int32()}))
# no struct with a field for each attribute: what one span has every other would have, too
_ATTRIBUTES = pa.list_(pa.struct({"key": pa.string(), "value": pa.string(), "truth": pa.bool_()}))
_NOTES = pa.list_(
    pa.struct({"id": pa.string(), "author": pa.string(), "at": _MOMENT, "text": pa.string()})
)
_ALIASES = pa.list_(pa.struct({"kind": pa.string(), "language": pa.string(), "text": pa.string()}))
_ENTITIES = pa.list_(
    pa.struct({"id": pa.string(), "name": pa.string(), "type": pa.string(), "aliases": _ALIASES})
)
_SPANS = pa.list_(
    pa.struct(
        {
            "id": pa.string(),
            "label": pa.string(),
            "fragments": _FRAGMENTS,
            "text": _STRINGS,
            "attributes": _ATTRIBUTES,
            "entity": pa.string(),
            "confidence": pa.int8(),
            "flags": _STRINGS,
            "notes": _NOTES,
        }
    )
)
_MESSAGES = pa.list_(
    pa.struct(
        {
            "id": pa.string(),
            "asks": pa.bool_(),
            "author": pa.string(),
            "at": _MOMENT,
            "span": pa.string(),
            "text": pa.string(),
        }
    )
)
_WAIVERS = pa.list_(
    pa.struct(
        {
            "id": pa.string(),
            "label": pa.string(),
            "fragments": _FRAGMENTS,
            "text": _STRINGS,
            "reason": pa.string(),
        }
    )
)
_MEMBERS = pa.list_(
    pa.struct({"annotator": pa.string(), "span": pa.string(), "relation": pa.string()})
)
_SETTLEMENTS = pa.list_(
    pa.struct(
        {
            "id": pa.string(),
            "author": pa.string(),
            "at": _MOMENT,
            "decision": pa.string(),
            "took": pa.string(),
            "of": _MEMBERS,
            "result_span": pa.string(),
            "result_relations": _STRINGS,
            "reason": pa.string(),
        }
    )
)
_RELATIONS = pa.list_(
    pa.struct(
        {
            "id": pa.string(),
            "type": pa.string(),
            "from_article": pa.bool_(),
            "from_span": pa.string(),
            "to_span": pa.string(),
            "to_entity": pa.string(),
            "attributes": _ATTRIBUTES,
        }
    )
)

COLUMNS = pa.schema(
    {
        "article": pa.string(),
        "external_id": pa.string(),
        "title": pa.string(),
        "source": pa.string(),
        "author": pa.string(),
        "published": _MOMENT,
        "url": pa.string(),
        "language": pa.string(),
        "metadata": pa.string(),
        "split": pa.string(),
        "sha256": pa.string(),
        "text": pa.string(),
        "annotator": pa.string(),
        "kind": pa.string(),
        "status": pa.string(),
        "submitted_at": _MOMENT,
        "confidence": pa.int8(),
        "flags": _STRINGS,
        "notes": _NOTES,
        "messages": _MESSAGES,
        "waivers": _WAIVERS,
        "settlements": _SETTLEMENTS,
        "spans": _SPANS,
        "relations": _RELATIONS,
        "entities": _ENTITIES,
    },
    {"offset_unit": "codepoint", "made_from": "kutip/1"},
)


def batch(rows: Sequence[tuple[Line, LayerRecord | None]]) -> pa.RecordBatch:
    """Each a layer with its article, or an article without any."""
    articles, layers = [line.article for line, _ in rows], [layer for _, layer in rows]
    of_layer = [layer or _NOBODY for layer in layers]
    whole = {
        "article": [one.id for one in articles],
        "external_id": [one.external_id for one in articles],
        "title": [one.title for one in articles],
        "source": [one.source for one in articles],
        "author": [one.author for one in articles],
        "published": [_moment(one.published) for one in articles],
        "url": [one.url for one in articles],
        "language": [one.language for one in articles],
        "metadata": [_encode(one.metadata).decode() for one in articles],
        "split": [line.split or None for line, _ in rows],
        "sha256": [one.sha256 for one in articles],
        "text": [one.text for one in articles],
        "annotator": [one and one.annotator for one in layers],
        "kind": [one and one.kind for one in layers],
        "status": [one and one.status for one in layers],
        "submitted_at": [one and _moment(one.submitted_at) for one in layers],
        "confidence": [one and one.confidence for one in layers],
        "flags": _texts([one.flags for one in of_layer]),
        "notes": _lists([one.notes for one in of_layer], _NOTES, _notes),
        "messages": _lists([one.messages for one in of_layer], _MESSAGES, _messages),
        "waivers": _lists([one.waivers for one in of_layer], _WAIVERS, _waivers),
        "settlements": _lists([one.settlements for one in of_layer], _SETTLEMENTS, _settlements),
        "spans": _lists([one.spans for one in of_layer], _SPANS, _spans),
        "relations": _lists([one.relations for one in of_layer], _RELATIONS, _relations),
        "entities": _lists([line.entities for line, _ in rows], _ENTITIES, _entities),
    }
    return pa.RecordBatch.from_arrays(_arrays([*whole.values()], [*COLUMNS]), schema=COLUMNS)


_NOBODY = LayerRecord(
    annotator="", kind="", notes=(), relations=(), spans=(), status="", submitted_at=None
)


def _spans(spans: Sequence[SpanRecord]) -> Columns:
    return [
        [one.id for one in spans],
        [one.label for one in spans],
        _lists([one.fragments for one in spans], _FRAGMENTS, _fragments),
        _texts([one.text for one in spans]),
        _lists([one.attributes.items() for one in spans], _ATTRIBUTES, _attributes),
        [one.entity for one in spans],
        [one.confidence for one in spans],
        _texts([one.flags for one in spans]),
        _lists([one.notes for one in spans], _NOTES, _notes),
    ]


def _messages(messages: Sequence[MessageRecord]) -> Columns:
    return [
        [one.id for one in messages],
        [one.asks for one in messages],
        [one.author for one in messages],
        [_moment(one.at) for one in messages],
        [one.span for one in messages],
        [one.text for one in messages],
    ]


def _waivers(waivers: Sequence[WaiverRecord]) -> Columns:
    return [
        [one.id for one in waivers],
        [one.label for one in waivers],
        _lists([one.fragments for one in waivers], _FRAGMENTS, _fragments),
        _texts([one.text for one in waivers]),
        [one.reason for one in waivers],
    ]


def _settlements(settlements: Sequence[SettlementRecord]) -> Columns:
    results = [one.result or ResultRecord(relations=()) for one in settlements]
    return [
        [one.id for one in settlements],
        [one.author for one in settlements],
        [_moment(one.at) for one in settlements],
        [one.decision for one in settlements],
        [one.took for one in settlements],
        _lists([one.of for one in settlements], _MEMBERS, _members),
        [result.span for result in results],
        _texts([result.relations or () for result in results]),
        [one.reason for one in settlements],
    ]


def _members(members: Sequence[MemberRecord]) -> Columns:
    return [
        [one.annotator for one in members],
        [one.span for one in members],
        [one.relation for one in members],
    ]


def _relations(relations: Sequence[RelationRecord]) -> Columns:
    return [
        [one.id for one in relations],
        [one.type for one in relations],
        [one.source.article for one in relations],
        [one.source.span for one in relations],
        [one.target.span for one in relations],
        [one.target.entity for one in relations],
        _lists([one.attributes.items() for one in relations], _ATTRIBUTES, _attributes),
    ]


def _entities(entities: Sequence[EntityRecord]) -> Columns:
    return [
        [one.id for one in entities],
        [one.name for one in entities],
        [one.type for one in entities],
        _lists([one.aliases for one in entities], _ALIASES, _aliases),
    ]


def _aliases(aliases: Sequence[AliasRecord]) -> Columns:
    return [
        [one.kind for one in aliases],
        [one.language for one in aliases],
        [one.text for one in aliases],
    ]


def _notes(notes: Sequence[NoteRecord]) -> Columns:
    return [
        [one.id for one in notes],
        [one.author for one in notes],
        [_moment(one.at) for one in notes],
        [one.text for one in notes],
    ]


def _fragments(fragments: Sequence[Pair]) -> Columns:
    return [[start for start, _ in fragments], [end for _, end in fragments]]


def _attributes(given: Sequence[tuple[str, str | bool]]) -> Columns:
    """A text is a value, and yes or no a truth: the other is null."""
    return [
        [key for key, _ in given],
        [value if isinstance(value, str) else None for _, value in given],
        [value if isinstance(value, bool) else None for _, value in given],
    ]


def _lists(
    rows: Sequence[Collection[T]], kind: pa.ListType, columns: Callable[[Sequence[T]], Columns]
) -> pa.ListArray:
    """A list of records for each row."""
    fields = [*kind.value_type]
    arrays = _arrays(columns([*chain.from_iterable(rows)]), fields)
    return _in_lists(rows, pa.StructArray.from_arrays(arrays, fields=fields))


def _arrays(columns: Columns, fields: Sequence[pa.Field]) -> list[pa.Array]:
    return [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, fields, strict=True)
    ]


def _texts(rows: Sequence[Collection[str]]) -> pa.ListArray:
    return _in_lists(rows, pa.array([*chain.from_iterable(rows)], pa.string()))


def _in_lists(rows: Sequence[Collection[object]], values: pa.Array) -> pa.ListArray:
    ends = pa.array([*accumulate(map(len, rows), initial=0)], pa.int32())
    return pa.ListArray.from_arrays(ends, values)


def _moment(given: str | None) -> datetime | None:
    return None if given is None else datetime.fromisoformat(given)
