"""What is in a file is what comes out: bytes in, the same code points out."""

import codecs
import json
import os
import resource
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Self
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers import kinds
from annotations.corpora.readers.decoding import decode
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.readers.sources import Source
from annotations.text import gate
from tests.corpora.reading import articles, read, refusals, source, zipped

WILD = "Menteri Sari 🇮🇩 👩‍👩‍👧 e\u0301 \u2028\u2029\u0085\u00a0\u00ad “Ya,”\r\nكتب שלום ไทย\r\ufeff\tselesai"

texts = st.text(
    st.one_of(
        st.sampled_from('“”’–,;"\n\r\t \u2028\u0085\ufeff🇮👩\u200d\u0301é'),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
).filter(lambda text: not text.isspace())


def json_line(text: str, *, escaped: bool = False) -> bytes:
    return json.dumps({"text": text}, ensure_ascii=escaped).encode() + b"\n"


def csv_file(text: str) -> bytes:
    quoted = text.replace('"', '""')
    return f'number,text\n1,"{quoted}"\n2,"x"\n'.encode()


SHAPES: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "JSONL": lambda text: ("a.jsonl", json_line(text)),
    "JSON": lambda text: ("a.json", b"[" + json_line(text) + b"]"),
    "JSONL with escapes": lambda text: ("a.jsonl", json_line(text, escaped=True)),
    "JSONL in UTF-16": lambda text: (
        *("a.jsonl", codecs.BOM_UTF16_BE + json_line(text).decode().encode("utf-16-be")),
    ),
    "CSV": lambda text: ("a.csv", csv_file(text)),
    "text with BOM": lambda text: ("a.txt", codecs.BOM_UTF8 + text.encode()),
    "text in UTF-16": lambda text: (*("a.txt", codecs.BOM_UTF16_LE + text.encode("utf-16-le")),),
    "text in UTF-32": lambda text: (*("a.txt", codecs.BOM_UTF32_BE + text.encode("utf-32-be")),),
    "text in a ZIP": lambda text: ("a.zip", zipped({"a.txt": codecs.BOM_UTF8 + text.encode()})),
}


@pytest.mark.parametrize("shape", SHAPES)
@given(text=texts)
def test_a_text_comes_out_as_it_went_in(shape: str, text: str) -> None:
    name, data = SHAPES[shape](text)
    assert articles(name, data)[0].text == text


@pytest.mark.parametrize("shape", SHAPES)
def test_every_script_line_end_and_invisible_character_is_kept(shape: str) -> None:
    name, data = SHAPES[shape](WILD)
    assert articles(name, data)[0].text == WILD


