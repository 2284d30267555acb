"""Saved web pages: their main text and what they say of themselves, whatever they are made of."""

import codecs
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.reasons import sentence
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
    assert one.text == f"{ONE}\n\n{TWO}"
    assert (one.title, one.author, one.source) == (
        "Warga menolak tanggul",
        "Laras P",
        "Kabar Ampel",
    )
    assert one.published == datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
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
    assert one.metadata == {"language": "bukan bahasa"}
    assert one.text.startswith(ONE)


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body></body></html>",
        b"<html><body><nav><a href='/'>Beranda</a></nav></body></html>",
        b"<",
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
    assert refusals("a.html", b"x" * (2 * LIMITS.line_bytes + 1)) == [("file_too_large", 0, 0)]


def test_a_picture_called_a_page_is_not_read() -> None:
    assert refusals("a.html", b"\x89PNG\r\n") == [("other_kind", 0, 0)]


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text("<>/pdiv &;!-\"'=a\x00\n", max_size=200).map(str.encode))
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    for found in read("a.html", data):
        assert isinstance(found, ArticleDraft | LineRefusal)


def test_every_joiner_direction_mark_and_script_is_kept() -> None:
    words = (
        "Menteri 👩\u200d👩\u200d👧 🇮🇩 e\u0301 \u200fשלום سلام می\u200cخواهم menolak"
        " &amp;lt;usul&amp;gt; itu."
    )
    [one] = articles("a.html", saved(words, TWO).replace("\n", "\r\n").encode())
    assert one.text == f"{words.replace('&amp;', '&')}\n\n{TWO}"


def test_headings_lists_breaks_and_tables_keep_their_lines() -> None:
    inner = (
        "<h2>Latar</h2><ul><li>Satu hal yang penting</li><li>Dua hal yang lain</li></ul>"
        "<table><tr><td>Sari</td><td>12</td></tr><tr><td>Budi</td><td>7</td></tr></table>"
    )
    page = saved(ONE, f"{TWO}<br>Baris dua.").replace("</article>", f"{inner}</article>")
    [one] = articles("a.html", page.encode())
    assert one.text == (
        f"{ONE}\n\n{TWO}\nBaris dua.\n\nLatar\n\nSatu hal yang penting\nDua hal yang lain\n\n"
        "Sari\t12\nBudi\t7"
    )


def test_comments_of_readers_are_not_the_article() -> None:
    remarks = '<div id="comments"><p>Setuju sekali dengan penulis artikel yang bagus ini.</p></div>'
    [one] = articles("a.html", saved(ONE, TWO).replace("<footer>", f"{remarks}<footer>").encode())
    assert one.text == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    ("said", "written", "recorded"),
    [
        ("iso-8859-1", "utf-8", "utf-8"),
        ("utf-8", "windows-1252", "windows-1252 guessed"),
        ("rot13", "utf-8", "utf-8"),
        ("koi8-r", "utf-8", "utf-8"),
        ("nonsense", "utf-8", "utf-8"),
        ("utf-16", "utf-8", "utf-8"),
        ("windows-1250", "windows-1250", "windows-1250"),
        ("utf-7", "utf-8", "utf-8"),
    ],
)
def test_a_page_that_lies_about_its_encoding_is_read(
    said: str, written: str, recorded: str
) -> None:
    [one] = articles("a.html", saved(ONE.replace("🚢 ", ""), TWO, charset=said).encode(written))
    assert (one.text.endswith(TWO), one.encoding) == (True, recorded)


def test_a_byte_order_mark_wins_over_what_the_page_says() -> None:
    page = saved(ONE, TWO, charset="windows-1252")
    [one] = articles("a.html", codecs.BOM_UTF16_LE + page.encode("utf-16-le"))
    assert (one.text, one.encoding) == (f"{ONE}\n\n{TWO}", "utf-16-le bom")


