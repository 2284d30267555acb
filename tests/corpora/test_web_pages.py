"""Saved web pages: their main text and what they say of themselves, whatever they are made of."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.limits import LIMITS
from tests.corpora.reading import articles, read, refusals

ONE = (
    "Warga Desa Ampel 🚢 menolak rencana tanggul laut yang diumumkan pemerintah kota pekan lalu,"
    " karena takut kehilangan tempat melaut."
)
TWO = (
    "“Kami siap bicara,” kata ketua serikat nelayan, “tetapi bukan di bawah ancaman.” Pernyataan"
    " itu disampaikan di balai desa pada sore hari."
)
HEAD = """<meta property="og:site_name" content="Kabar Ampel"><meta name="author" content="Laras P">
<meta property="article:published_time" content="2026-03-05T08:30:00+07:00">
<link rel="canonical" href="https://kabar.example/tanggul">"""


def saved(*paragraphs: str, head: str = HEAD, charset: str = "utf-8", lang: str = "id") -> str:
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="{charset}">
<title>Warga menolak tanggul</title>{head}</head><body><nav><a href="/">Beranda</a></nav>
<article><h1>Warga menolak tanggul</h1>{body}</article>
<footer>Hak cipta</footer></body></html>"""


def test_the_main_text_and_what_the_page_says_of_itself() -> None:
    [one] = articles("halaman.html", saved(ONE, TWO).encode())
    assert one.text == f"{ONE}\n\n{TWO}\n"
    assert (one.title, one.author, one.source) == (
        "Warga menolak tanggul",
        "Laras P",
        "Kabar Ampel",
    )
    assert one.published == datetime(2026, 3, 5, tzinfo=UTC)
    assert (one.url, one.language) == ("https://kabar.example/tanggul", "id")


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml", "A.HTML"])
def test_every_ending_of_a_page(name: str) -> None:
    assert len(articles(name, saved(ONE, TWO).encode())) == 1


@pytest.mark.parametrize("charset", ["windows-1252", "ISO-8859-1", "utf-8"])
def test_the_page_says_its_encoding(charset: str) -> None:
    words = f"{ONE.replace('🚢 ', '')} Naïf sekali, “katanya”."
    codec = "windows-1252" if charset != "utf-8" else charset
    [one] = articles("a.html", saved(words, TWO, charset=charset).encode(codec))
    assert words in one.text
    assert one.encoding == codec


def test_what_cannot_be_a_field_is_left_out() -> None:
    head = f'<meta name="author" content="{"x" * 3_000}"><link rel="canonical" href="a&#10;b">'
    [one] = articles("a.html", saved(ONE, TWO, head=head, lang="bukan bahasa").encode())
    assert (one.author, one.language) == ("", "")
    assert one.text.startswith(ONE)


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body></body></html>",
        b"<html><body><nav><a href='/'>Beranda</a></nav></body></html>",
        b"<",
        b"<div>" * 100_000,
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><html><p>&a;</p></html>",
    ],
)
def test_a_page_without_a_text_is_refused_in_a_sentence(page: bytes) -> None:
    assert refusals("a.html", page) == [("page_no_text", 0, 0)]


def test_entities_of_a_page_are_never_opened() -> None:
    bomb = "<!DOCTYPE html [" + "".join(
        f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 10}'>" for n in range(9)
    )
    found = read("a.html", (f"{bomb}]>" + saved(f"{ONE} &a8;", TWO)).encode())
    assert all(len(one.text) < 2_000 for one in found if isinstance(one, ArticleDraft))


def test_a_page_without_an_end_is_not_read_into_memory() -> None:
    assert refusals("a.html", b"x" * (LIMITS.line_bytes + 1)) == [("page_too_long", 0, 0)]


def test_a_picture_called_a_page_is_not_read() -> None:
    assert refusals("a.html", b"\x89PNG\r\n") == [("other_kind", 0, 0)]


@given(st.binary(max_size=200) | st.text("<>/pdiv &;!-\"'=a\x00\n", max_size=200).map(str.encode))
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    for found in read("a.html", data):
        assert isinstance(found, ArticleDraft | LineRefusal)
