"""A table of files that are not what they claim: each is refused where its fault stands."""

import codecs
import gzip
import json
import pickle
import struct
from io import BytesIO
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.reasons import CODES, sentence
from annotations.limits import LIMITS
from tests.corpora.reading import articles, read, refusals, zipped

GOOD = b'{"text": "Sari menolak."}\n'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def record(**fields: object) -> bytes:
    return json.dumps({"text": "Sari menolak.", **fields}).encode() + b"\n"


BAD = {
    # name: (file name, content, code, line, byte)
    "truncated UTF-8 at the end of a line": (
        *(
            "a.jsonl",
            '{"text": "“"}\n'.encode() + b'{"text": "Sari \xe2\x80"}\n',
            "undecodable",
            2,
            31,
        ),
    ),
    "truncated UTF-8 at the end of the file": (
        *("a.txt", "Kata “Sari".encode() + b"\xe2\x80", "cut_character", 1, 12),
    ),
    "UTF-16 of odd length": (
        *("a.txt", codecs.BOM_UTF16_LE + "Sari".encode("utf-16-le") + b"x", "cut_character", 1, 10),
    ),
    "UTF-16 with half a surrogate pair": (
        *("a.txt", codecs.BOM_UTF16_LE + b"a\x00\x3d\xd8b\x00", "undecodable", 1, 4),
    ),
    "UTF-16 JSONL cut in its second line": (
        "a.jsonl",
        codecs.BOM_UTF16_LE + (GOOD.decode() * 2).encode("utf-16-le")[:-3],
        *("cut_character", 2, 102),
    ),
    "Latin-1 line in a UTF-8 file": (
        "a.jsonl",
        GOOD + '{"text": "“Ya,” kata Rania – lalu pergi."}\n'.encode() + b'{"text": "caf\xe9"}\n',
        *("undecodable", 3, 88),
    ),
    "BOM in the middle": ("a.jsonl", GOOD + codecs.BOM_UTF8 + GOOD, "json_mark", 2, 26),
    "raw NUL in JSON": ("a.jsonl", GOOD + b'{"text": "a\x00b"}\n', "json_control", 2, 37),
    "escaped NUL in JSON": ("a.jsonl", GOOD + b'{"text": "a\\u0000b"}\n', "character_nul", 2, 26),
    "NUL in plain text": ("a.txt", "é\nb\x00c".encode(), "character_nul", 2, 4),
    "escape character in plain text": ("a.txt", b"a\x1b[31m", "character_control", 1, 1),
    "lone surrogate escape": (
        *("a.jsonl", b'{"text": "a \\ud83d b"}\n', "character_surrogate", 1, 0),
    ),
    "lone surrogate in metadata": (
        *("a.jsonl", b'{"text": "a", "desk": ["\\udc00"]}\n', "character_surrogate", 1, 0),
    ),
    "lone surrogate in a key of metadata": (
        *("a.jsonl", b'{"text": "a", "\\udc00": 1}\n', "character_surrogate", 1, 0),
    ),
    "noncharacter": ("a.jsonl", b'{"text": "a\\uffff"}\n', "character_noncharacter", 1, 0),
    "NaN": ("a.jsonl", GOOD + b'{"text": "a", "score": NaN}\n', "json_constant", 2, 26),
    "Infinity": ("a.jsonl", b'{"text": "a", "score": -Infinity}\n', "json_constant", 1, 0),
    "number without end": (
        *("a.jsonl", b'{"text": "a", "n": ' + b"9" * 10_000 + b"}\n", "json_number", 1, 0),
    ),
    "number beyond a double": ("a.jsonl", b'{"text": "a", "n": 1e999}\n', "json_number", 1, 0),
    "number with an endless exponent": (
        *("a.jsonl", b'{"text": "a", "n": 1e99999999999999999999}\n', "json_number", 1, 0),
    ),
    "number with more digits than a double keeps": (
        *("a.jsonl", b'{"text": "a", "n": 0.12345678901234567890123}\n', "json_number", 1, 0),
    ),
    "key given twice": ("a.jsonl", b'{"text": "a", "text": "b"}\n', "json_key_twice", 1, 0),
    "key given twice inside": (
        *("a.jsonl", b'{"text": "a", "metadata": {"x": 1, "x": 2}}\n', "json_key_twice", 1, 0),
    ),
    "key in metadata and beside it": (
        *("a.jsonl", b'{"text": "a", "x": 1, "metadata": {"x": 2}}\n', "metadata_twice", 1, 0),
    ),
    "bottomless nesting": (
        *("a.jsonl", b'{"text": "a", "m": ' + b"[" * 100_000 + b"\n", "json_too_deep", 1, 0),
    ),
    "deep nesting": (
        *("a.jsonl", record(m=json.loads("[" * 20 + "]" * 20)), "metadata_too_deep", 1, 0),
    ),
    "text is a number": ("a.jsonl", b'{"text": 7}\n', "field_type", 1, 0),
    "text is null": ("a.jsonl", b'{"text": null}\n', "field_missing", 1, 0),
    "text is missing": ("a.jsonl", b'{"title": "Sari"}\n', "json_no_text", 1, 0),
    "articles in a list inside an object": (
        *("a.json", b'{"n": 1, "articles": [{"text": "a"}]}', "json_wrapped", 1, 0),
    ),
    "text is empty": ("a.jsonl", b'{"text": ""}\n', "text_empty", 1, 0),
    "text is only space": ("a.txt", b" \r\n\t\n", "text_empty", 1, 0),
    "file is empty": ("a.txt", b"", "text_empty", 1, 0),
    "title is a list": ("a.jsonl", record(title=["Sari"]), "field_type", 1, 0),
    "external_id is true": ("a.jsonl", record(external_id=True), "field_type", 1, 0),
    "external_id is a fraction": ("a.jsonl", record(external_id=1.5), "field_type", 1, 0),
    "external_id of two lines": ("a.jsonl", record(external_id="a\nb"), "character_newline", 1, 0),
    "external_id too long": ("a.jsonl", record(external_id="x" * 201), "field_too_long", 1, 0),
    "url with a bidi control": ("a.jsonl", record(url="http://x/\u202e"), "character_bidi", 1, 0),
    "title too long": ("a.jsonl", record(title="x" * 2_001), "field_too_long", 1, 0),
    "language is no code": ("a.jsonl", record(language="Bahasa"), "language", 1, 0),
    "published in no known order": ("a.jsonl", record(published="31/10/24"), "published", 1, 0),
    "published on no day": ("a.jsonl", record(published="2024-02-30"), "published", 1, 0),
    "published before time": (
        *("a.jsonl", record(published="0001-01-01T00:00:00+12:00"), "published", 1, 0),
    ),
    "published is true": ("a.jsonl", record(published=True), "field_type", 1, 0),
    "published is no number of seconds": ("a.jsonl", record(published=45_415), "published", 1, 0),
    "published in a thirteenth month": (
        *("a.jsonl", record(published="13/13/2024"), "published", 1, 0),
    ),
    "published under another name": ("a.jsonl", record(tanggal="besok"), "published", 1, 0),
    "metadata is a list": ("a.jsonl", record(metadata=[]), "metadata_type", 1, 0),
    "metadata too long": ("a.jsonl", record(note="x" * 70_000), "metadata_too_long", 1, 0),
    "key of 50,000 letters": ("a.jsonl", record(**{"k" * 70_000: 1}), "metadata_too_long", 1, 0),
    "text too long": (
        "a.jsonl",
        record(text="x" * (LIMITS.article_code_points + 1)),
        *("text_too_long", 1, 0),
    ),
    "plain file too long": (
        *("a.txt", b"x" * (4 * LIMITS.article_code_points + 5), "file_too_long", 0, 0),
    ),
    "line too long": (
        "a.jsonl",
        GOOD + b'{"text": "' + b"x" * LIMITS.line_bytes + b'"}\n',
        *("line_too_long", 2, 26),
    ),
    "line is a list": ("a.jsonl", GOOD + b"[1]\n", "json_not_object", 2, 26),
    "line is cut": ("a.jsonl", GOOD + b'{"text": "Sari\n', "json_unterminated", 2, 35),
    "two objects on a line": ("a.jsonl", b'{"text": "a"} {"text": "b"}\n', "json_extra", 1, 14),
    "lines end in CR": (
        *("a.jsonl", b'{"text": "a"}\r{"text": "b"}\r', "json_carriage_return", 1, 14),
    ),
    "single quotes": ("a.jsonl", b"{'text': 'a'}\n", "json_key", 1, 1),
    "comma missing": ("a.jsonl", '{"text": "é" "title": "b"}\n'.encode(), "json_comma", 1, 14),
    "bad escape": ("a.jsonl", b'{"text": "a\\x41"}\n', "json_escape", 1, 11),
    "HTML": ("a.jsonl", b"\n <!DOCTYPE html><p>404</p>\n", "other_kind", 0, 0),
    "PNG": ("a.jsonl", PNG, "other_kind", 0, 0),
    "PNG as text": ("a.txt", PNG, "other_kind", 0, 0),
    "pickle": ("a.jsonl", pickle.dumps({"text": "a"}), "other_kind", 0, 0),
    "gzip": ("a.jsonl", gzip.compress(GOOD), "other_kind", 0, 0),
    "zip as CSV": ("a.csv", zipped({"a.txt": b"a"}), "other_kind", 0, 0),
    "kind that is not read": ("a.exe", b"MZ", "unknown_kind", 0, 0),
    "spreadsheet": ("a.XLSX", b"PK\x03\x04", "sheet_kind", 0, 0),
    "old document": ("a.rtf", b"{\\rtf", "document_kind", 0, 0),
    "no ending": ("README", b"a", "unknown_kind", 0, 0),
    # CSV
    "CSV is empty": ("a.csv", b"", "csv_no_header", 0, 0),
    "CSV without text": ("a.csv", b"title;desk\na;b\n", "csv_no_text", 1, 0),
    "CSV row too short": ("a.csv", b"text,title\na,b\nc\n", "csv_cells", 3, 15),
    "CSV row too long": ("a.csv", b"text,title\na,b,c\n", "csv_cells", 2, 11),
    "CSV quote never closed": ("a.csv", b'text\na\n"b\nc\n', "csv_unclosed", 3, 7),
    "CSV stray quotes": ("a.csv", b'text,n\n"a" b"",1\nc,2\n', "csv_quote", 2, 7),
    "CSV odd stray quote": ("a.csv", b'text,n\n"a" b"c"",1\nc,2\n', "csv_lost", 2, 7),
    "CSV row with bad UTF-8": (
        *("a.csv", "text,n\n“,1\n".encode() + b'"a\n\xff",2\nc,3\n', "undecodable", 4, 16),
    ),
    "CSV metadata that is no JSON": ("a.csv", b"text,metadata\na,{x\n", "json_key", 2, 14),
    "CSV too many columns": ("a.csv", b"text" + b",x" * 600 + b"\n", "csv_columns", 1, 0),
    # ZIP
    "ZIP that is none": ("a.zip", b"not a zip", "zip_broken", 0, 0),
    "ZIP that is empty": ("a.zip", b"", "zip_broken", 0, 0),
    "ZIP cut in half": ("a.zip", zipped({"a.txt": b"a" * 99})[:60], "zip_broken", 0, 0),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_where_its_fault_stands(case: str) -> None:
    name, data, code, line, byte = BAD[case]
    assert refusals(name, data) == [(code, line, byte)]


@pytest.mark.parametrize("case", BAD)
def test_every_refusal_is_a_sentence(case: str) -> None:
    for found in read(*BAD[case][:2]):
        if isinstance(found, LineRefusal):
            assert sentence(found.reason).endswith(".")


def member(name: str, data: bytes = b"a", **fields: Any) -> bytes:
    """An archive of one member, whose directory entry says what it is told to say."""
    held = BytesIO()
    info = ZipInfo(name)
    info.compress_type = fields.pop("compress_type", ZIP_DEFLATED)
    with ZipFile(held, "w") as archive:
        archive.writestr(info, data)
        for field, value in fields.items():
            setattr(info, field, value)
    return held.getvalue()


OUTSIDE = (
    *("../a.txt", "a/../../b.txt", "/etc/passwd.txt", "C:a.txt", "C:\\a.txt", "..\\a.txt"),
    *("a\\b.txt", "a\nb.txt", "\\\\server\\a.txt"),
)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_member_whose_name_leads_outside_is_refused(name: str) -> None:
    assert [code for code, _, _ in refusals("a.zip", member(name))] == ["zip_name"]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("zip_link", member("a.txt", b"/etc/passwd", external_attr=0o120777 << 16)),
        ("zip_encrypted", member("a.txt", flag_bits=0x1)),
        ("zip_encrypted", member("a.txt", flag_bits=0x40)),
        ("zip_method", member("a.txt", compress_type=ZIP_BZIP2)),
        ("zip_nested", member("b.zip", zipped({"a.txt": b"a"}))),
        ("zip_ratio", member("a.txt", bytes(10_000_000))),
        ("zip_overlap", member("a.txt", compress_size=10_000)),
        ("zip_damaged", member("a.txt", b"a" * 50, CRC=7)),
        ("zip_damaged", member("a.txt", b"abcdef", file_size=3)),
        ("zip_damaged", member("a.txt", flag_bits=0x20)),
        ("zip_damaged", member("a.txt", header_offset=2**31)),
        ("zip_name", member("a.txt", filename="")),
        ("other_kind", member("a.txt", PNG)),
        ("document_kind", member("a.odt", b"PK")),
    ],
)
def test_a_member_is_refused_for_what_the_directory_says_of_it(code: str, data: bytes) -> None:
    assert [found for found, _, _ in refusals("a.zip", data)] == [code]