@given(text=texts)
def test_decoding_undoes_encoding(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text


@given(text=st.text(st.characters(), min_size=1))
def test_the_quick_look_never_lets_through_what_the_gate_refuses(text: str) -> None:
    data = b'{"text": ' + json.dumps("a" + text).encode() + b"}"
    refused = gate.refusal("a" + text) is not None
    assert bool(refusals("a.jsonl", data)) == refused


@given(
    data=st.binary(max_size=80),
    name=st.sampled_from(["a.txt", "a.jsonl", "a.json", "a.csv", "a.zip"]),
)
def test_no_bytes_at_all_break_a_reader(data: bytes, name: str) -> None:
    assert all(isinstance(found, ArticleDraft | LineRefusal) for found in read(name, data))


@given(data=st.binary(min_size=1, max_size=80))
def test_plain_bytes_are_refused_or_kept_exactly(data: bytes) -> None:
    for found in read("a.txt", data):
        if isinstance(found, ArticleDraft):
            codec, *notes = found.encoding.split()
            mark = "\ufeff".encode(codec) if "bom" in notes else b""
            assert mark + found.text.encode(codec) == data


ENCODINGS = [
    ("utf-8", "Rania bilang: “Tidak.”", "utf-8"),
    ("utf-8", "polos saja", "utf-8"),
    ("latin-1", "Café à Jakarta, naïf", "windows-1252 guessed"),
    ("latin-1", "café", "windows-1252 guessed"),
    ("latin-1", "SÃO PAULO", "windows-1252 guessed"),
    ("latin-1", "caf\x81é", "latin-1 guessed"),
    ("windows-1252", "“Kami di café,” katanya – dan pergi…", "windows-1252 guessed"),
    ("windows-1252", "“CAFÉ”", "windows-1252 guessed"),
    ("cp1251", "Правительство отклонило предложение, сказал министр.", "cp1251 guessed"),
    ("cp1256", "رفضت الحكومة الاقتراح، قال الوزير اليوم في جاكرتا.", "cp1256 guessed"),
    ("utf-16-le", "Sari menolak “usul” itu.", "utf-16-le guessed"),
    ("utf-16-be", "Sari menolak “usul” itu.", "utf-16-be guessed"),
]


@pytest.mark.parametrize(("codec", "text", "recorded"), ENCODINGS)
def test_the_encoding_is_found_and_recorded(codec: str, text: str, recorded: str) -> None:
    (draft,) = articles("a.txt", text.encode(codec))
    assert (draft.text, draft.encoding) == (text, recorded)


@pytest.mark.parametrize(("codec", "text", "recorded"), ENCODINGS)
def test_the_encoding_of_lines_is_found_too(codec: str, text: str, recorded: str) -> None:
    (draft,) = articles("a.jsonl", json_line(text).decode().encode(codec))
    assert draft.text == text


def test_an_encoding_that_is_named_is_not_guessed() -> None:
    (draft,) = articles("a.txt", "Příliš žluťoučký".encode("cp1250"), "windows-1250")
    assert (draft.text, draft.encoding) == ("Příliš žluťoučký", "windows-1250")


def test_a_byte_order_mark_wins_over_the_named_encoding() -> None:
    (draft,) = articles("a.txt", codecs.BOM_UTF8 + "é".encode(), "windows-1252")
    assert (draft.text, draft.encoding) == ("é", "utf-8 bom")


def test_one_bom_is_taken_off_and_only_one() -> None:
    assert articles("a.txt", codecs.BOM_UTF8 * 2 + b"a")[0].text == "\ufeffa"


def test_every_field_of_a_line_is_read() -> None:
    line = {
        "text": "Sari menolak.",
        "external_id": "a-1",
        "title": "Sari “menolak”",
        "source": "Harian Kota",
        "author": "Rania",
        "url": "https://example.org/1",
        "published": "2024-10-31T08:30:00+07:00",
        "language": "id",
        "metadata": {"desk": "politik"},
        "pages": [1, {"x": 2.5}],
    }
    (draft,) = articles("a.jsonl", json.dumps(line).encode())
    assert draft == ArticleDraft(
        place=draft.place,
        encoding="utf-8",
        text="Sari menolak.",
        utf8=b"Sari menolak.",
        external_id="a-1",
        title="Sari “menolak”",
        source="Harian Kota",
        author="Rania",
        url="https://example.org/1",
        language="id",
        published=datetime(2024, 10, 31, 1, 30, tzinfo=UTC),
        metadata={"desk": "politik", "pages": [1, {"x": 2.5}]},
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-10-31", datetime(2024, 10, 31, tzinfo=UTC)),
        ("2024-10-31T23:30:00Z", datetime(2024, 10, 31, 23, 30, tzinfo=UTC)),
        ("2024-10-31 23:30", datetime(2024, 10, 31, 23, 30, tzinfo=UTC)),
        ("2024-10-31T23:30:00.5-0100", datetime(2024, 11, 1, 0, 30, 0, 500_000, UTC)),
        ("2024-10-31T00:00:00.000000000", datetime(2024, 10, 31, tzinfo=UTC)),
    ],
)
def test_published_is_a_moment_in_utc(written: str, moment: datetime) -> None:
    (draft,) = articles("a.jsonl", json.dumps({"text": "a", "published": written}).encode())
    assert draft.published == moment


def test_absent_null_and_empty_fields_are_the_same() -> None:
    lines = [{"text": "a"}, {"text": "a", "title": None, "external_id": ""}]
    one, two = articles("a.jsonl", b"\n".join(json.dumps(line).encode() for line in lines))
    assert (one.title, one.external_id) == (two.title, two.external_id) == ("", None)


def test_blank_lines_are_passed_over_but_counted() -> None:
    found = articles("a.jsonl", b'\r\n{"text": "a"}\r\n\n \n{"text": "b"}')
    assert [(draft.text, draft.place.line, draft.place.byte) for draft in found] == [
        *[("a", 2, 2), ("b", 5, 20)]
    ]


def test_a_broken_line_among_many_is_named_by_line_and_byte() -> None:
    line = b'{"text": "Rania setuju \xe2\x80\x93 katanya."}\n'
    data = line * 5_000 + b'{"text": "putus' + b"\n" + line * 5_000
    assert refusals("a.jsonl", data) == [("json_unterminated", 5_001, 5_000 * len(line) + 9)]
    assert len(read("a.jsonl", data)) == 10_001


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    head = separator.join(["Title", "TEXT", "desk"])
    row = separator.join(["Judul", '"satu, dua; tiga\tempat\r\n""lima"""', "kota"])
    (draft,) = articles("a.csv", f"{head}\r\n{row}\r\n".encode())
    assert draft.text == 'satu, dua; tiga\tempat\r\n"lima"'
    assert (draft.title, draft.metadata) == ("Judul", {"desk": "kota"})


@pytest.mark.parametrize("declared", [b"sep=~", b'"sep=~"', b"SEP=~"])
def test_the_separator_may_be_declared_as_spreadsheets_do(declared: bytes) -> None:
    (draft,) = articles("a.csv", codecs.BOM_UTF8 + declared + b"\r\ntext~title\r\nsatu~dua\r\n")
    assert (draft.text, draft.title, draft.place.line) == ("satu", "dua", 3)


def test_a_column_without_a_name_keeps_its_number() -> None:
    (draft,) = articles("a.csv", b",text\n0,a\n")
    assert draft.metadata == {"column 1": "0"}


