"""PDFs: their text page by page, scans named, and nothing a stranger builds takes long."""

import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from annotations.corpora.readers import pdf
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.readers.reflow import glued, joined, reflowed
from annotations.corpora.reasons import sentence
from annotations.limits import LIMITS
from tests.corpora.reading import articles, read, refusals

FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
INFO = "<</Title(Warga menolak)/Author(Laras P)/CreationDate(D:20260305083000+07'00')>>"


def content(*lines: str) -> bytes:
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    return f"BT /F 12 Tf 14 TL 72 720 Td\n{shown}ET".encode("cp1252")


def stream(data: bytes, more: str = "") -> bytes:
    return f"<</Length {len(data)}{more}>>stream\n".encode() + data + b"\nendstream"


def assembled(objects: list[bytes], more: str = "") -> bytes:
    """A file of these objects, numbered from 1; the first is its root."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R{more}>>\n"
    return bytes(made) + f"{end}startxref\n{len(made)}\n%%EOF".encode()


def document(*pages: bytes, info: str = INFO, more: str = "") -> bytes:
    """A document whose pages have this content; `more` stands in every content's dictionary."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 612 792]>>".encode(),
        FONT.encode(),
        info.encode("latin-1"),
    ]
    for number, data in enumerate(pages):
        page = f"<</Type/Page/Parent 2 0 R/Contents {6 + 2 * number} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        objects += [page.encode(), stream(data, more)]
    return assembled(objects, "/Info 4 0 R")


def test_the_text_and_what_the_document_says_of_itself() -> None:
    [one] = articles("a.pdf", document(content("Sari hadir.", "“Ya,” kata Naïf.")))
    assert one.text == "Sari hadir.\n“Ya,” kata Naïf."
    assert (one.title, one.author, one.encoding) == ("Warga menolak", "Laras P", "utf-8")
    assert (one.published, one.metadata) == (None, {"created": "2026-03-05T08:30:00+07:00"})


@pytest.mark.parametrize("info", ["<<>>", "<</Title 7/CreationDate(kemarin)>>", "[]", "null"])
def test_what_it_does_not_say_costs_no_article(info: str) -> None:
    [one] = articles("Sidang 2.pdf", document(content("Sari hadir."), info=info))
    assert one.text == "Sari hadir."
    assert one.published is None


@pytest.mark.parametrize(
    "title",
    [
        "\\(anonymous\\)",
        "Untitled",
        "untitled-2",
        "Untitled document",
        "Document1",
        "Microsoft Word - Sidang rev 3.doc",
        "Microsoft PowerPoint - x.pptx",
    ],
)
def test_a_title_that_a_program_put_there_is_none(title: str) -> None:
    info = f"<</Title({title})/Author(\\(anonymous\\))>>"
    [one] = articles("Sidang 2.pdf", document(content("Sari hadir."), info=info))
    assert (one.title, one.author) == ("Sidang 2", "")


@pytest.mark.parametrize(
    "title", ["Anonymous menyerang", "Untitled: pameran", "Microsoft Word - akhirnya", "Document"]
)
def test_a_title_that_a_person_wrote_stays(title: str) -> None:
    info = f"<</Title({title})>>"
    [one] = articles("Sidang 2.pdf", document(content("Sari hadir."), info=info))
    assert one.title == title


def test_pages_follow_each_other_and_those_without_a_text_are_named() -> None:
    [one] = articles("a.pdf", document(content("Satu."), b"", content("Tiga."), b"0 0 m"))
    assert one.text == "Satu.\nTiga."
    assert one.metadata["pages_without_text"] == [2, 4]


def test_a_scan_is_refused_in_a_sentence() -> None:
    assert refusals("a.pdf", document(b"", b"0 0 m")) == [("pdf_scan", 0, 0)]


LONG = "Warga Desa Ampel menolak rencana tanggul laut yang diumumkan"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (f"{LONG}\npemerintah kota.\nSari hadir.", f"{LONG} pemerintah kota.\nSari hadir."),
        (f"{LONG} pe-\nmerintah kota itu saja dan tidak ada yang lain lagi.", None),
        (f"{LONG}\n\nSari hadir.", f"{LONG}\nSari hadir."),
        (f"{LONG}\n1. Sari hadir.", f"{LONG}\n1. Sari hadir."),
        ("Sari\nBudi\nRania", "Sari\nBudi\nRania"),
        ("", ""),
        (" \n\n ", ""),
    ],
)
def test_the_lines_of_a_paragraph_are_joined(page: str, text: str | None) -> None:
    whole = f"{LONG} pemerintah kota itu saja dan tidak ada yang lain lagi."
    assert reflowed(page) == (whole if text is None else text)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("peme-", "rintah", "pemerintah"),
        ("peme\u00ad", "rintah", "pemerintah"),
        ("anak-", "anak desa", "anak-anak desa"),
        ("Anak-", "anaknya", "Anak-anaknya"),
        ("Jakarta-", "Bogor", "Jakarta-Bogor"),
        ("ke-", "2", "ke-2"),
        ("1998-", "an", "1998-an"),
        ("itu -", "katanya", "itu - katanya"),
        ("itu", "katanya", "itu katanya"),
    ],
)
def test_a_word_is_made_whole_only_where_that_is_certain(
    before: str, after: str, text: str
) -> None:
    assert glued(before, after) == text


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (["Sari tidak", "hadir."], "Sari tidak hadir."),
        (["Sari hadir.", "hadir"], "Sari hadir.\nhadir"),
        (["Sari", "Budi"], "Sari\nBudi"),
        (["peme-", "", "rintah"], "pemerintah"),
        ([], ""),
    ],
)
def test_a_sentence_may_go_on_over_a_page(pages: list[str], text: str) -> None:
    assert joined(pages) == text


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(document(content("Sari hadir.")))))
    writer.encrypt(password, "pemilik", algorithm="RC4-128")
    held = BytesIO()
    writer.write(held)
    return held.getvalue()


