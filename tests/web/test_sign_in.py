import re
import threading
import time
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from annotations.accounts import services as accounts
from annotations.accounts.models import User
from annotations.history.models import Event
from annotations.web.sign_in.views import MAY_SET_PASSWORD
from tests import factories

pytestmark = pytest.mark.django_db

OFF_SITE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "%2F%2Fevil.example",
    " //evil.example",
    "\x0b//evil.example",
    "http://testserver@evil.example/",
    "https://testserver/people/",
]


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def laras(**fields: Any) -> User:
    user = factories.user("laras", **fields)
    user.set_password(factories.PASSWORD)
    user.save()
    return user


def sign_in(client: Client, login: str = "laras", password: str = factories.PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["laras", "LARAS", "laras@example.org"])
def test_one_signs_in_by_user_name_or_address(client: Client, login: str) -> None:
    laras(email="laras@example.org")
    assert sign_in(client, login)["Location"] == "/"
    assert client.get("/").status_code == 200


def test_signing_in_begins_a_new_session(client: Client) -> None:
    laras()
    client.get("/sign-in/")
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_name_read_alike(client: Client) -> None:
    laras()
    answers = {_errors(sign_in(client, name, "wrong")) for name in ("laras", "nobody")}
    assert len(answers) == 1


def _errors(response: Any) -> str:
    found = re.search(
        r'<ul class="errorlist nonfield.*?</ul>', response.content.decode(), re.DOTALL
    )
    assert found
    return found.group()


@pytest.mark.parametrize("target", OFF_SITE)
def test_nobody_is_sent_off_the_site(client: Client, target: str) -> None:
    laras()
    answer = sign_in(client, next=target)
    assert answer.headers.get("Location", "/") == "/"


def test_one_is_sent_back_to_where_one_wanted_to_go(client: Client) -> None:
    laras(role="manager")
    assert (
        client.get("/people/?q=a b").headers["Location"]
        == "/sign-in/?next=%2Fpeople%2F%3Fq%3Da%2520b"
    )
    assert sign_in(client, next="/people/?q=a%20b")["Location"] == "/people/?q=a%20b"


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client: Client) -> None:
    laras()
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "too many" in sign_in(client).content.decode().lower()
    assert "_auth_user_id" not in client.session


def test_a_closed_account_cannot_sign_in_and_its_sessions_are_over(client: Client) -> None:
    user = laras()
    sign_in(client)
    accounts.deactivate(user)
    assert client.get("/").status_code == 302
    sign_in(client)
    assert client.get("/").status_code == 302


def test_a_session_of_before_stays_dead_when_the_account_is_opened_again(client: Client) -> None:
    user = laras()
    sign_in(client)
    accounts.deactivate(user)
    accounts.reactivate(user)
    assert client.get("/").status_code == 302


def test_a_session_is_over_after_signing_out(client: Client) -> None:
    laras()
    sign_in(client)
    kept = client.cookies["session"].value
    client.post("/sign-out/")
    client.cookies["session"] = kept
    assert client.get("/").status_code == 302


def test_signing_out_takes_a_form_not_a_link(client: Client) -> None:
    laras()
    sign_in(client)
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/").status_code == 200


def test_a_changed_password_ends_the_other_sessions(client: Client) -> None:
    laras()
    other = Client()
    sign_in(client)
    sign_in(other)
    new = "another four plain words"
    client.post(
        "/account/password/",
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    told = {"username": "intruder", "password1": factories.PASSWORD}
    assert "By invitation" in client.get("/sign-up/").content.decode()
    client.post("/sign-up/", told)
    assert not User.objects.exists()


# --- one-time links --------------------------------------------------------------------------


def link_of(user: User, purpose: str = "invitation") -> str:
    return accounts.make_sign_in_link(user, purpose, None)


def test_opening_a_link_only_asks(client: Client) -> None:
    path = link_of(factories.user("laras"))
    for _ in range(3):
        assert "Sign in as laras" in client.get(path).content.decode()
    assert client.head(path).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_button_signs_in_and_leads_to_a_password(client: Client) -> None:
    user = factories.user("laras")
    assert client.post(link_of(user))["Location"] == "/account/password/new/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Event.objects.filter(verb="signed-in-by-link", thing_id=str(user.pk)).exists()


def test_a_used_link_says_so_and_signs_nobody_in(client: Client) -> None:
    path = link_of(factories.user())
    Client().post(path)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "no longer works" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_link_ends_the_session_of_whoever_was_signed_in_before(client: Client) -> None:
    laras()
    sign_in(client)
    before = client.session.session_key
    other = factories.user("budi")
    client.post(link_of(other))
    assert client.session["_auth_user_id"] == str(other.pk)
    assert client.session.session_key != before


def test_a_demo_link_leads_home(client: Client) -> None:
    assert client.post(link_of(laras(), "demo"))["Location"] == "/"


def test_a_recovery_link_lets_one_set_a_password_without_the_old_one(client: Client) -> None:
    user = laras()
    client.post(link_of(user, "recovery"))
    new = "another four plain words"
    told = {"new_password1": new, "new_password2": new}
    assert client.post("/account/password/new/", told)["Location"] == "/"
    user.refresh_from_db()
    assert user.check_password(new)
    assert client.post("/account/password/new/", told).status_code == 403


def test_the_right_to_set_a_password_runs_out(client: Client) -> None:
    client.post(link_of(laras(), "recovery"))
    session = client.session
    session[MAY_SET_PASSWORD] = time.time() - 1
    session.save()
    assert client.get("/account/password/new/").status_code == 403


def test_a_weak_password_is_refused_with_its_reasons(client: Client) -> None:
    client.post(link_of(factories.user("laras")))
    answer = client.post("/account/password/new/", {"new_password1": "1", "new_password2": "1"})
    assert answer.status_code == 422
    assert "too short" in answer.content.decode()


def test_the_language_one_chose_comes_along_to_a_new_browser(client: Client) -> None:
    laras(language="id")
    assert sign_in(client).cookies["django_language"].value == "id"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_clicks_at_once_one_signs_in() -> None:
    path, start, answers = link_of(factories.user()), threading.Barrier(2), []

    def click() -> None:
        client = Client()
        start.wait()
        answers.append(client.post(path).status_code)
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(answers) == [303, 410]


def test_too_many_forms_from_one_place_must_wait(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [sign_in(client, f"user{number}", "wrong") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Too many tries" in answers[2].content.decode()