def test_an_encoding_that_is_named_is_taken() -> None:
    page = saved(ONE.replace("🚢 ", ""), TWO, charset="utf-8").encode("windows-1252")
    [one] = articles("a.html", page, "windows-1252")
    assert one.encoding == "windows-1252"


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        ('<meta itemprop="datePublished" content="2026-03-05T08:30:00+07:00">', 30),
        ('<meta name="publishdate" content="2026-03-05 01:30:00">', 30),
        (
            '<script type="application/ld+json">{"datePublished": "2026-03-05T01:30:00Z"}</script>',
            30,
        ),
        ('<meta property="article:published_time" content="2026-03-05">', 0),
    ],
)
def test_the_moment_is_taken_where_the_page_says_it(head: str, moment: int) -> None:
    [one] = articles("a.html", saved(ONE, TWO, head=head).encode())
    assert one.published == datetime(2026, 3, 5, 1 if moment else 0, moment, tzinfo=UTC)


def test_what_is_no_field_is_kept_when_it_is_short() -> None:
    [one] = articles("a.html", saved(ONE, TWO, lang="bukan bahasa").encode())
    assert (one.language, one.metadata) == ("", {"language": "bukan bahasa"})


def test_a_page_without_a_title_is_called_as_its_file() -> None:
    page = f"<html><body><article><p>{ONE}</p><p>{TWO}</p></article></body></html>"
    [one] = articles("Sidang ke-2.html", page.encode())
    assert one.title == "Sidang ke-2"


def test_a_canonical_link_is_taken_as_it_is() -> None:
    head = '<link rel="canonical" href="https://kabar.example/?b=2&amp;a=1#x">'
    [one] = articles("a.html", saved(ONE, TWO, head=head).encode())
    assert one.url == "https://kabar.example/?b=2&a=1#x"


def test_nul_and_controls_are_passed_over_as_browsers_do() -> None:
    [one] = articles("a.html", saved(ONE, f"{TWO} a\0b&#1;c").encode())
    assert one.text.endswith(" abc")


def test_pictures_in_the_page_count_for_nothing() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 9_000_000}">'
    [one] = articles("a.html", saved(ONE, TWO + picture).encode())
    assert one.text == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<div>" * 10_000 + f"<p>{ONE}</p>", "html_too_deep"),
        (saved(ONE, "<b>" * 10_000 + TWO), "html_too_deep"),
        (saved(ONE, f"<p {'a=1 ' * 100_000}>{TWO}"), "html_crowded"),
        (saved(ONE, "<span>x</span>" * 5_001), "html_crowded"),
        (saved(ONE, *["<p>" + "<b>x</b>" * 4_999] * 11), "html_too_large"),
        (saved(ONE, "<p>x</p>" * 1_100_000), "page_too_long"),
        (saved(ONE, f"<p>{TWO}\ud800"), None),
    ],
    ids=["deep", "deep inline", "attributes", "children", "elements", "long", "half a pair"],
)
def test_what_would_take_too_long_is_refused(page: str, code: str | None) -> None:
    data = page.encode("utf-8", "surrogatepass")
    found = [one for one in read("a.html", data) if isinstance(one, LineRefusal)]
    assert [one.reason.code for one in found] == ([code] if code else ["undecodable"])
    assert all(sentence(one.reason) for one in found)


def test_nothing_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "socket.socket.connect", lambda *_where: pytest.fail("something is fetched")
    )
    outside = "".join(
        f'<{tag} src="http://127.0.0.1:9/x" href="http://127.0.0.1:9/y">'
        for tag in ("img", "link", "iframe", "script", "base", "embed")
    )
    articles("a.html", saved(ONE, TWO + outside.replace("<script", "</p><script")).encode())


def test_the_same_page_is_read_the_same_every_time() -> None:
    page = saved(ONE, TWO, head="<p>Diterbitkan 5 Maret 2026</p>").encode()
    assert articles("a.html", page) == articles("a.html", page)


def test_nothing_is_logged_of_what_is_read(caplog: pytest.LogCaptureFixture) -> None:
    read("a.html", b"<html><body><p>rahasia</p></body></html>")
    assert caplog.text == ""