def test_a_document_with_a_password_is_refused() -> None:
    assert refusals("a.pdf", locked("rahasia")) == [("pdf_protected", 0, 0)]


def test_a_document_that_everybody_may_open_is_read() -> None:
    assert articles("a.pdf", locked(""))[0].text == "Sari hadir."


def squeezed(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def looping() -> bytes:
    return assembled(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>"]
    )


def nested_form() -> bytes:
    """A form that shows itself, twice."""
    form = stream(b"/X Do /X Do", "/Subtype/Form/Resources<</XObject<</X 3 0 R>>>>/BBox[0 0 9 9]")
    page = b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</XObject<</X 3 0 R>>>>>>"
    pages = b"<</Type/Pages/Count 1/Kids[4 0 R]/MediaBox[0 0 9 9]>>"
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", pages, form, page, stream(b"/X Do")])


HOSTILE = {
    "nothing but a name": (b"%PDF-1.7", {"pdf_broken"}),
    "empty": (b"", {"pdf_broken"}),
    "a text": (b"Sari menolak.", {"pdf_broken"}),
    "an archive": (b"PK\x03\x04", {"other_kind"}),
    "no pages": (document(), {"pdf_broken"}),
    "pages that hold themselves": (looping(), {"pdf_broken", "pdf_too_large", "pdf_page"}),
    "a form that shows itself": (nested_form(), {"pdf_scan", "pdf_too_large", "pdf_page"}),
    "too many pages": (document(*[b""] * 501), {"pdf_pages"}),
    "a bomb": (document(squeezed(90_000_000), more="/Filter/FlateDecode"), {"pdf_too_large"}),
    "a bomb in a bomb": (
        document(zlib.compress(squeezed(90_000_000)), more="/Filter[/FlateDecode/FlateDecode]"),
        {"pdf_too_large"},
    ),
    "endless operations": (document(b"q Q " * 1_000_000), {"pdf_too_large"}),
    "deep arrays": (document(b"[" * 100_000), {"pdf_page", "pdf_scan", "pdf_too_large"}),
    "a picture that needs a program": (
        document(b"x", more="/Filter/JBIG2Decode"),
        {"pdf_page", "pdf_protected", "pdf_scan"},
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_read_is_refused_in_a_sentence(case: str) -> None:
    data, codes = HOSTILE[case]
    [found] = read("a.pdf", data)
    assert isinstance(found, LineRefusal)
    assert found.reason.code in codes
    assert sentence(found.reason).endswith(".")


def test_all_pages_together_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_OPERATIONS", 10)
    data = document(*[content("Sari.")] * 4)
    assert refusals("a.pdf", data) == [("pdf_too_large", 0, 0)]


def test_what_no_bound_foresees_has_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_SECONDS", -1)
    assert refusals("a.pdf", document(content("Sari."))) == [("pdf_too_large", 0, 0)]


def test_fonts_that_say_too_much_are_refused() -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9 9]>>"
    letters = stream(squeezed(5_000_000), "/Filter/FlateDecode")
    root = b"<</Type/Catalog/Pages 2 0 R>>"
    data = assembled([root, pages, page, stream(content("Sari.")), font, letters])
    assert refusals("a.pdf", data) == [("pdf_too_large", 0, 0)]


def test_a_document_without_an_end_is_not_read_into_memory() -> None:
    data = b"%PDF-1.7" + b"x" * LIMITS.layer_line_bytes
    assert refusals("a.pdf", data) == [("file_too_large", 0, 0)]


def test_nothing_is_logged_of_what_is_read(caplog: pytest.LogCaptureFixture) -> None:
    read("a.pdf", document(content("rahasia"))[:-30])
    assert caplog.text == ""


def test_only_who_reads_a_pdf_waits_for_its_reader() -> None:
    asked = "import sys, annotations.corpora.readers.kinds; sys.exit('pypdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_damage_stops_the_reader(data: st.DataObject) -> None:
    whole = bytearray(document(content("Sari hadir.")))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(5, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for found in read("a.pdf", bytes(whole)):
        assert isinstance(found, ArticleDraft | LineRefusal)


@given(st.text(alphabet="aB -.\n\u00ad1", max_size=200))
def test_no_letter_is_lost_when_lines_are_joined(page: str) -> None:
    kept = [letter for letter in page if letter.isalnum()]
    assert [letter for letter in reflowed(page) if letter.isalnum()] == kept
