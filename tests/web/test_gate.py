from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.accounts.models import User

pytestmark = pytest.mark.django_db

UNFIT = ["\x00", "a\x00b", "\x07", "\ufffe", "\uffff", "\x1b[31m"]


@pytest.mark.parametrize("value", UNFIT)
def test_no_form_and_no_query_holds_what_no_text_may(client: Client, value: str) -> None:
    assert client.post("/sign-in/", {"login": value, "password": "x"}).status_code == 400
    assert client.post("/sign-in/", {value: "x"}).status_code == 400
    assert client.get("/sign-in/", {"next": value}).status_code == 400


def test_broken_utf_8_is_no_server_error(client: Client) -> None:
    broken = b"login=%ED%A0%80%FF&password=%C3"
    answer = client.generic(
        "POST", "/sign-in/", broken, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200


def test_a_program_is_refused_in_json(client: Client) -> None:
    answer = client.get("/sign-in/?next=%00", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "text")


@settings(max_examples=30, deadline=None)
@given(query=st.text(max_size=40))
def test_no_search_breaks_the_list_of_people(query: str) -> None:
    admin, _ = User.objects.get_or_create(username="admin", role="admin", password="!")
    client = Client()
    client.force_login(admin, backend="annotations.accounts.backends.Backend")
    asked: Any = {
        "q": query.encode("utf-8", "surrogatepass"),
        "page": query.encode("utf-8", "replace"),
    }
    assert client.get("/people/", asked).status_code in (200, 400)
