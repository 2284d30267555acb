"""What stands beside an export: its manifest, its schema, a data card, its checksum."""

import json
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from annotations.exchange.models import Export
from annotations.exchange.outgoing import Tally
from annotations.exchange.records import FORMAT, OFFSET_UNIT

SOFTWARE = {"name": "Kutip", "version": "0.1"}
SCHEMA_FILE = "kutip-1.schema.json"


def manifest(export: Export, tally: Tally, at: datetime) -> dict[str, Any]:
    """What is known of an export but its file: where it is from, and what it holds."""
    campaign = export.campaign
    corpus, schema = campaign.corpus, campaign.schema
    return {
        "format": FORMAT,
        "offset_unit": OFFSET_UNIT,
        "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": SOFTWARE,
        "campaign": {"name": campaign.name, "slug": campaign.slug, "status": campaign.status},
        "corpus": {"language": corpus.language, "name": corpus.name, "slug": corpus.slug},
        "schema": {"key": schema.key, "version": schema.version},
        "include_open": export.include_open,
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
        "kinds": dict(tally.layers),
        "statuses": dict(tally.statuses),
        "labels": dict(tally.labels),
        "relations": dict(tally.relations),
    }


def companions(export: Export, name: str) -> dict[str, bytes]:
    """The files beside an export whose own file is called `name`: by the ending that is put to
    the name, their content."""
    sha256 = bytes(export.sha256 or b"").hex()
    file = {"bytes": export.bytes, "lines": export.lines, "name": name, "sha256": sha256}
    whole = export.manifest | {"file": file}
    return {
        ".manifest.json": _json(whole),
        ".schema.json": schema_document(),
        ".card.md": card(whole).encode(),
        ".sha256": f"{sha256}  {name}\n".encode(),
    }


def schema_document() -> bytes:
    """The JSON Schema of a kutip/1 line."""
    return (resources.files("annotations.exchange") / SCHEMA_FILE).read_bytes()


def card(whole: dict[str, Any]) -> str:
    """The data card: what a person needs to know before using the file, in Markdown."""
    counts, file, campaign, corpus = (
        whole[key] for key in ("counts", "file", "campaign", "corpus")
    )
    schema = whole["schema"]
    layers = (
        "every layer, also those not submitted" if whole["include_open"] else "submitted layers"
    )
    facts = {
        "File": f"`{file['name']}`, {file['bytes']:,} bytes, {file['lines']:,} lines",
        "SHA-256": f"`{file['sha256']}`",
        "Made": f"{whole['created_at']} by {SOFTWARE['name']} {SOFTWARE['version']}",
        "Campaign": f"{_inline(campaign['name'])} (`{campaign['slug']}`, {campaign['status']})",
        "Corpus": f"{_inline(corpus['name'])} (`{corpus['slug']}`, {corpus['language']})",
        "Schema": f"`{schema['key']}@{schema['version']}`",
        "Holds": layers,
        "Articles": f"{counts['articles']:,}, of which {counts['articles_with_layers']:,} have layers",
        "Text": f"{counts['code_points']:,} code points",
        "Layers": f"{counts['layers']:,}",
        "Spans": f"{counts['spans']:,} with {counts['fragments']:,} fragments",
        "Relations": f"{counts['relations']:,}",
        "Entities": f"{counts['entities']:,}",
    }
    return "\n".join(
        (
            f"# {_inline(campaign['name'])}",
            "",
            *(f"- **{name}**: {value}" for name, value in facts.items()),
            "",
            *_table("Label", "Spans", whole["labels"]),
            *_table("Relation", "Relations", whole["relations"]),
            *_table("Annotator", "Layers", whole["annotators"]),
            "Each line is one article with its layers, in the format kutip/1. Offsets count Unicode",
            "code points, the end is excluded; `text[start:end]` is what each fragment covers, and",
            "was so for every fragment when this file was written. No layer is hidden or merged:",
            "where annotators differ, they differ here too. Layers of kind `gold` are an",
            "adjudicator's.",
            "",
        )
    )


def _table(what: str, number: str, counted: dict[str, int]) -> tuple[str, ...]:
    if not counted:
        return ()
    rows = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    lines = (f"| {_inline(name)} | {count:,} |" for name, count in rows)
    return (f"| {what} | {number} |", "|---|---:|", *lines, "")


def _inline(text: str) -> str:
    """Text that means nothing to Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#|!~" else c for c in text)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
