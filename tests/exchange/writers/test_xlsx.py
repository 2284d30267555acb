"""XLSX: openpyxl reads the cells of the CSV tables, and what is lost is named in a sheet."""

import csv
from contextlib import closing
from io import BytesIO, StringIO
from random import Random
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from annotations.exchange.writers import xlsx
from annotations.exchange.writers.archive import Archive
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Piece, streamed
from annotations.exchange.writers.spool import Spool
from annotations.exchange.writers.tables import MARK
from annotations.exchange.writers.workbook import (
    CLOSING,
    UNITS,
    cells,
    cut,
    frame,
    opening,
    sheet_file,
)
from annotations.exchange.writers.xlsx import WRITER
from tests.exchange.kutip_lines import SPEC, TEXT, Drawn, campaigns, layer, line, note, span
from tests.exchange.writers.judging import counted, drawn_lines, lines, out, unzipped


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    """The rows of every sheet. openpyxl leaves signs that are written by their number to its
    caller."""
    book = openpyxl.load_workbook(BytesIO(data), read_only=True)
    return {
        sheet.title: [
            [unescape(cell) if isinstance(cell, str) else cell for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }


def table(data: bytes) -> list[list[Any]]:
    """The rows of a CSV table as openpyxl would have them."""
    rows = csv.reader(StringIO(data.decode().removeprefix(MARK), newline=""))
    header = next(rows)
    numbers = [header.index(name) for name in ("start", "end", "confidence")]
    return [
        header,
        *(
            [int(cell) if cell and at in numbers else cell or None for at, cell in enumerate(row)]
            for row in rows
        ),
    ]


def test_a_workbook_has_a_sheet_for_each_table_and_one_for_what_is_lost() -> None:
    quote = span(
        TEXT, "“Kami,”", label="QUOTE", attributes={"type": "direct"}, notes=[note("=1+1")]
    )
    data, report = out(WRITER, lines(line(TEXT, layer("ani", quote, span(TEXT, "Laras")))))
    found = sheets(data)
    assert list(found) == ["spans", "quotes", "stances", "losses"]
    assert [len(found[name]) for name in ("spans", "quotes", "stances")] == [3, 2, 1]
    [header, row] = found["quotes"]
    cell = dict(zip(header, row, strict=True))
    assert (cell["words"], cell["type"], cell["start"], cell["notes"]) == (
        "“Kami,”",
        "direct",
        TEXT.index("“Kami"),
        "'=1+1",
    )
    assert found["losses"] == [
        ["kind", "count", "article", "annotator", "id"],
        ["article_text", 1, cell["article"], None, None],
        ["layer_status", 1, cell["article"], "ani", None],
    ]
    assert counted(report) == {"article_text": 1, "layer_status": 1}


@settings(deadline=None, max_examples=50)
@given(campaigns())
def test_its_cells_are_those_of_the_csv_tables(drawn: Drawn) -> None:
    given = drawn_lines(drawn)
    data, report = out(WRITER, given)
    found = sheets(data)
    for name in ("spans", "quotes", "stances"):
        assert found[name] == table(out(WRITERS[f"{name}-csv"], given)[0])
    assert sum(row[1] or 0 for row in found["losses"][1:]) == sum(counted(report).values())
    assert counted(report) == counted(out(WRITERS["spans-csv"], given)[1])


@settings(deadline=None)
@given(
    st.lists(
        st.text("ab<&>]\"' _x005F\t\n\r\x00\x0b\x1f\x7f\x85\u2028\ufeff\ufffe🚢\u0301م", min_size=1)
    )
)
@example(["_x005F_x000B_", "a_x0041_", "\r\n", " a "])
def test_any_text_comes_back_from_its_cell(texts: list[str]) -> None:
    sheet = f"{opening(texts, [9] * len(texts))}<row>{cells(texts)}</row>{CLOSING}"
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, content in (*frame(["a"]).items(), (sheet_file(1), sheet)):
            archive.writestr(name, content)
    assert sheets(data.getvalue())["a"] == [texts, texts]


def test_what_has_no_room_in_a_sheet_goes_on_in_the_next() -> None:
    spans = [span(TEXT, "Laras") for _ in range(5)]
    given = lines(line(TEXT, layer("ani", *spans[:4])), line("Laras.", layer("ani", *spans[4:])))
    report = LossReport("")
    found = sheets(b"".join(xlsx.write(given, SPEC, report, most=3)))
    assert list(found) == ["spans", "quotes", "stances", "spans 2", "spans 3", "losses"]
    rows = [row for name in found if name.startswith("spans") for row in found[name][1:]]
    at = found["spans"][0].index("id")
    assert [row[at] for row in rows] == [one["id"] for one in spans]
    assert all(len(found[name]) <= 3 for name in found)


def test_a_cell_that_is_too_long_is_cut_between_characters_and_counted() -> None:
    text = "a" + "🚢" * UNITS
    long = span(text, text, label="QUOTE")
    data, report = out(WRITER, lines(line(text, layer("ani", long))))
    [header, row] = sheets(data)["quotes"]
    assert row[header.index("words")] == text[: UNITS // 2 + 1]
    lost = report.lost[Part.CUT]
    assert (lost.count, lost.places[0].id) == (1, long["id"])


@pytest.mark.parametrize(("length", "kept"), [(UNITS, UNITS), (UNITS + 1, UNITS)])
def test_a_cell_has_room_for_so_many_units(length: int, kept: int) -> None:
    assert cut("a" * length) == "a" * kept


def test_what_is_put_aside_comes_back_from_memory_and_from_the_disk() -> None:
    for size in (10, 3_000_000):
        data = Random(size).randbytes(size)
        pieces = [Piece("a", data[:5]), Piece("a", data[5:-3]), Piece("b", data[-3:])]
        archive = Archive()
        with closing(Spool()) as spool:
            spool.put(pieces)
            found = b"".join(spool.taken(archive)) + archive.end()
        assert found == b"".join(streamed(pieces))
        assert unzipped(found) == {"a": data[:-3], "b": data[-3:]}


def test_it_is_a_sound_package_from_the_first_byte() -> None:
    files = unzipped(out(WRITER, lines(line(TEXT, layer("ani", span(TEXT, "Laras")))))[0])
    assert {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml"} <= set(files)
