import io
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotations.accounts import services as accounts
from annotations.accounts.models import User
from annotations.history.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words: str, stdin: str = "", monkeypatch: Any = None) -> str:
    if monkeypatch:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


def secret_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_create_user_prints_a_link_that_works() -> None:
    url = run("create_user", "laras", "--role", "manager")
    link = accounts.use_link(secret_of(url))
    assert link
    assert (link.user.username, link.user.role) == ("laras", "manager")
    assert url.startswith(settings.PUBLIC_URL)


def test_create_user_makes_an_analyst_unless_told_otherwise() -> None:
    run("create_user", "laras")
    assert User.objects.get().role == "analyst"


def test_create_user_takes_a_password_from_stdin(monkeypatch: Any) -> None:
    run(
        "create_user",
        "laras",
        "--password-stdin",
        stdin="four plain words\n",
        monkeypatch=monkeypatch,
    )
    assert User.objects.get().check_password("four plain words")


def test_an_empty_password_on_stdin_is_refused(monkeypatch: Any) -> None:
    with pytest.raises(CommandError):
        run("create_user", "laras", "--password-stdin", stdin="\n", monkeypatch=monkeypatch)
    assert not User.objects.exists()


@pytest.mark.parametrize("words", [["laras"], ["LARAS"], ["a b"], ["x", "--role", "emperor"]])
def test_create_user_refuses_what_cannot_be(words: list[str]) -> None:
    factories.user("laras")
    with pytest.raises(CommandError):
        run("create_user", *words)
    assert User.objects.count() == 1


def test_sign_in_link_is_for_a_lost_password() -> None:
    factories.user("laras")
    link = accounts.use_link(secret_of(run("sign_in_link", "laras")))
    assert link
    assert link.purpose == "recovery"
    assert Event.objects.filter(verb="person.link-made").count() == 1


@pytest.mark.parametrize("command", ["sign_in_link", "create_token"])
def test_there_is_no_key_for_the_unknown_or_the_closed_account(command: str) -> None:
    factories.user("lama", is_active=False)
    for username in ("lama", "nobody"):
        with pytest.raises(CommandError):
            run(command, username)


def test_create_token_prints_the_key_of_its_owner() -> None:
    user = factories.user("laras")
    assert accounts.user_of_token(run("create_token", "laras")) == user


def test_the_first_admin_gets_links_until_an_admin_has_signed_in() -> None:
    link = accounts.use_link(secret_of(run("first_admin_link")))
    assert link
    assert link.user.role == "admin"
    assert run("first_admin_link")
    User.objects.update(last_login=timezone.now())
    assert run("first_admin_link") == ""
