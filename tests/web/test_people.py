from typing import Any

import pytest
from django.test import Client

from annotations.accounts import services as accounts
from annotations.accounts.models import User
from annotations.corpora.models import Membership
from annotations.history.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

DOORS = ["", "role/", "link/", "deactivate/", "reactivate/"]
INVITATION = {"username": "laras", "role": "annotator", "display_name": "", "email": ""}


@pytest.fixture
def admin() -> User:
    return factories.user("admin", role="admin")


def knock(client: Client, person: User, door: str, **told: str) -> Any:
    path = f"/people/{person.pk}/{door}"
    return client.post(path, told) if door else client.get(path)


def test_an_invitation_shows_its_link_once(signed_in: Any, manager: User) -> None:
    client = signed_in(manager)
    shown = client.post("/people/invite/", INVITATION)
    path = "/sign-in/link/" + shown.content.decode().split("/sign-in/link/")[1].split("<")[0]
    assert "no-store" in shown.headers["Cache-Control"]
    assert Client().post(path).status_code == 303
    assert Event.objects.get(verb="person.invited").by == manager


def test_a_taken_name_is_told_beside_the_form(signed_in: Any, manager: User) -> None:
    answer = signed_in(manager).post("/people/invite/", INVITATION | {"username": "MANAGER"})
    assert answer.status_code == 422
    assert "is taken" in answer.content.decode()


@pytest.mark.parametrize("role", ["admin", "manager", "emperor", ""])
def test_a_manager_makes_nobody_as_high_as_themselves(
    signed_in: Any, manager: User, role: str
) -> None:
    answer = signed_in(manager).post("/people/invite/", INVITATION | {"role": role})
    assert answer.status_code == 422
    assert User.objects.count() == 1


def test_an_admin_may_make_admins(signed_in: Any, admin: User) -> None:
    signed_in(admin).post("/people/invite/", INVITATION | {"role": "admin"})
    assert User.objects.get(username="laras").role == "admin"


def test_fields_that_no_form_has_change_nothing(signed_in: Any, manager: User) -> None:
    more = {"is_active": "", "id": "1", "password": "x", "is_superuser": "on", "language": "xx"}
    signed_in(manager).post("/people/invite/", INVITATION | more)
    made = User.objects.get(username="laras")
    assert (made.is_active, made.language, made.has_usable_password()) == (True, "", False)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("target", ["admin", "manager", "other_manager", "foreign_annotator"])
def test_a_manager_cannot_touch_who_is_not_theirs(
    signed_in: Any, manager: User, admin: User, door: str, target: str
) -> None:
    other = factories.user("other_manager", role="manager")
    foreign = factories.user("foreign_annotator")
    corpus = factories.corpus()
    Membership.objects.create(corpus=corpus, user=other, role="manager")
    Membership.objects.create(corpus=corpus, user=foreign, role="annotator")
    before = list(User.objects.order_by("pk").values())
    answer = knock(signed_in(manager), User.objects.get(username=target), door, role="analyst")
    assert answer.status_code == 404
    untouched = list(User.objects.order_by("pk").values())
    assert [row | {"last_login": None} for row in untouched] == [
        row | {"last_login": None} for row in before
    ]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", ["adjudicator", "annotator", "analyst"])
def test_nobody_else_gets_in(signed_in: Any, role: str, door: str) -> None:
    client, person = signed_in(factories.user(role=role)), factories.user("target")
    assert knock(client, person, door).status_code == 404
    assert client.get("/people/").status_code == 403
    assert client.post("/people/invite/", INVITATION).status_code == 403


@pytest.mark.parametrize("door", ["people/", "people/invite/", "people/1/", "people/1/link/"])
def test_the_signed_out_sign_in_first(client: Client, door: str) -> None:
    for answer in (client.get(f"/{door}"), client.post(f"/{door}")):
        assert answer.status_code in (302, 405)
    assert "/sign-in/?next=" in client.get("/people/").headers["Location"]


def test_a_changed_role_is_written_down(signed_in: Any, manager: User) -> None:
    person = factories.user("target")
    knock(signed_in(manager), person, "role/", role="analyst")
    person.refresh_from_db()
    assert person.role == "analyst"
    assert Event.objects.get(verb="person.role-changed").data == {
        "before": "annotator",
        "after": "analyst",
    }


def test_putting_out_and_letting_in_again(signed_in: Any, manager: User) -> None:
    person, client = factories.user("target"), signed_in(manager)
    token = accounts.make_token(person)
    knock(client, person, "deactivate/")
    person.refresh_from_db()
    assert not person.is_active
    assert accounts.user_of_token(token) is None
    assert "/sign-in/link/" in knock(client, person, "reactivate/").content.decode()
    person.refresh_from_db()
    assert person.is_active


def test_a_closed_account_gets_no_link(signed_in: Any, manager: User) -> None:
    person = factories.user("target", is_active=False)
    assert knock(signed_in(manager), person, "link/").status_code == 303
    assert not person.sign_in_links.exists()


def test_the_list_takes_as_many_queries_for_fifty_as_for_two(
    signed_in: Any, manager: User, django_assert_num_queries: Any
) -> None:
    client = signed_in(manager)
    for _ in range(2):
        with django_assert_num_queries(5):
            client.get("/people/")
        for _ in range(48):
            factories.user()


def test_one_finds_people_by_name(signed_in: Any, manager: User) -> None:
    factories.user("laras", display_name="Larasati")
    factories.user("budi")
    page = signed_in(manager).get("/people/?q=LARASATI").content.decode()
    assert "laras" in page
    assert "budi" not in page
