import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from annotations.accounts import services as accounts
from annotations.accounts.models import ApiToken, Role, SignInLink, User
from annotations.accounts.secrets import digest
from tests import factories

pytestmark = pytest.mark.django_db


def secret_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def newcomer(**known: object) -> accounts.Newcomer:
    told: dict[str, object] = {"username": "laras", "role": Role.ANNOTATOR}
    return accounts.Newcomer(**told | known)


def test_an_invited_person_has_no_password() -> None:
    user = accounts.invite(newcomer())
    assert not user.has_usable_password()
    assert User.objects.get(username="laras").role == "annotator"


@pytest.mark.parametrize(
    "known",
    [
        {"username": "LARAS"},
        {"username": "other", "email": "Laras@example.org"},
    ],
)
def test_a_name_or_address_is_taken_whatever_its_case(known: dict[str, object]) -> None:
    accounts.invite(newcomer(email="laras@example.org"))
    with pytest.raises(accounts.Refused, match="taken"):
        accounts.invite(newcomer(**known))


@pytest.mark.parametrize(
    "known",
    [
        {"username": ""},
        {"username": "  "},
        {"username": "two words"},
        {"username": "a,b"},
        {"username": "a/b"},
        {"username": "nul\x00"},
        {"username": "\u202elaras"},
        {"display_name": "line\nbreak"},
        {"username": "x" * 151},
        {"email": "nobody"},
    ],
)
def test_a_malformed_newcomer_is_refused_and_nothing_is_made(known: dict[str, object]) -> None:
    with pytest.raises(accounts.Refused):
        accounts.invite(newcomer(**known))
    assert not User.objects.exists()


def test_the_path_of_a_link_is_the_address_of_its_page() -> None:
    path = accounts.make_sign_in_link(factories.user(), "invitation", None)
    assert path == reverse("sign_in_link", args=[secret_of(path)])


def test_only_the_hash_of_a_secret_is_kept() -> None:
    user = factories.user()
    secret = secret_of(accounts.make_sign_in_link(user, "invitation", None))
    token = accounts.make_token(user)
    assert bytes(SignInLink.objects.get().secret_sha256) == digest(secret)
    assert bytes(ApiToken.objects.get().secret_sha256) == digest(token)
    assert len(token) >= 43


def test_a_link_works_once() -> None:
    secret = secret_of(accounts.make_sign_in_link(factories.user(), "invitation", None))
    assert accounts.open_link(secret)
    assert accounts.use_link(secret)
    assert accounts.use_link(secret) is None
    assert accounts.open_link(secret) is None


def test_a_link_of_eight_days_ago_is_dead() -> None:
    secret = secret_of(accounts.make_sign_in_link(factories.user(), "invitation", None))
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert accounts.use_link(secret) is None


def test_a_new_link_ends_the_older_one_of_the_same_purpose_only() -> None:
    user = factories.user()
    first, demo = (
        secret_of(accounts.make_sign_in_link(user, purpose, None))
        for purpose in ("recovery", "demo")
    )
    accounts.make_sign_in_link(user, "recovery", None)
    assert accounts.open_link(first) is None
    assert accounts.open_link(demo)


def test_a_token_names_its_owner_until_it_is_revoked() -> None:
    user = factories.user()
    token = accounts.make_token(user)
    assert accounts.user_of_token(token) == user
    accounts.revoke_tokens(user)
    assert accounts.user_of_token(token) is None


@pytest.mark.parametrize("raw", ["", "x", "\x00", "\ud800", "é" * 5000])
def test_a_made_up_token_names_nobody(raw: str) -> None:
    assert accounts.user_of_token(raw) is None


def test_asking_for_the_owner_of_a_token_is_one_query(django_assert_num_queries: object) -> None:
    token = accounts.make_token(factories.user())
    accounts.user_of_token(token)
    with django_assert_num_queries(1):
        accounts.user_of_token(token)


def test_whoever_is_put_out_has_no_password_no_token_and_no_link() -> None:
    user = accounts.invite(newcomer(), password=factories.PASSWORD)
    session = user.get_session_auth_hash()
    token = accounts.make_token(user)
    link = secret_of(accounts.make_sign_in_link(user, "invitation", None))
    accounts.deactivate(user)
    accounts.reactivate(user)
    assert accounts.user_of_token(token) is None
    assert accounts.use_link(link) is None
    assert not user.check_password(factories.PASSWORD)
    assert User.objects.get(pk=user.pk).get_session_auth_hash() != session


def test_the_first_admin_is_made_once_and_never_after_one_signed_in() -> None:
    first = accounts.first_admin()
    assert first == accounts.first_admin()
    User.objects.filter(pk=getattr(first, "pk", None)).update(last_login=timezone.now())
    assert accounts.first_admin() is None


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_many_at_once_exactly_one_gets_the_link() -> None:
    secret = secret_of(accounts.make_sign_in_link(factories.user(), "invitation", None))
    start, got = threading.Barrier(8), []

    def take() -> None:
        start.wait()
        got.append(accounts.use_link(secret))
        connections.close_all()

    takers = [threading.Thread(target=take) for _ in range(8)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert len([link for link in got if link]) == 1
