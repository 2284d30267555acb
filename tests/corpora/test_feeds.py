"""Feeds: every entry an article, whatever writes them; nothing is fetched, nothing is opened."""

import codecs
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.reasons import sentence
from annotations.limits import LIMITS
from tests.corpora.reading import articles, read, refusals

MOMENT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
ITEM = """<item>
<title>Warga menolak tanggul</title>
<link>https://kabar.example/?p=7&amp;copy=2</link>
<guid isPermaLink="false">kabar-7</guid>
<dc:creator>Laras P</dc:creator>
<pubDate>Thu, 05 Mar 2026 08:30:00 +0700</pubDate>
<description>Ringkas saja.</description>
<content:encoded><![CDATA[<p>Warga Ampel 🚢 <b>menolak</b>.</p><ul><li>Satu</li><li>Dua</li></ul>]]>
</content:encoded>
</item>"""


def rss(*items: str, channel: str = "<title>Kabar Ampel</title><language>id</language>") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {NAMESPACES}><channel>{channel}\n'
        + "\n".join(items)
        + "</channel></rss>"
    ).encode()


def item(words: str = "Sari hadir.", more: str = "") -> str:
    return f"<item><description>{words}</description>{more}</item>"


def atom(entry: str, feed: str = "<title>Kabar Ampel</title>") -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">{feed}<entry>{entry}</entry></feed>'
    ).encode()


def one(data: bytes, name: str = "a.xml") -> ArticleDraft:
    [found] = articles(name, data)
    return found


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "a.atom", "A.RSS"])
def test_an_entry_of_rss_is_an_article(name: str) -> None:
    found = one(rss(ITEM), name)
    assert found.text == "Warga Ampel 🚢 menolak.\n\nSatu\nDua"
    assert (found.title, found.author, found.source) == (
        *("Warga menolak tanggul", "Laras P", "Kabar Ampel"),
    )
    assert (found.external_id, found.url) == ("kabar-7", "https://kabar.example/?p=7&copy=2")
    assert (found.published, found.language) == (MOMENT, "id")


def test_an_entry_of_atom_is_an_article() -> None:
    found = one(
        atom(
            """<title type="html">Harga &amp;lt; naik</title><id>tag:kabar,7</id>
<author><name>Laras P</name><email>l@kabar.example</email></author><author><name>Budi</name></author>
<link rel="self" href="https://kabar.example/x"/><link href="https://kabar.example/7"/>
<updated>2026-04-01T00:00:00Z</updated><published>2026-03-05T08:30:00+07:00</published>
<summary>Ringkas.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Sari
&lt;hadir&gt;.<br/>Budi tidak.</p></div></content>"""
        )
    )
    assert found.text == "Sari <hadir>.\nBudi tidak."
    assert (found.title, found.author, found.source) == (
        *("Harga < naik", "Laras P, Budi", "Kabar Ampel"),
    )
    assert (found.external_id, found.url) == ("tag:kabar,7", "https://kabar.example/7")
    assert (found.published, found.language) == (MOMENT, "id")


def test_an_entry_of_rss_1_is_an_article() -> None:
    data = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {NAMESPACES}
 xmlns="http://purl.org/rss/1.0/"><channel><title>Kabar Ampel</title><dc:language>id</dc:language>
