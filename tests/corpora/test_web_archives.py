"""Web pages saved whole: the page among its parts, in whatever it is wrapped."""

import quopri
from base64 import encodebytes
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal
from annotations.corpora.reasons import sentence
from annotations.limits import LIMITS
from tests.corpora.reading import articles, read, refusals, zipped
from tests.corpora.test_web_pages import ONE, TWO, saved

PAGE = saved(ONE, TWO).encode()


def archive(page: bytes, how: str = "quoted-printable", kind: str = "text/html") -> bytes:
    pack = {"quoted-printable": quopri.encodestring, "base64": encodebytes}.get(how, bytes)
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://arsip.example/1\r\n"
        b"Subject: =?utf-8?Q?Warga=20menolak?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n'
        b"------x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
        b"------x\r\nContent-Type: "
        + kind.encode()
        + b"\r\nContent-Transfer-Encoding: "
        + how.encode()
        + b"\r\nContent-Location: https://bagian.example/1\r\n\r\n"
        + pack(page)
        + b"\r\n------x--\r\n"
    )


@pytest.mark.parametrize("how", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("name", ["a.mhtml", "a.mht"])
def test_the_page_is_found_among_its_parts(name: str, how: str) -> None:
    (draft,) = articles(name, archive(PAGE, how))
    assert (draft.text, draft.title) == (f"{ONE}\n\n{TWO}", "Warga menolak tanggul")
    assert (draft.url, draft.source) == ("https://kabar.example/tanggul", "Kabar Ampel")
    assert draft.published == datetime(2026, 3, 5, 1, 30, tzinfo=UTC)


def test_a_page_that_says_no_address_has_that_of_its_archive() -> None:
    bare = saved(ONE, TWO, head="").encode()
    assert articles("a.mht", archive(bare))[0].url == "https://arsip.example/1"


def test_the_encoding_of_the_part_is_that_of_a_page_that_says_none() -> None:
    page = saved(ONE.replace("🚢 ", ""), TWO).replace('<meta charset="utf-8">', "")
    (draft,) = articles("a.mht", archive(page.encode("cp1250"), kind="text/html; charset=cp1250"))
    assert (draft.encoding, TWO in draft.text) == ("windows-1250", True)


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number)
    for number in range(5_000)
)
BAD = {
    "nothing": (b"", "page_none"),
    "text": (b"Sari menolak.", "page_none"),
    "no page": (archive(PAGE, kind="text/plain"), "page_none"),
    "an empty page": (archive(b""), "page_no_text"),
    "bottomless": (NESTED, "page_none"),
    "an encoding nobody knows": (
        archive(b"<p>", "x-unknown", "text/html; charset=nonsense"),
        "page_no_text",
    ),
    "HTML": (PAGE, "other_kind"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_archive_is_refused_in_a_sentence(case: str) -> None:
    data, code = BAD[case]
    assert refusals("a.mht", data) == [(code, 0, 0)]
    assert all(sentence(one.reason) for one in read("a.mht", data) if isinstance(one, LineRefusal))


def test_an_archive_without_an_end_is_not_read_into_memory() -> None:
    data = b" " * (LIMITS.layer_line_bytes + 1)
    assert refusals("a.mht", data) == [("file_too_large", 0, 0)]


def test_archives_may_come_in_a_zip() -> None:
    assert len(articles("a.zip", zipped({"b/a.mhtml": archive(PAGE)}))) == 1


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 900))
def test_no_bytes_stop_the_reader(noise: bytes, at: int) -> None:
    whole = archive(PAGE)
    for data in (noise, whole[:at] + noise + whole[at:], whole[: at + 200] + noise):
        assert all(isinstance(one, ArticleDraft | LineRefusal) for one in read("a.mht", data))
