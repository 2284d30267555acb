"""Word documents: the text people see in them, and every lie of an archive refused."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers import archive
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.reasons import sentence
from annotations.limits import LIMITS
from tests.corpora.reading import articles, read, refusals, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/'
    'dc/terms/"><dc:title>Nelayan menolak</dc:title><dc:creator>Laras P</dc:creator>'
    "<dcterms:created>2026-03-05T01:30:00Z</dcterms:created></cp:coreProperties>"
)


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def document(*body: str, **parts: str) -> bytes:
    """A document of this body; `parts` are named by their path, `__` for a slash."""
    words = (
        f'<?xml version="1.0"?><w:document {W} {MC}><w:body>{"".join(body)}</w:body></w:document>'
    )
    named = {f"{path.replace('__', '/')}.xml": xml.encode() for path, xml in parts.items()}
    main = {"[Content_Types].xml": TYPES.encode(), "word/document.xml": words.encode()}
    return zipped({**main, "_rels/.rels": b"<x/>", **named})


def text_of(*body: str) -> str:
    [one] = articles("a.docx", document(*body))
    return one.text


def test_paragraphs_are_lines_and_the_document_says_what_it_is() -> None:
    data = document(
        "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Latar</w:t></w:r></w:p>",
        paragraph(run("Nelayan 🚢 menolak "), run("tanggul.")),
        docProps__core=CORE,
    )
    [one] = articles("Berita.docx", data)
    assert one.text == "Latar\nNelayan 🚢 menolak tanggul."
    assert (one.title, one.author, one.encoding) == ("Nelayan menolak", "Laras P", "utf-8")
    assert (one.published, one.metadata) == (None, {"created": "2026-03-05T01:30:00Z"})


def test_without_properties_the_title_is_the_name_of_the_file() -> None:
    [one] = articles("Sidang ke-2.docx", document(paragraph(run("Sari hadir."))))
    assert (one.title, one.author, one.published) == ("Sidang ke-2", "", None)


@pytest.mark.parametrize("core", ["<a", "<!DOCTYPE a><a/>", "<a>" * 9, "x"])
def test_properties_that_cannot_be_read_cost_no_article(core: str) -> None:
    [one] = articles("a.docx", document(paragraph(run("Sari.")), docProps__core=core))
    assert (one.text, one.title) == ("Sari.", "a")


TEXTS = {
    "tabs and breaks": (
        paragraph("<w:pPr><w:tabs><w:tab w:pos='9'/></w:tabs></w:pPr>")
        + paragraph(run("a"), "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"),
        "a\tb\nc",
    ),
    "an empty paragraph": (paragraph(run("a")) + paragraph() + paragraph(run("b")), "a\n\nb"),
    "spaces that are not to be kept": (
        paragraph("<w:r><w:t> a\n b </w:t></w:r>", run(" c ")) + paragraph(run("d")),
        "a  b c \nd",
    ),
    "hyphens": (paragraph("<w:r><w:t>ke</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>"), "ke\u20112"),
    "deleted words": (
        paragraph(run("Ia "), "<w:del><w:r><w:delText>tidak </w:delText></w:r></w:del>", run("ya")),
        "Ia ya",
    ),
    "words that were moved away": (
        paragraph(f"<w:moveFrom>{run('x')}</w:moveFrom>", f"<w:moveTo>{run('y')}</w:moveTo>"),
        "y",
    ),
    "inserted words": (paragraph(run("a"), f"<w:ins>{run('b')}</w:ins>"), "ab"),
    "a deleted end of a paragraph": (
        paragraph("<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>", run("Ia "))
        + paragraph(run("b")),
        "Ia b",
    ),
    "a field": (
        paragraph(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r>",
            "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>",
            run("kode"),
            "<w:r><w:fldChar w:fldCharType='separate'/></w:r>",
            run("hasil"),
            "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
            f"<w:fldSimple w:instr='PAGE'>{run(' 7')}</w:fldSimple>",
        ),
        "hasil 7",
    ),
    "a link and a control": (
        paragraph(f"<w:hyperlink>{run('a')}</w:hyperlink>")
        + f"<w:sdt><w:sdtContent>{paragraph(run('b'))}</w:sdtContent></w:sdt>",
        "a\nb",
    ),
    "a table": (
        paragraph(run("Hasil"))
        + "<w:tbl>"
        + "".join(
            f"<w:tr><w:tc>{paragraph(run(left))}</w:tc><w:tc>{paragraph(run(right))}</w:tc></w:tr>"
            for left, right in (("Sari", "12"), ("", "7"))
        )
        + "</w:tbl>"
        + paragraph(run("Akhir")),
        "Hasil\nSari\t12\n\t7\nAkhir",
    ),
    "a table in a table": (
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
        + paragraph(run("a"))
        + f"</w:tc><w:tc>{paragraph(run('b'))}{paragraph(run('c'))}</w:tc></w:tr></w:tbl>",
        "a\tb\nc",
    ),
    "a text box, once": (
        paragraph(
            run("Sebe"),
            "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>",
            paragraph(run("Kotak")),
            "</w:txbxContent></mc:Choice><mc:Fallback><w:pict><w:txbxContent>",
            paragraph(run("Kotak")),
            "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            run("lum"),
        )
        + paragraph(run("Sesudah")),
        "Sebelum\nKotak\nSesudah",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_the_text_is_what_people_see(case: str) -> None:
    body, text = TEXTS[case]
    assert text_of(body) == text


def test_notes_follow_at_the_end_in_the_order_they_are_referred_to() -> None:
    def part(kind: str, *texts: str) -> str:
        notes = "".join(
            f"<w:{kind} w:id='{number}'>{paragraph(run(words))}</w:{kind}>"
            for number, words in enumerate(texts)
        )
        return f"<w:{kind}s {W}>{notes}</w:{kind}s>"

    def at(kind: str, number: int) -> str:
        return f"<w:r><w:{kind}Reference w:id='{number}'/></w:r>"

    body = paragraph(run("a"), at("footnote", 2), at("endnote", 0), at("footnote", 1))
    data = document(
        body + paragraph(f"<w:del>{at('footnote', 0)}</w:del>", run("b"), at("footnote", 9)),
        word__footnotes=part("footnote", "hapus", "dua", " satu"),
        word__endnotes=part("endnote", "akhir"),
    )
    [one] = articles("a.docx", data)
    assert one.text == "a\nb\nsatu\nakhir\ndua"


def test_a_note_whose_part_is_missing_is_left_out() -> None:
    assert text_of(paragraph(run("a"), "<w:footnoteReference w:id='1'/>")) == "a"


def test_a_document_is_no_archive_of_articles() -> None:
    data = document(paragraph(run("Sari.")), word__a="<x/>")
    assert len(articles("a.docx", data)) == 1
    assert [one.place.file for one in articles("b.zip", zipped({"c/a.docx": data}))] == [
        "b.zip/c/a.docx"
    ]


def test_the_part_may_have_another_name() -> None:
    types = TYPES.replace("document.xml", "document2.xml")
    main = f"<w:document {W}>{paragraph(run('Sari.'))}</w:document>"
    parts = {"[Content_Types].xml": types.encode(), "word/document2.xml": main.encode()}
    assert articles("a.docx", zipped(parts))[0].text == "Sari."


def told(name: str, data: bytes, **fields: int) -> bytes:
    """A document whose directory says of one part what it is told to say."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", TYPES)
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED
        made.writestr(info, data)
        for field, value in fields.items():
            setattr(info, field, value)
    return held.getvalue()


