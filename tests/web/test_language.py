import json
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from annotations.accounts.models import User
from annotations.web import words

pytestmark = pytest.mark.django_db


def test_the_language_chosen_is_kept_with_the_account(signed_in: Any, manager: User) -> None:
    client = signed_in(manager)
    answer = client.post("/language/", {"language": "id", "next": "/people/?q=a"})
    manager.refresh_from_db()
    assert answer.headers["Location"] == "/people/?q=a"
    assert manager.language == "id"
    assert '<html lang="id"' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "../../etc", "en\n"])
def test_a_language_we_do_not_speak_is_refused(client: Client, language: str) -> None:
    assert client.post("/language/", {"language": language}).status_code == 400


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_choosing_a_language_leads_nobody_off_the_site(client: Client, target: str) -> None:
    answer = client.post("/language/", {"language": "id", "next": target})
    assert answer.headers["Location"] == "/"


def test_the_words_of_scripts_are_kept_for_ever_under_their_digest(client: Client) -> None:
    answer = client.get(words.catalog_url())
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Undo", "none", "1 case to settle", "2 cases to settle", "one", "many"]),
        (
            "id",
            [
                "Urungkan",
                "none",
                "1 kasus perlu diputuskan",
                "2 kasus perlu diputuskan",
                "one",
                "many",
            ],
        ),
    ],
)
def test_scripts_find_their_words(client: Client, language: str, said: list[str]) -> None:
    with translation.override(language):
        script = client.get(words.catalog_url()).content.decode()
    script += """
    const cases = ["%(count)s case to settle", "%(count)s cases to settle"]
    const told = [1, 2].map((count) => ngettext(...cases, count).replace("%(count)s", count))
    const unknown = [1, 2].map((count) => ngettext("one", "many", count))
    console.log(JSON.stringify([gettext("Undo"), gettext("none"), ...told, ...unknown]))
    """
    node = [sys.executable, "-m", "workbench.node", "-e", script]
    done = subprocess.run(node, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == said


def test_words_under_another_digest_are_not_kept(client: Client) -> None:
    assert "no-cache" in client.get("/i18n/id/0000.js").headers["Cache-Control"]


@pytest.mark.parametrize("language", ["xx", "de", "..%2f"])
def test_there_are_no_words_in_a_language_we_do_not_speak(client: Client, language: str) -> None:
    assert client.get(f"/i18n/{language}/0000.js").status_code == 404


def test_the_first_page_of_a_server_keeps_its_connection(client: Client) -> None:
    words._digest.cache_clear()
    assert client.get("/sign-in/").status_code == 200
    assert connection.connection is not None
    assert not connection.connection.closed