def test_an_archive_that_would_take_too_much_room_is_refused_whole() -> None:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name in ("a.txt", "b.txt"):
            archive.writestr(info := ZipInfo(name), "a")
            info.file_size = LIMITS.zip_bytes // 2 + 1
    assert refusals("a.zip", held.getvalue()) == [("zip_too_long", 0, 0)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_refused() -> None:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("a.txt", "satu")
        archive.writestr("a.txt", "dua")
    assert [code for code, _, _ in refusals("a.zip", held.getvalue())] == ["zip_twice"] * 2


@pytest.mark.parametrize("count", [LIMITS.zip_members + 1, 0xFFFE])
def test_an_archive_of_too_many_members_is_refused_by_its_end_record(count: int) -> None:
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, 46 * count, 0)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 46 * count, 0, 0)
    codes = [code for code, _, _ in refusals("a.zip", wide + end)]
    assert codes == (["zip_members"] if count > LIMITS.zip_members else ["zip_broken"])


def test_what_systems_leave_in_archives_is_passed_over() -> None:
    litter = {"__MACOSX/._a.txt": b"\x00\x05", ".DS_Store": b"\x00", "b/.hidden": b"", "b/": b""}
    found = articles("a.zip", zipped(litter | {"b/a.txt": b"Sari"}))
    assert [(draft.place.file, draft.title, draft.text) for draft in found] == [
        ("a.zip/b/a.txt", "a", "Sari")
    ]


def test_every_code_of_the_table_has_a_sentence() -> None:
    assert {code for _, _, code, _, _ in BAD.values()} <= CODES
