"""Files made to hurt whoever reads them: refused in a sentence, in little memory, in little time."""

import time
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reading
from annotations.corpora.readers.sources import Source
from annotations.corpora.reasons import sentence
from annotations.limits import LIMITS
from tests.corpora.reading import read, zipped
from tests.corpora.test_word_documents import TYPES, W

MEGABYTE = 1_048_576
SECRET = "root:"
"""What /etc/passwd begins with."""

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
)
BLOWN_UP = "<!DOCTYPE x [<!ENTITY a9 '{}'>]>".format("x" * 100_000)
OUTSIDE = "<!DOCTYPE x [<!ENTITY a9 SYSTEM 'file:///etc/passwd'>]>"
REMOTE = "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd' [<!ENTITY a9 'x'>]>"
PARAMETER = "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p; <!ENTITY a9 'x'>]>"
DOCTYPES = {
    "billion laughs": LAUGHS,
    "one long entity, many times": BLOWN_UP,
    "a file of the server": OUTSIDE,
    "a page of the network": REMOTE,
    "a file of the server, by a parameter": PARAMETER,
}


def feed(doctype: str) -> bytes:
    many = "&a9;" * 2_000
    return f"""<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>&a9;</title>
      <item><title>&a9;</title><description>Sari {many}</description></item></channel></rss>""".encode()


def word(doctype: str) -> bytes:
    many = "&a9;" * 2_000
    body = f"<w:p><w:r><w:t>Sari {many}</w:t></w:r></w:p>"
    main = f'<?xml version="1.0"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>'
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": main, "_rels/.rels": "<x/>"}
    return zipped({name: part.encode() for name, part in parts.items()})


def page(doctype: str) -> bytes:
    many = "&a9;" * 2_000
    text = "Nelayan menolak tanggul itu sejak tahun lalu, kata mereka di balai desa. " * 20
    body = f"<article><p>{text}</p><p>{many}</p></article>"
    return f"{doctype}<html><head><title>&a9;</title></head><body>{body}</body></html>".encode()


@pytest.fixture
def measured() -> Iterator[list[float]]:
    """The most memory that was taken meanwhile, in megabytes, and the seconds."""
    found: list[float] = []
    tracemalloc.start()
    began = time.monotonic()
    try:
        yield found
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < 30


def peak() -> float:
    return tracemalloc.get_traced_memory()[1] / MEGABYTE


@pytest.mark.parametrize("case", DOCTYPES)
@pytest.mark.parametrize(("name", "made"), [("a.rss", feed), ("a.docx", word), ("a.html", page)])
def test_entities_are_neither_blown_up_nor_fetched(
    name: str, made: Any, case: str, measured: list[float]
) -> None:
    for found in read(name, made(DOCTYPES[case])):
        told = sentence(found.reason) if isinstance(found, LineRefusal) else found.text
        assert SECRET not in told
        assert len(told) < 100_000
    assert peak() < 50


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("a.jsonl", b'{"text": "a"}\n{"text": "', b'"}\n{"text": "b"}\n'),
        ("a.json", b'[{"text": "', b'"}]'),
        ("a.csv", b'text,title\n"', b'",b\n'),
        ("a.txt", b"a\n", b"\n"),
    ],
)
def test_a_line_of_100_megabytes_is_refused_in_flat_memory(
    name: str, begins: bytes, ends: bytes, tmp_path: Any, measured: list[float]
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(begins)
        for _ in range(100):
            file.write(b"x" * MEGABYTE)
        file.write(ends)
    found: list[Reading] = list(
        kinds.read(Source(name, path.stat().st_size, lambda: path.open("rb"), None))
    )
    refused = [one.reason.code for one in found if isinstance(one, LineRefusal)]
    assert refused, found
    assert set(refused) <= {"line_too_long", "file_too_long", "text_too_long"}
    # an object of a JSON file may be as long as a line of layers, and is held while it grows
    assert peak() < (3 * LIMITS.layer_line_bytes / MEGABYTE if name == "a.json" else 100)


def test_the_lines_beside_a_long_one_are_read(tmp_path: Any) -> None:
    data = b'{"text": "a"}\n{"text": "' + b"x" * 20 * MEGABYTE + b'"}\n{"text": "b"}\n'
    found = read("a.jsonl", data)
    assert [one.text for one in found if isinstance(one, ArticleDraft)] == ["a", "b"]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_ten_thousand_columns_are_refused_at_once(name: str) -> None:
    mark = "," if name == "a.csv" else "\t"
    head = mark.join(["text", *(f"c{number}" for number in range(9_999))])
    row = mark.join(["Sari"] * 10_000)
    began = time.monotonic()
    [found] = read(name, f"{head}\n{row}\n{row}\n".encode())
    assert isinstance(found, LineRefusal)
    assert found.reason.code == "csv_columns"
    assert "10000" in sentence(found.reason).replace(",", "")
    assert time.monotonic() - began < 5


def test_ten_thousand_keys_stand_in_the_metadata_or_are_refused() -> None:
    keys = ", ".join(f'"k{number}": "aaaaaa"' for number in range(10_000))
    [found] = read("a.jsonl", f'{{"text": "Sari", {keys}}}\n'.encode())
    assert isinstance(found, LineRefusal)
    assert found.reason.code == "metadata_too_long"


@pytest.mark.parametrize("name", ["a.docx", "a.zip"])
def test_an_archive_that_blows_up_is_refused_before_it_does(
    name: str, measured: list[float]
) -> None:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w") as part:
            for _ in range(200):
                part.write(bytes(MEGABYTE))
    tracemalloc.reset_peak()
    found = read(name, held.getvalue())
    assert all(isinstance(one, LineRefusal) for one in found)
    assert peak() < 50


def test_an_archive_in_an_archive_in_an_archive_is_not_opened() -> None:
    data = b"Sari menolak."
    for _ in range(50):
        data = zipped({"a.zip" if data[:2] == b"PK" else "a.txt": data})
    [found] = read("a.zip", data)
    assert isinstance(found, LineRefusal)
    assert found.reason.code == "zip_nested"
