"""What is true of every door at once: it is guarded, and its answer carries a strict policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import SimpleLazyObject

from annotations.accounts.models import User
from annotations.web.outages import unavailable

pytestmark = pytest.mark.django_db

# open to everyone: signing in and out, the words of scripts, the language, the health of the server
OPEN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "sign_in_link",
    "set_language",
    "catalog",
    "healthz",
}
STRICT = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")


def doors(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from doors(entry, path)
        else:
            yield path, entry


def test_every_door_has_a_guard_or_is_known_to_be_open() -> None:
    unguarded = {
        path
        for path, door in doors()
        if door.name not in OPEN
        and not path.startswith("api/")
        and not hasattr(door.callback, "action")
    }
    assert unguarded == set()


def test_the_open_doors_lead_nowhere_without_signing_in(client: Client) -> None:
    for path in ("/account/password/", "/account/password/set/", "/account/password/new/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in/", 200),
        ("/sign-up/", 200),
        ("/", 302),
        ("/nothing/here/", 404),
        ("/people/1/role/", 405),
        ("/sign-in/link/unknown/", 410),
        ("/?q=%00", 400),
        ("/i18n/en/0000.js", 200),
    ],
)
def test_the_policy_stands_on_every_answer(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == status
    assert all(rule in policy for rule in STRICT)
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("opened", "severed"),
    [
        ("none", False),
        ("same-origin", False),
        ("cross-site", True),
        ("same-site", True),
        ("anything", True),
        (None, True),
    ],
)
def test_a_site_that_opened_a_page_of_ours_keeps_no_hold_on_it(
    client: Client, opened: str | None, severed: bool
) -> None:
    """Where none did, a browser need not begin again in a new process."""
    said = {"Sec-Fetch-Site": opened} if opened else {}
    answer = client.get("/sign-in/", headers=said)
    assert (answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin") is severed


def test_the_policy_stands_on_a_broken_answer_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("annotations.web.words._digest", broken)
    client.raise_request_exception = False
    answer = client.get("/i18n/en/0000.js")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "broken on purpose" not in answer.content.decode()


def test_pages_are_not_kept_by_anyone(signed_in: Any, manager: User) -> None:
    for path in ("/", "/people/"):
        control = signed_in(manager).get(path).headers["Cache-Control"]
        assert "private" in control
        assert "no-cache" in control


@pytest.mark.parametrize("path", ["/language/", "/people/invite/", "/sign-in/", "/sign-out/"])
def test_a_form_without_its_token_is_refused(signed_in: Any, manager: User, path: str) -> None:
    browser = signed_in(manager, enforce_csrf_checks=True)
    answer = browser.post(path, {"language": "id", "username": "x", "role": "annotator"})
    assert answer.status_code == 403
    assert User.objects.count() == 1
    assert "too old" in answer.content.decode()


def test_the_page_of_an_outage_asks_no_database(
    rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    request = rf.get("/corpora/?page=2")
    request.user = SimpleLazyObject(lambda: pytest.fail("the page asked who is signed in"))
    with django_assert_num_queries(0):
        answer = unavailable(request)
    assert answer.status_code == 503
    assert 'href="/corpora/?page=2"' in answer.content.decode()
