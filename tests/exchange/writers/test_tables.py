"""Tables: one row for each quotation or stance, and nothing a spreadsheet would run."""

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exchange.writers.cells import defused, restored
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.tables import BETWEEN, MARK
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, layer, line, relation, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out

ENTITY = {
    "aliases": [],
    "id": "0b9a3a0e-55b1-4a5e-9c39-0f1d2c3b4a59",
    "name": "=HYPERLINK(1)",
    "type": "person",
}


def rows(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    text = data.decode()
    assert text.startswith(MARK)
    return list(csv.DictReader(StringIO(text.removeprefix(MARK), newline=""), delimiter=delimiter))


def stance() -> dict[str, Any]:
    """An article in which Laras, an entity, holds a stance toward a split target."""
    actor = span(TEXT, "Laras", entity=ENTITY["id"])
    held = span(TEXT, "menolak", label="STANCE", attributes={"polarity": "against"})
    target = span(TEXT, "“Kami,”", "“tidak", label="TARGET")
    relations = [
        relation("HOLDER", {"span": held["id"]}, {"span": actor["id"]}),
        relation("HOLDER", {"span": held["id"]}, {"entity": ENTITY["id"]}),
        relation("TOWARD", {"span": held["id"]}, {"span": target["id"]}),
    ]
    whole = layer("ani", actor, held, target, relations=relations)
    return line(TEXT, whole, entities=[ENTITY])


def test_a_stance_stands_beside_its_holder_and_target() -> None:
    data, report = out(WRITERS["stances-csv"], lines(stance()))
    [row] = rows(data)
    assert (row["words"], row["polarity"], row["intensity"]) == ("menolak", "against", "")
    assert (row["start"], row["end"], row["fragments"]) == ("14", "21", "14..21")
    assert row["holder"].split(BETWEEN) == ["Laras", ""]
    assert row["holder_entity"] == f"'{ENTITY['name']}{BETWEEN}{ENTITY['name']}"
    assert row["toward"].split(BETWEEN) == ["“Kami,”", "“tidak"]
    assert counted(report) == {"article_text": 1, "layer_status": 1, "other_labels": 2}


def test_tabs_part_the_same_cells() -> None:
    given = lines(stance())
    commas, tabs = (out(WRITERS[f"stances-{kind}"], given)[0] for kind in ("csv", "tsv"))
    assert rows(tabs, "\t") == rows(commas)


@settings(deadline=None)
@given(campaigns())
def test_every_span_is_a_row_with_its_words(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    spans = [
        (one, each, layer.annotator)
        for one in given
        for layer in one.layers
        for each in layer.spans
    ]
    found = rows(out(WRITERS["spans-csv"], given)[0])
    assert [row["id"] for row in found] == [each.id for _, each, _ in spans]
    for row, (one, each, annotator) in zip(found, spans, strict=True):
        pieces = [piece.split("..") for piece in row["fragments"].split(";")]
        words = [one.article.text[int(start) : int(end)] for start, end in pieces]
        assert restored(row["words"]) == BETWEEN.join(words) == BETWEEN.join(each.text)
        assert restored(row["title"]) == one.article.title
        assert row["annotator"] == annotator
        assert None not in row


@given(st.text(st.sampled_from("'=+-@＝＋－＠ \t\r\n\xa0aé🚢|0")))
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    cell = defused(text)
    assert restored(cell) == text
    assert cell.strip()[:1] not in tuple("=+-@＝＋－＠")
    assert cell[:1] not in ("\t", "\r", "\n")


@pytest.mark.parametrize("text", ["menolak", "“Kami", "1 April", "é"])
def test_words_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_a_schema_without_the_label_makes_a_table_without_rows() -> None:
    data, _ = out(WRITERS["quotes-csv"], lines(stance()))
    assert rows(data) == []
    assert data.decode().removeprefix(MARK).startswith("article,external_id,title,source,author")