<items/></channel><item rdf:about="https://kabar.example/7"><title>Judul</title>
<dc:date>2026-03-05T08:30:00+07:00</dc:date><description>Sari hadir.</description></item></rdf:RDF>"""
    found = one(data.encode())
    assert (found.text, found.title, found.source) == ("Sari hadir.", "Judul", "Kabar Ampel")
    assert (found.url, found.published, found.language) == ("https://kabar.example/7", MOMENT, "id")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Thu, 05 Mar 2026 08:30:00 +0700", MOMENT),
        ("Thu, 05 Mar 2026 08:30:00 WIB", MOMENT),
        ("05 Mar 2026 09:30 WITA", MOMENT),
        ("Thu, 5 Mar 26 01:30:00 GMT", MOMENT),
        ("Thu, 05 Mar 2026 01:30:00 -0000", MOMENT),
        ("2026-03-05T01:30:00Z", MOMENT),
        ("2026-03-05", MOMENT.replace(hour=0, minute=0)),
    ],
)
def test_dates_are_read_as_they_are_written(written: str, moment: datetime) -> None:
    assert one(rss(item(more=f"<pubDate>{written}</pubDate>"))).published == moment


@pytest.mark.parametrize(
    "written", ["kemarin", "Thu, 05 Mar 2026 08:30:00 XYZ", "5", "Thu, 99 Mar"]
)
def test_what_is_no_date_costs_no_article(written: str) -> None:
    found = one(rss(item(more=f"<pubDate>{written}</pubDate>")))
    assert (found.published, found.metadata) == (None, {"published": written})


TEXTS = {
    "escaped HTML": (
        "&lt;p&gt;Sari &amp;amp; Budi&lt;/p&gt;&lt;p&gt;x&lt;/p&gt;",
        "Sari & Budi\n\nx",
    ),
    "plain lines": ("\nSari &amp;amp; Budi\n\nhadir &lt; 3.\n", "Sari & Budi\n\nhadir < 3."),
    "markup that is not escaped": ("Sari &lt;3 <b>hadir</b><br/>lagi", "Sari <3 hadir\nlagi"),
    "scripts and pictures": (
        "<![CDATA[<script>x()</script>a<img src='http://x.example/'>b]]>",
        "ab",
    ),
    "a document type within": ("<![CDATA[<!DOCTYPE html><p>Sari</p>]]>", "Sari"),
    "a table": ("<![CDATA[<table><tr><td>a</td><td>b</td></tr></table>]]>", "a\tb"),
    "joiners": ("👩\u200d👧 e\u0301 \u200fשלום", "👩\u200d👧 e\u0301 \u200fשלום"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_the_text_is_what_people_see(case: str) -> None:
    written, text = TEXTS[case]
    assert one(rss(item(written))).text == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<content type="text">a &lt;b&gt; c</content>', "a <b> c"),
        ('<content type="html">&lt;p&gt;a&lt;/p&gt;</content>', "a"),
        ('<content type="image/png">AAAA</content><summary>b</summary>', "b"),
        ('<content src="http://127.0.0.1:9/x"/><summary>b</summary>', "b"),
        ('<summary>b</summary><content type="html">&lt;p&gt; &lt;/p&gt;</content>', "b"),
    ],
)
def test_of_atom_the_content_is_read_before_the_summary(content: str, text: str) -> None:
    assert one(atom(content)).text == text


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("<author>l@kabar.example (Laras P)</author>", "Laras P"),
        ("<author>l@kabar.example</author>", "l@kabar.example"),
        (f"<author>{'a@' * 500_000}</author>", ""),
        ("<dc:creator>A</dc:creator><dc:creator>B</dc:creator><dc:creator>A</dc:creator>", "A, B"),
    ],
)
def test_authors(written: str, author: str) -> None:
    assert one(rss(item(more=written))).author == author


def test_an_entry_from_elsewhere_keeps_its_outlet() -> None:
    found = one(rss(item(more='<source url="https://lain.example">Kabar Lain</source>')))
    assert found.source == "Kabar Lain"


def test_an_id_that_is_an_address_is_the_address() -> None:
    found = one(rss(item(more="<guid>https://kabar.example/7</guid><link>/7</link>")))
    assert found.url == found.external_id == "https://kabar.example/7"


def test_an_entry_without_a_text_is_refused_with_its_line_and_the_others_are_read() -> None:
    data = rss(item("“a”"), "<item>\n<title>b</title></item>", item("c"))
    found = read("a.rss", data)
    assert [getattr(entry, "text", None) for entry in found] == ["“a”", None, "c"]
    assert [entry.place.line for entry in found] == [3, 4, 6]
    assert [data[entry.place.byte :][:6] for entry in found] == [b"<item>"] * 3
    assert refusals("a.rss", data) == [("feed_no_text", 4, data.index(b"<item>\n"))]


@pytest.mark.parametrize("codec", ["windows-1252", "utf-16-le", "iso-8859-15"])
def test_places_and_letters_are_right_in_other_encodings(codec: str) -> None:
    written = rss(item("Naïf é"), item("“dua”" if codec != "iso-8859-15" else "dua")).decode()
    mark = codecs.BOM_UTF16_LE if codec == "utf-16-le" else b""
    data = mark + written.replace("UTF-8", codec).encode(codec)
    first, second = articles("a.rss", data)
    assert first.text == "Naïf é"
    assert data[second.place.byte :].decode(codec).startswith("<item>")
    assert second.encoding.startswith(codec.replace("iso-", "iso"))


def test_a_feed_that_lies_about_its_encoding_is_read() -> None:
    assert one(rss(item("Naïf")).replace(b"UTF-8", b"ISO-8859-1")).text == "Naïf"


def test_what_stands_before_damage_is_read() -> None:
    data = rss(item("a"), item("b"))[:-40]
    found = read("a.rss", data)
    assert [getattr(entry, "text", None) for entry in found] == ["a", None]
    [(code, line, _byte)] = refusals("a.rss", data)
    assert (code, line) == ("xml_broken", 4)


BOMB = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'x' * 10}'>" for n in range(9))
CROWD = " ".join(f"b{n}=''" for n in range(400_000))
HOSTILE = {
    "entities": (
        f"<!DOCTYPE rss [{BOMB}]><rss><channel><item>&a8;</item></channel></rss>",
        "xml_doctype",
    ),
    "a file": (
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><rss>&b;</rss>",
        "xml_doctype",
    ),
    "a page": ("<!DOCTYPE html><html><p>Sari</p></html>", "xml_doctype"),
    "another XML": ("<html><p>Sari</p></html>", "feed_other"),
    "a drawing": ('<svg xmlns="http://www.w3.org/2000/svg"/>', "feed_other"),
    "an entity without a type": ("<rss><channel><title>&b;</title></channel></rss>", "xml_broken"),
    "nothing": ("", "xml_broken"),
    "a text": ("Sari menolak.", "xml_broken"),
    "no entry": ("<rss><channel><title>Kabar</title></channel></rss>", "feed_empty"),
    "deep": ("<rss>" + "<a>" * 100_000, "xml_broken"),
    "a crowd": (f"<rss><a {CROWD}/></rss>", "xml_tag"),
    "tags in a text": (
        f"<rss><item><description>{'&lt;b&gt;x&lt;/b&gt;' * 60_000}</description></item></rss>",
        "html_too_large",
    ),
    "many": (f"<rss>{'<a/>' * 1_000_001}</rss>", "xml_too_large"),
    "deep HTML": (
        f"<rss><item><title>{'<b>' * 999}{'</b>' * 999}</title></item></rss>",
        "feed_no_text",
    ),
    "deep HTML in a text": (
        f"<rss><item><description>{'&lt;b&gt;' * 9_999}x</description></item></rss>",
        "html_too_deep",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_feed_is_refused_in_a_sentence(case: str) -> None:
    data, code = HOSTILE[case]
    found = read("a.xml", data.encode())
    assert [refused.reason.code for refused in found if isinstance(refused, LineRefusal)] == [code]
    assert all(sentence(bad.reason).endswith(".") for bad in found if isinstance(bad, LineRefusal))


def test_a_feed_without_an_end_is_not_read_into_memory() -> None:
    assert refusals("a.rss", b"x" * (2 * LIMITS.line_bytes + 1)) == [("file_too_large", 0, 0)]


def test_nothing_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_where: pytest.fail("it is fetched"))
    outside = "<link>http://127.0.0.1:9/x</link><enclosure url='http://127.0.0.1:9/y'/>"
    assert one(rss(item("<![CDATA[a<img src='http://127.0.0.1:9/z'>]]>", outside))).text == "a"


MARKUP = st.sampled_from(
    [
        *(
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<description>",
            "</description>",
            "a",
            "&lt;",
        ),
        *(
            "<channel>",
            "</channel>",
            "<b>",
            "</b>",
            "<link/>",
            "<guid>",
            "</guid>",
            "<![CDATA[<p>]]>",
        ),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(MARKUP, max_size=14).map("".join) | st.text(max_size=60))
def test_no_markup_stops_the_reader(inside: str) -> None:
    data = f"<rss><channel>{inside}</channel></rss>".encode("utf-8", "replace")
    for found in read("a.rss", data):
        assert isinstance(found, ArticleDraft | LineRefusal)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    for found in (*read("a.xml", data), *read("a.xml", rss(ITEM)[:400] + data)):
        assert isinstance(found, ArticleDraft | LineRefusal)