MAIN = "word/document.xml"
GOOD = f"<w:document {W}>{paragraph(run('Sari menolak.'))}</w:document>".encode()
BOMB = "<!DOCTYPE a [" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 10}'>" for n in range(9)
)
HOSTILE = {
    "empty": (b"", "word_broken"),
    "a text": (b"Sari menolak.", "word_broken"),
    "an old document, or one with a password": (b"\xd0\xcf\x11\xe0" + bytes(600), "word_protected"),
    "a picture": (b"\x89PNG\r\n", "other_kind"),
    "a PDF": (b"%PDF-1.7", "other_kind"),
    "cut": (document(paragraph(run("Sari." * 99)))[:300], "word_broken"),
    "an archive of articles": (zipped({"a.txt": b"Sari."}), "word_none"),
    "no body": (zipped({"[Content_Types].xml": TYPES.encode()}), "word_none"),
    "a sheet": (
        zipped({"[Content_Types].xml": TYPES.replace("wordprocessing", "spreadsheet").encode()}),
        "word_none",
    ),
    "a bomb": (told(MAIN, bytes(10_000_000)), "zip_ratio"),
    "a part that is longer than it says": (told(MAIN, GOOD, file_size=30), "word_broken"),
    "a part with a wrong sum": (told(MAIN, GOOD, CRC=7), "word_broken"),
    "an encrypted part": (told(MAIN, GOOD, flag_bits=0x1), "zip_encrypted"),
    "more room than there is": (told(MAIN, GOOD, compress_size=10_000), "zip_overlap"),
    "an enormous part": (told(MAIN, GOOD, file_size=2**32 + 1), "zip_too_long"),
    "entities": (told(MAIN, f"{BOMB}]><a>&a8;</a>".encode()), "xml_doctype"),
    "a file from outside": (
        told(MAIN, b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
        "xml_doctype",
    ),
    "no XML": (told(MAIN, b"Sari menolak."), "xml_broken"),
    "an encoding there is not": (
        told(MAIN, b"<?xml version='1.0' encoding='x-y'?><a/>"),
        "xml_broken",
    ),
    "cut XML": (told(MAIN, GOOD[:-4]), "xml_broken"),
    "no words": (document(paragraph()), "text_empty"),
    "another kind of XML": (told(MAIN, b"<html><p>Sari</p></html>"), "text_empty"),
    "deep": (told(MAIN, b"<a>" * 300_000), "xml_broken"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_document_is_refused_in_a_sentence(case: str) -> None:
    data, code = HOSTILE[case]
    found = read("a.docx", data)
    assert [one.reason.code for one in found if isinstance(one, LineRefusal)] == [code]
    assert all(sentence(one.reason).endswith(".") for one in found if isinstance(one, LineRefusal))


def test_more_elements_than_people_write_are_refused() -> None:
    data = told(MAIN, f"<w:document {W}>{'<w:p/>' * 1_000_000}</w:document>".encode())
    assert refusals("a.docx", data) in ([("xml_too_large", 0, 0)], [("zip_ratio", 0, 0)])


def test_a_tag_that_is_longer_than_anybody_writes_is_refused() -> None:
    crowd = " ".join(f"a{number}=''" for number in range(400_000))
    data = told(MAIN, f"<w:document {W}><w:p {crowd}/></w:document>".encode())
    assert refusals("a.docx", data) == [("xml_tag", 0, 0)]


def test_a_long_document_is_read_whole() -> None:
    lines = [f"Kalimat {number:x} dari sidang." for number in range(30_000)]
    assert text_of(*(paragraph(run(line)) for line in lines)) == "\n".join(lines)


def test_a_text_that_is_too_long_is_not_gathered() -> None:
    words = "".join(f"{number:x} " for number in range(200_000))
    data = document(paragraph(run(words)))
    assert refusals("a.docx", data) == [("text_too_long", 0, 0)]


def test_a_document_without_an_end_is_not_read_into_memory() -> None:
    data = b"PK\x03\x04" + b"x" * LIMITS.layer_line_bytes
    assert refusals("a.docx", data) == [("file_too_large", 0, 0)]


def test_an_archive_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Few:
        zip_members = 2
        zip_directory_bytes = LIMITS.zip_directory_bytes

    monkeypatch.setattr(archive, "LIMITS", Few)
    assert refusals("a.docx", document(paragraph(run("a")))) == [("zip_members", 0, 0)]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_no_damage_stops_the_reader(data: st.DataObject) -> None:
    whole = bytearray(document(paragraph(run("Sari menolak.")), docProps__core=CORE))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for found in read("a.docx", bytes(whole)):
        assert isinstance(found, ArticleDraft | LineRefusal)


MARKUP = st.lists(
    st.sampled_from(
        [
            *("<w:p>", "</w:p>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:t>a", "</w:t>"),
            *("<w:txbxContent>", "</w:txbxContent>", "<w:del>", "</w:del>", "<w:r>", "</w:r>"),
            *("<w:fldChar w:fldCharType='end'/>", "<w:fldChar w:fldCharType='begin'/>", "<w:tab/>"),
            *("<w:footnote>", "</w:footnote>", "<w:footnoteReference/>", "b"),
        ]
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=300)
@given(MARKUP, MARKUP)
def test_no_markup_stops_the_reader(body: list[str], notes: list[str]) -> None:
    data = document("".join(body), word__footnotes=f"<w:x {W}>{''.join(notes)}</w:x>")
    for found in read("a.docx", data):
        assert isinstance(found, ArticleDraft | LineRefusal)
