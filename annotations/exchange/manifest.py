"""What stands beside an export: its manifest, its schema, a data card, its checksum."""

import json
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from annotations.exchange.card import card
from annotations.exchange.choices.asking import format_of, pseudonyms, shown_choice
from annotations.exchange.choices.record import Choice
from annotations.exchange.models import Export
from annotations.exchange.outgoing import Tally
from annotations.exchange.records import BARE_FORMAT, FORMAT, OFFSET_UNIT

SOFTWARE = {"name": "Kutip", "version": "0.1"}
SCHEMA_FILE = "kutip-1.schema.json"
SOURCES = 100
"""So many outlets are listed, the most frequent ones; all are counted."""


def manifest(export: Export, choice: Choice, tally: Tally, at: datetime) -> dict[str, Any]:
    """What is known of an export but its file: where it is from, and what it holds."""
    campaign = export.campaign
    corpus, schema = campaign.corpus, campaign.schema
    return {
        "format": format_of(choice),
        "offset_unit": OFFSET_UNIT,
        "offset_units": [OFFSET_UNIT, *choice.offsets],
        "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": SOFTWARE,
        "campaign": {"name": campaign.name, "slug": campaign.slug, "status": campaign.status},
        "corpus": {"language": corpus.language, "name": corpus.name, "slug": corpus.slug},
        "schema": {"key": schema.key, "version": schema.version},
        "include_open": choice.include_open,
        "choice": shown_choice(choice, campaign),
        "counts": {
            "articles": tally.articles,
            "articles_with_layers": tally.articles_with_layers,
            "code_points": tally.code_points,
            "entities": len(tally.entities),
            "fragments": tally.fragments,
            "layers": tally.layers.total(),
            "relations": tally.relations.total(),
            "spans": tally.labels.total(),
        },
        "annotators": dict(tally.annotators),
        "people": len(tally.annotators) if tally.people is None else tally.people,
        "kinds": dict(tally.layers),
        "statuses": dict(tally.statuses),
        "labels": dict(tally.labels),
        "relations": dict(tally.relations),
        "languages": dict(tally.languages),
        "sources": dict(tally.sources.most_common(SOURCES)),
        "source_count": len(tally.sources),
        "published": {"first": tally.first, "last": tally.last},
        "split": dict(tally.splits),
    }


def companions(export: Export, name: str) -> dict[str, bytes]:
    """The files beside an export whose own file is called `name`: by the ending that is put to
    the name, their content."""
    sha256 = bytes(export.sha256 or b"").hex()
    file = {"bytes": export.bytes, "lines": export.lines, "name": name, "sha256": sha256}
    whole = export.manifest | {"file": file}
    return {
        ".manifest.json": _json(whole),
        ".schema.json": schema_document(whole["format"]),
        ".card.md": card(whole, pseudonyms(export.campaign)).encode(),
        ".sha256": f"{sha256}  {name}\n".encode(),
    }


def schema_document(format: str = FORMAT) -> bytes:
    """The JSON Schema of a line; of one without texts it is that of kutip/1 without them."""
    document = (resources.files("annotations.exchange") / SCHEMA_FILE).read_bytes()
    return document if format == FORMAT else _json(_without_texts(json.loads(document)))


def _without_texts(schema: dict[str, Any]) -> dict[str, Any]:
    schema |= {"$id": "urn:kutip-offsets:1", "title": f"A line of {BARE_FORMAT}"}
    schema["properties"]["format"] = {"const": BARE_FORMAT}
    for name in ("article", "span", "waiver"):
        schema["$defs"][name]["required"].remove("text")
        del schema["$defs"][name]["properties"]["text"]
    length = {"description": "Code points of the text.", "type": "integer", "minimum": 1}
    schema["$defs"]["article"]["required"].append("length")
    schema["$defs"]["article"]["properties"]["length"] = length
    return schema


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
