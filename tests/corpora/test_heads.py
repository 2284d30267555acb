"""How files begin: their columns or keys, their first rows, whatever they hold."""

import json
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers import heads as module
from annotations.corpora.readers import kinds
from annotations.corpora.readers.columns import KEPT, Wish
from annotations.corpora.readers.heads import MOST_GROUPS, MOST_NAMES, ROWS, Group, heads
from annotations.corpora.readers.sources import Source
from annotations.text.gate import refusal
from tests.corpora.reading import source, zipped
from tests.corpora.test_bad_files import member

CSV = b"Judul;Isi;Tanggal\nA;Sari pergi.;3 Mei 2024\nB;;\n"


def of(*files: tuple[str, bytes]) -> list[Group]:
    with ExitStack() as opened:
        found = kinds.unpacked([source(name, data) for name, data in files], opened)
        return heads(one for one in found if isinstance(one, Source))


def test_a_table_shows_its_columns_and_its_first_rows() -> None:
    (group,) = of(("a.csv", CSV))
    assert (group.names, group.files, group.example) == (["Judul", "Isi", "Tanggal"], 1, "a.csv")
    assert [(row.line, row.values) for row in group.rows] == [
        (2, {"Judul": "A", "Isi": "Sari pergi.", "Tanggal": "3 Mei 2024"}),
        (3, {"Judul": "B"}),
    ]
    assert group.meant() == {"Judul": "title", "Isi": "text", "Tanggal": "published"}


def test_files_with_the_same_columns_are_one_group() -> None:
    found = of(("a.csv", CSV), ("x.zip", zipped({"b.csv": CSV, "c.csv": b"text\nx\n"})))
    assert [(group.files, len(group.rows)) for group in found] == [(2, 4), (1, 1)]


def test_all_objects_are_one_group_with_the_keys_of_all() -> None:
    (group,) = of(
        ("a.jsonl", b'{"isi": "a", "x": [1]}\n{"content": "b", "n": 7, "t": true}\n[]\nno\n'),
        ("b.json", b'[{"isi": "c", "y": null}]'),
    )
    assert (group.names, group.files) == (["isi", "x", "content", "n", "t", "y"], 2)
    assert [row.values for row in group.rows] == [
        {"isi": "a"},
        {"content": "b", "n": 7},
        {"isi": "c"},
    ]
    assert group.meant()["content"] == group.meant()["isi"] == "text"


def test_files_that_name_nothing_are_in_no_group() -> None:
    assert of(("a.json", b""), ("b.json", b"7"), ("c.jsonl", b"[]\n")) == []


def test_a_row_says_which_column_gives_which_field() -> None:
    (table,) = of(("a.csv", CSV))
    wish = Wish({"Judul": "text", "Isi": KEPT})
    assert table.columns(table.rows[0], wish) == {"text": "Judul", "published": "Tanggal"}
    (objects,) = of(("a.jsonl", b'{"isi": "a", "text": "b"}\n{"isi": "a"}\n'))
    assert [objects.columns(row, Wish()) for row in objects.rows] == [
        {"text": "text"},
        {"text": "isi"},
    ]


def test_long_cells_are_cut_and_their_length_is_kept() -> None:
    (group,) = of(("a.csv", b'text\n"' + b"a b\n" * 5_000 + b'"\n'))
    (row,) = group.rows
    text = row.values["text"]
    assert isinstance(text, str)
    assert (len(text) <= 300, row.lengths["text"], "\n" in text) == (True, 20_000, False)


def test_a_few_rows_are_enough() -> None:
    (group,) = of(("a.csv", b"text\n" + b"x\n" * 1_000))
    assert len(group.rows) == ROWS


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"text" + b",x" * 10_000 + b"\n"),
        ("a.csv", b"a\x00b,text\nx,y\n"),
        ("a.csv", b"x" * 1_000 + b",text\nx,y\n"),
        ("a.csv", b"\x89PNG\r\n"),
        ("a.txt", b"Sari pergi."),
        ("a.bin", b"x"),
        ("a.zip", b"x"),
    ],
)
def test_what_names_nothing_to_ask_about_is_in_no_group(name: str, data: bytes) -> None:
    assert of((name, data)) == []


def test_headings_with_markup_and_marks_of_direction_are_as_they_stand() -> None:
    (group,) = of(("a.csv", "<b>isi</b>,\u202etxet,text\na,b,c\n".encode()))
    assert group.names == ["<b>isi</b>", "\u202etxet", "text"]


def test_an_object_of_very_many_keys_is_asked_about_in_part() -> None:
    many = json.dumps({"text": "a", **{f"k{n}": "x" for n in range(10_000)}, "y" * 500: "z"})
    (group,) = of(("a.jsonl", many.encode()))
    assert len(group.names) == MOST_NAMES
    assert len(json.dumps([row.values for row in group.rows])) < 50_000


def test_groups_and_their_columns_are_bounded() -> None:
    files = [(f"{n}.csv", f"text,c{n}\na,b\n".encode()) for n in range(50)]
    assert len(of(*files)) == MOST_GROUPS
    assert len(of(*files, ("a.jsonl", b'{"isi": "a"}\n'))) == MOST_GROUPS
    wide = [(f"{n}.csv", ("text" + f",c{n}" * 300 + "\n").encode()) for n in range(5)]
    assert sum(len(group.names) for group in of(*wide)) <= MOST_NAMES


def test_a_damaged_member_hides_no_other() -> None:
    broken = member("a.csv", CSV, CRC=7)
    assert [one.example for one in of(("x.zip", broken), ("c.csv", b"isi\nx\n"))] == ["c.csv"]


def test_each_file_ticks_once() -> None:
    ticks: list[int] = []
    heads([source("a.csv", CSV)] * 3, lambda: ticks.append(1))
    assert len(ticks) == 3


@settings(deadline=None)
@given(data=st.binary(max_size=200), name=st.sampled_from(["a.csv", "a.jsonl", "a.json"]))
def test_no_bytes_break_the_look(data: bytes, name: str) -> None:
    for group in of((name, data)):
        for row in group.rows:
            group.columns(row, Wish())
        json.dumps([row.values for row in group.rows])


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(st.sampled_from("ab\0\ud800\uffff\u202e"), max_size=3),
        st.text(st.sampled_from("ab\0\ud800\uffff"), max_size=3) | st.integers() | st.none(),
        max_size=5,
    )
)
def test_what_a_row_shows_can_be_stored(value: dict[str, object]) -> None:
    for group in of(("a.jsonl", json.dumps(value).encode())):
        cells = [cell for row in group.rows for both in row.values.items() for cell in both]
        words = [one for one in (*group.names, *cells) if isinstance(one, str)]
        assert [one for one in words if refusal(one)] == []


def test_keys_far_into_a_file_are_left_to_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_OBJECTS", 2)
    (group,) = of(("a.jsonl", b'{"a": "x"}\n{"b": "x"}\n{"c": "x"}\n'))
    assert group.names == ["a", "b"]


def test_objects_are_looked_through_no_farther_than_a_few_megabytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_BYTES", 20)
    (group,) = of(("a.jsonl", b'{"a": "x"}\n{"b": "x"}\n{"c": "x"}\n'))
    assert group.names == ["a", "b"]
