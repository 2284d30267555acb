"""The columns of the Parquet file. Importing this needs pyarrow."""

import pyarrow as pa

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
_SETTLEMENTS = pa.list_(
    pa.struct(
        {
            "id": pa.string(),
            "author": pa.string(),
            "at": _MOMENT,
            "decision": pa.string(),
            "took": pa.string(),
            "of": pa.list_(
                pa.struct({"annotator": pa.string(), "span": pa.string(), "relation": pa.string()})
            ),
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
        "waivers": _WAIVERS,
        "settlements": _SETTLEMENTS,
        "spans": _SPANS,
        "relations": _RELATIONS,
        "entities": _ENTITIES,
    },
    {"offset_unit": "codepoint", "made_from": "kutip/1"},
)
