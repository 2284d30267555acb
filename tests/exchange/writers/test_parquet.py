"""Parquet: pyarrow reads back all that an export says; without it the format is none."""

import json
import subprocess
import sys
from datetime import datetime
from io import BytesIO
from typing import Any

from hypothesis import example, given, settings
from pyarrow import parquet

from annotations.exchange.writers.known import ABSENT
from annotations.exchange.writers.parquet import CARD, DATA, WRITER
from annotations.exchange.writers.parquet_card import card
from tests.exchange.kutip_lines import SPEC, Drawn, campaigns, compact, layer, line, span
from tests.exchange.writers.judging import counted, drawn_lines, everything, lines, out, unzipped

ARTICLE = ("author", "external_id", "language", "sha256", "source", "text", "title", "url")


def rows(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(BytesIO(unzipped(data)[DATA])).to_pylist()
    return found


def read_back(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines that were exported, as documents."""
    documents: dict[str, dict[str, Any]] = {}
    for row in found:
        known = line(row["text"], entities=row["entities"])
        known["article"] = {name: row[name] for name in ARTICLE} | {
            "id": row["article"],
            "metadata": json.loads(row["metadata"]),
            "published": moment(row["published"]),
        }
        document = documents.setdefault(row["article"], known)
        if row["annotator"] is not None:
            document["layers"].append(layer_of(row))
    return [*documents.values()]


def layer_of(row: dict[str, Any]) -> dict[str, Any]:
    spans = [remarked(one) | fragments(one) | attributes(one) for one in row["spans"]]
    whole = {
        name: row[name] for name in ("annotator", "kind", "status", "confidence", "flags", "notes")
    }
    whole |= {"spans": spans, "relations": [*map(relation_of, row["relations"])]}
    if row["waivers"]:
        whole["waivers"] = [one | fragments(one) for one in row["waivers"]]
    if row["messages"]:
        whole["messages"] = [*map(message_of, row["messages"])]
    if row["settlements"]:
        whole["settlements"] = [*map(settlement_of, row["settlements"])]
    return remarked(whole) | {"submitted_at": moment(row["submitted_at"])}


def message_of(row: dict[str, Any]) -> dict[str, Any]:
    span = row.pop("span")
    return row | {"at": moment(row["at"])} | ({"span": span} if span else {})


def settlement_of(row: dict[str, Any]) -> dict[str, Any]:
    came = {"span": row.pop("result_span"), "relations": row.pop("result_relations")}
    of = [{key: value for key, value in one.items() if value} for one in row["of"]]
    result = {key: value for key, value in came.items() if value} or None
    return row | {"at": moment(row["at"]), "of": of, "result": result}


def remarked(one: dict[str, Any]) -> dict[str, Any]:
    """Flags and confidence stand in a line only where there are any."""
    notes = [note | {"at": moment(note["at"])} for note in one["notes"]]
    whole = {
        key: value for key, value in one.items() if key not in ("flags", "confidence") or value
    }
    return whole | {"notes": notes}


def fragments(one: dict[str, Any]) -> dict[str, Any]:
    return {"fragments": [[each["start"], each["end"]] for each in one["fragments"]]}


def attributes(one: dict[str, Any]) -> dict[str, Any]:
    given = {
        each["key"]: each["value"] if each["truth"] is None else each["truth"]
        for each in one["attributes"]
    }
    return {"attributes": given}


def relation_of(row: dict[str, Any]) -> dict[str, Any]:
    source = {"article": True} if row["from_article"] else {"span": row["from_span"]}
    to = {"span": row["to_span"]} if row["to_span"] else {"entity": row["to_entity"]}
    made = {"id": row["id"], "type": row["type"], "from": source, "to": to}
    return made | attributes(row)


def moment(given: datetime | None) -> str | None:
    return given and given.isoformat().replace("+00:00", "Z")


@settings(deadline=None, max_examples=60)
@given(campaigns())
@example(everything())
def test_all_that_an_export_says_comes_back(drawn: Drawn) -> None:
    data, report = out(WRITER, drawn_lines(drawn))
    found = rows(data)
    assert [*map(compact, read_back(found))] == [*map(compact, drawn.lines)]
    assert counted(report) == {}
    for row in found:
        for one in row["spans"]:
            places = [(each["start"], each["end"]) for each in one["fragments"]]
            assert [row["text"][start:end] for start, end in places] == one["text"]


def test_columns_have_their_types_when_nothing_is_in_them() -> None:
    empty, whole = (
        parquet.read_schema(BytesIO(unzipped(out(WRITER, given)[0])[DATA]))
        for given in ([], lines(line("Laras.", layer("ani", span("Laras.", "Laras")))))
    )
    assert empty == whole
    assert empty.metadata[b"offset_unit"] == b"codepoint"


def test_many_articles_are_written_in_handfuls() -> None:
    texts = [f"Artikel {number} 🚢" for number in range(251)]
    data, _ = out(WRITER, lines(*(line(text, layer("ani", span(text, "🚢"))) for text in texts)))
    file = parquet.ParquetFile(BytesIO(unzipped(data)[DATA]))
    assert (file.num_row_groups, file.metadata.num_rows) == (2, 251)
    assert file.read(["text"]).column("text").to_pylist() == texts


def test_the_card_says_where_the_data_are() -> None:
    data, _ = out(WRITER, lines(line("Laras.", layer("ani"))))
    _, head, body = unzipped(data)[CARD].decode().split("---\n", 2)
    assert head == (
        "language:\n- id\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n"
        "    path: data/*.parquet\n"
    )
    assert f"`{SPEC.key}`" in body


def test_a_language_that_is_no_code_is_not_in_the_card() -> None:
    assert "language" not in card(SPEC, {"", "bahasa\n- x"}).split("---")[1]


WITHOUT = """
import sys
sys.modules["pyarrow"] = None
import django
django.setup()
from django.core.management import CommandError, call_command
from annotations.exchange.writers.known import ABSENT, WRITERS
print("parquet" in WRITERS, *ABSENT)
try:
    call_command("export", "kutipan", "--format", "parquet", "-o", "-")
except CommandError as error:
    print(error)
"""


def test_without_pyarrow_the_format_is_none_and_the_command_says_how_to_get_it() -> None:
    assert ABSENT == {}
    words = [sys.executable, "-c", WITHOUT]
    said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.splitlines() == [
        "False parquet",
        (
            "The format parquet needs pyarrow, which is not installed here. Install it with: "
            "pip install -r requirements-parquet.txt"
        ),
    ]
