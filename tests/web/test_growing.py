"""A page that is sent in parts: each can be read when it comes, and all of them are the page."""

import gzip
import zlib
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.cookie import CookieStorage as Kept
from django.test import RequestFactory
from django.utils import translation

from annotations.web.growing import growing, place_for

TEMPLATES = {
    "page.html": "<p>{{ first }}</p>{% load growing %}{% later '_rest.html' %}<p>end</p>",
    "_rest.html": "{% load i18n %}<p>{{ rest }} {% translate 'Saved' %}</p>",
    "nested.html": "1{% load growing %}{% later '_body.html' %}5",
    "_body.html": "2{{ messages|join:', ' }}{% load growing %}{% later '_rest.html' %}4",
    "components/_broken_off.html": "<p>{{ first }} broke off</p>",
}


class Told:
    """Says when the template asks for it."""

    def __init__(self) -> None:
        self.asked = False

    def __str__(self) -> str:
        self.asked = True
        return "Bagian kedua & lanjutannya"


@pytest.fixture(autouse=True)
def templates(settings: Any) -> None:
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    own = {"loaders": loaders, "builtins": []}
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": own}
    ]


class Broken:
    """Cannot be told."""

    def __str__(self) -> str:
        raise OSError("away")


def with_nonce(request: Any) -> Any:
    request.csp_nonce = "einmal"
    return request


def answer(told: object, accepted: str = "", page: str = "page.html") -> Any:
    request = with_nonce(RequestFactory().get("/", headers={"Accept-Encoding": accepted}))
    with translation.override("id"):
        return growing(request, page, {"first": "Bagian pertama", "rest": told})


def test_the_beginning_is_there_before_the_rest_is_made() -> None:
    told = Told()
    parts = iter(answer(told))
    assert next(parts) == b"<p>Bagian pertama</p>"
    assert not told.asked
    assert b"".join(parts) == b"<p>Bagian kedua &amp; lanjutannya Tersimpan</p><p>end</p>"


def test_each_compressed_part_can_be_read_when_it_comes() -> None:
    told = Told()
    response = answer(told, "br, gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    unpacker = zlib.decompressobj(31)
    parts = iter(response)
    begun = next(parts)
    assert unpacker.decompress(begun) == b"<p>Bagian pertama</p>"
    assert not told.asked
    whole = gzip.decompress(begun + b"".join(parts))
    assert whole == answer(Told()).getvalue()


def test_the_length_of_what_is_sent_says_little_of_what_it_holds() -> None:
    assert len({len(answer(Told(), "gzip").getvalue()) for _ in range(30)}) > 5


def test_what_comes_later_has_places_of_its_own() -> None:
    parts = [part.decode() for part in answer("3", page="nested.html")]
    assert parts == ["1", "2", "<p>3 Tersimpan</p>", "4", "5"]


def test_a_part_that_cannot_be_made_is_told_to_the_reader_and_to_the_log() -> None:
    parts = iter(answer(Broken()))
    assert [next(parts), next(parts)] == [
        b"<p>Bagian pertama</p>",
        b"<p>Bagian pertama broke off</p>",
    ]
    with pytest.raises(OSError, match="away"):
        next(parts)


def test_messages_are_taken_before_the_answer_leaves() -> None:
    """Who keeps messages looks when the answer leaves which were read."""
    request = with_nonce(RequestFactory().get("/"))
    kept = Kept(request)
    vars(request)["_messages"] = kept
    kept.add(constants.INFO, "Selesai")
    response = growing(request, "nested.html", {"rest": "3"})
    assert kept.used
    assert "2Selesai<p>3" in response.getvalue().decode()


def test_nobody_but_the_reader_keeps_the_page() -> None:
    assert "private" in answer(Told()).headers["Cache-Control"]


def test_a_place_names_what_will_stand_there() -> None:
    assert place_for("desk/_state.html") == "\0desk/_state.html\0"