def test_empty_rows_and_cells_that_spreadsheets_leave_are_passed_over() -> None:
    found = articles("a.csv", b",\r\ntext,title\r\na,b,,\r\n,\r\n,,,\r\nc,d\r\n")
    assert [(one.text, one.title, one.place.line) for one in found] == [
        ("a", "b", 3),
        ("c", "d", 6),
    ]


def test_a_row_that_spans_lines_is_named_by_its_first() -> None:
    data = b'text,title\n"a\nb\n",x\n"c",too,many\n'
    assert refusals("a.csv", data) == [("csv_cells", 5, 20)]


def test_after_a_row_whose_quotes_pair_up_the_next_rows_are_read() -> None:
    data = b'text\n"a" "b"\nc\n'
    assert [type(found) for found in read("a.csv", data)] == [LineRefusal, ArticleDraft]


def test_the_title_of_a_plain_text_is_the_name_of_its_file() -> None:
    (draft,) = articles("Sidang hari ke-2.txt", b"a")
    assert draft.title == "Sidang hari ke-2"


def test_files_of_one_name_are_told_apart_and_keep_their_title() -> None:
    data = zipped({"Rapat.txt": b"Dalam."})
    files = [
        *(source("Rapat.txt", text) for text in (b"Satu.", b"Dua.", b"Tiga.")),
        source("Rapat (2).txt", b"Lain."),
        *(source("a.zip", data) for _ in range(2)),
        *(source("tanpa", b"") for _ in range(2)),
    ]
    with ExitStack() as opened:
        found = [file for file in kinds.unpacked(files, opened) if isinstance(file, Source)]
        titles = [
            one.title
            for file in found[:6]
            for one in kinds.read(file)
            if not isinstance(one, LineRefusal)
        ]
    names = ["Rapat.txt", "Rapat (3).txt", "Rapat (4).txt", "Rapat (2).txt"]
    names += ["a.zip/Rapat.txt", "a (2).zip/Rapat.txt", "tanpa", "tanpa (2)"]
    assert [file.name for file in found] == names
    assert titles == ["Rapat", "Rapat", "Rapat", "Rapat (2)", "Rapat", "Rapat"]


def test_names_in_archives_are_read_as_utf8_even_where_undeclared() -> None:
    data = zipped({"berita-é.txt": b"a"})
    assert articles("a.zip", data)[0].title == "berita-é"
    undeclared = data.replace("berita-é".encode(), "berita-é".encode())
    flags = bytearray(undeclared)
    flags[6:8] = b"\x00\x00"
    central = undeclared.index(b"PK\x01\x02")
    flags[central + 8 : central + 10] = b"\x00\x00"
    assert articles("a.zip", bytes(flags))[0].title == "berita-é"


def test_an_archive_holds_files_of_every_kind() -> None:
    held = {"a.txt": b"satu", "b/c.jsonl": b'{"text": "dua"}', "d.csv": b"text\ntiga\n"}
    found = articles("x.zip", zipped(held))
    assert [(draft.place.file, draft.text) for draft in found] == [
        *[("x.zip/a.txt", "satu"), ("x.zip/b/c.jsonl", "dua"), ("x.zip/d.csv", "tiga")]
    ]


def test_a_name_that_cannot_be_shown_is_spelled_out() -> None:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("a\u202e.txt", b"a")
    assert articles("x.zip", held.getvalue())[0].place.file == "x.zip/a\\u202e.txt"


class Endless:
    """A stream of `count` lines that never holds more than one of them."""

    def __init__(self, line: bytes, count: int) -> None:
        self._line, self._left = line, count

    def readline(self, size: int = -1) -> bytes:
        self._left -= 1
        return self._line if self._left >= 0 else b""

    def read(self, size: int = -1) -> bytes:
        return b"" if size == 0 else self.readline()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        return None


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux only")
def test_memory_stays_flat_over_a_long_file() -> None:
    line = json_line("x" * 30_000)
    endless = Source("a.jsonl", 0, lambda: Endless(line, 5_000))  # type: ignore[arg-type, return-value]  # as much of a stream as readers use
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in kinds.read(endless)) == 5_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.skipif("KUTIP_DATA" not in os.environ, reason="KUTIP_DATA names no real data")
def test_a_real_article_is_read_to_the_last_byte() -> None:
    path = Path(os.environ["KUTIP_DATA"], "data", "seed-article.txt")
    (draft,) = articles("seed-article.txt", path.read_bytes())
    assert draft.text.encode() == path.read_bytes()


def test_a_source_tells_its_ending() -> None:
    assert source("A.B.JSONL", b"").suffix == ".jsonl"


def test_a_json_file_holds_a_list_of_articles_and_names_the_bad_ones() -> None:
    data = b'[{"text": "satu", "title": "A"},\n {"title": "B"},\n {"text": "tiga", "nomor": 3}]\n'
    found = read("a.json", data)
    assert [one.text for one in found if isinstance(one, ArticleDraft)] == ["satu", "tiga"]
    assert refusals("a.json", data) == [("json_no_text", 2, 34)]
