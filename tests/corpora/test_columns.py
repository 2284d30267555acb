"""Which field a column means, whatever it is called."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers import kinds
from annotations.corpora.readers.columns import (
    DROPPED,
    KEPT,
    Wish,
    folded,
    names_of,
    targets,
    wish_for,
)
from annotations.corpora.readers.dates import Order
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reading, Reason
from annotations.corpora.readers.fields import NAMES
from annotations.corpora.reasons import sentence
from tests.corpora.reading import articles, source

# a deadline would measure the machine, which others use too
unhurried = settings(deadline=None)

MEANT = {
    "text": "text Text body content ARTICLE Isi teks konten isi_berita",
    "title": "title headline Judul judul_berita",
    "author": "author Byline penulis WARTAWAN",
    "source": "source outlet publisher media sumber koran nama-media",
    "published": "date published published_at pubDate Tanggal waktu terbit publish.date",
    "url": "url link TAUTAN",
    "external_id": "id external_id External-ID externalId guid",
    "language": "language lang bahasa",
}


def wished(name: str, data: bytes, *wishes: Wish) -> tuple[list[Reading], list[Reason]]:
    """What the file gives under these wishes, and what is noted of it."""
    file = replace(source(name, data), wishes=wishes)
    return list(kinds.read(file)), file.notes


@pytest.mark.parametrize("field", MEANT)
def test_a_heading_means_its_field_in_english_and_indonesian(field: str) -> None:
    for heading in MEANT[field].split():
        assert targets([heading]) == [field]


@pytest.mark.parametrize("heading", ["", "desk", "textual", "ti tle x", "\u202e", "🚢", "isi2"])
def test_a_heading_that_means_nothing_is_kept(heading: str) -> None:
    assert targets([heading]) == [KEPT]


def test_case_blanks_underscores_and_marks_do_not_matter() -> None:
    assert targets(["\ufeff T E X T ", "Published_At", "judul-berita"]) == [
        *("text", "published", "title")
    ]


def test_two_columns_of_one_field_are_both_kept_by_a_rule_and_a_note() -> None:
    notes: list[Reason] = []
    assert targets(["isi", "Body", "TEXT", "judul"], note=notes.append) == [
        *(KEPT, KEPT, "text", "title")
    ]
    assert [note.values["other"] for note in notes] == ["Body", "isi"]
    assert sentence(notes[0]) == (
        "“text” is read from the column “TEXT”; “Body” stands in the metadata."
    )


@unhurried
@given(st.lists(st.text(max_size=20), max_size=30))
def test_no_field_is_filled_twice_and_no_column_is_lost(headings: list[str]) -> None:
    names = names_of(headings)
    assert len(set(names)) == len(headings)
    found = targets(names)
    fields = [target for target in found if target != KEPT]
    assert len(found) == len(names)
    assert len(set(fields)) == len(fields)
    assert set(fields) <= set(NAMES)


@unhurried
@given(st.sampled_from([h for words in MEANT.values() for h in words.split()]), st.data())
def test_signs_and_case_change_nothing(heading: str, data: st.DataObject) -> None:
    signs = data.draw(st.lists(st.sampled_from(" _-.\u00a0"), max_size=5))
    written = "".join(signs) + heading.swapcase() + "".join(signs)
    assert folded(written) == folded(heading)
    assert targets([written]) == targets([heading])


def test_of_headings_that_are_the_same_the_first_is_read_and_it_is_said() -> None:
    found, notes = wished("a.csv", b"isi,judul,isi\na,b,c\n")
    assert [one.text for one in found if isinstance(one, ArticleDraft)] == ["a"]
    assert [sentence(note) for note in notes] == [
        "“text” is read from the column “isi”; “isi (3)” stands in the metadata."
    ]


def test_headings_that_are_the_same_are_told_apart_by_their_number() -> None:
    assert names_of(["a", "a", "", "a (2)", "a"]) == [
        "a",
        "a (2)",
        "column 3",
        "a (2) (4)",
        "a (5)",
    ]


def test_a_csv_with_indonesian_headings_is_read() -> None:
    data = "Judul;Isi_Berita;Wartawan;Koran;Tautan;Desk\nA;Sari menolak.;Rania;Kota;x;politik\n"
    (one,) = articles("a.csv", data.encode("windows-1252"))
    assert (one.title, one.text, one.author) == ("A", "Sari menolak.", "Rania")
    assert (one.source, one.url, one.metadata) == ("Kota", "x", {"Desk": "politik"})


@pytest.mark.parametrize("separator", ",;\t|")
def test_the_separator_is_found_by_any_name_of_the_text(separator: str) -> None:
    data = f"judul{separator}isi, lengkap{separator}isi\na{separator}b{separator}c\n"
    found = articles("a.csv", data.encode()) if separator != "," else []
    assert [one.text for one in found] == ["c"] * len(found)


def test_what_does_not_become_a_field_stands_in_the_metadata() -> None:
    data = b'text,Isi,text,metadata\nsatu,dua,tiga,"{""x"": 1}"\n'
    (one,) = articles("a.csv", data)
    assert (one.text, one.metadata) == ("satu", {"Isi": "dua", "text (3)": "tiga", "x": 1})


def test_objects_may_have_other_keys_each() -> None:
    data = (
        b'{"isi": "satu", "ID": 7, "source": null, "publisher": "Kota"}\n'
        b'{"text": null, "content": "dua", "authors": ["A", "B"], "body": {"x": 1}}\n'
        b'{"text": "tiga", "body": "lain", "x": null}\n'
    )
    one, two, three = articles("a.jsonl", data)
    assert (one.text, one.external_id, one.source) == ("satu", "7", "Kota")
    assert (two.text, two.author) == ("dua", "")
    assert two.metadata == {"authors": ["A", "B"], "body": {"x": 1}}
    assert (three.text, three.metadata) == ("tiga", {"body": "lain", "x": None})


def test_a_wish_comes_before_what_a_heading_means() -> None:
    data = b"text,isi,desk,pengarang\nsatu,dua,tiga,empat\n"
    wish = Wish({"isi": "text", "desk": "title", "pengarang": DROPPED})
    found, notes = wished("a.csv", data, wish)
    (one,) = (draft for draft in found if isinstance(draft, ArticleDraft))
    assert (one.text, one.title, one.author) == ("dua", "tiga", "")
    assert one.metadata == {"text": "satu"}
    assert [note.code for note in notes] == ["columns_shared"]


def test_a_wish_may_leave_out_the_field_of_an_object() -> None:
    wish = Wish({"title": DROPPED, "date": KEPT}, names=())
    (one,), _ = wished("a.jsonl", b'{"text": "a", "title": "b", "date": "besok"}', wish)
    assert isinstance(one, ArticleDraft)
    assert (one.title, one.published, one.metadata) == ("", None, {"date": "besok"})


def test_a_wish_for_other_columns_is_none_for_these() -> None:
    other = Wish({"a": "title"}, names=("a", "b"))
    every = Wish({"a": "source"})
    assert wish_for((other, every), ("a", "b")) is other
    assert wish_for((other, every), ("a",)) is every
    assert wish_for((other,), ("a",)) == Wish()


def test_what_was_said_of_one_key_is_not_said_of_another_that_looks_like_it() -> None:
    wish = Wish({"isi": KEPT}, names=())
    (one,), _ = wished("a.jsonl", b'{"isi": "a", "Isi": "b"}', wish)
    assert isinstance(one, ArticleDraft)
    assert (one.text, one.metadata) == ("b", {"isi": "a"})


def test_a_separator_that_only_a_wish_explains_is_found() -> None:
    found, _ = wished("a.csv", b"x, y;z\n1, 2;3\n", Wish({"z": "text"}))
    assert [one.text for one in found if isinstance(one, ArticleDraft)] == ["3"]


def test_the_order_of_dates_that_was_said_refuses_what_it_cannot_be() -> None:
    data = b"isi,tanggal\na,05/03/2024\nb,13/03/2024\n"
    (one, two), _ = wished("a.csv", data, Wish(order=Order.MONTH))
    assert isinstance(one, ArticleDraft)
    assert isinstance(two, LineRefusal)
    assert one.published is not None
    assert (one.published.month, two.reason.code) == (5, "published_month_first")


FREE = ("text", "title", "author", "source", "url", "external_id")
HEADINGS = [heading for field in FREE for heading in MEANT[field].split()]


@unhurried
@given(st.lists(st.sampled_from([*HEADINGS, "desk", "", "Desk", "x y"]), min_size=1, max_size=12))
def test_every_cell_stands_in_a_field_or_in_the_metadata(headings: list[str]) -> None:
    cells = [f"c{number}" for number in range(len(headings) + 1)]
    (one,) = articles("a.csv", f"isi;{';'.join(headings)}\n{';'.join(cells)}\n".encode())
    fields = [one.text, one.title, one.author, one.source, one.url, one.external_id or ""]
    assert sorted([*filter(None, fields), *map(str, one.metadata.values())]) == sorted(cells)


@unhurried
@given(st.lists(st.sampled_from([*HEADINGS, "desk", "Desk", "x y"]), unique=True, max_size=12))
def test_every_value_stands_in_a_field_or_in_the_metadata(keys: list[str]) -> None:
    value = {key: f"c{number}" for number, key in enumerate(["isi", *keys])}
    (one,) = articles("a.jsonl", json.dumps(value).encode())
    fields = [one.text, one.title, one.author, one.source, one.url, one.external_id or ""]
    found = [*filter(None, fields), *map(str, one.metadata.values())]
    assert sorted(found) == sorted(value.values())


def test_objects_that_all_have_other_keys_are_read_in_flat_memory() -> None:
    lines = "".join(f'{{"isi": "a", "k{n}": 1, "content": "b"}}\n' for n in range(2_000))
    found, notes = wished("a.jsonl", lines.encode())
    assert len(found) == 2_000
    assert len(notes) == 1
