"""The page of preferences, its door for scripts, and what they write on every page."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.accounts.preferences import Preferences
from annotations.accounts.services import prefer
from tests import factories
from tests.web.test_opening import unfolded

pytestmark = pytest.mark.django_db

PATH = "/preferences/"


def send(client: Client, body: object, query: str = "") -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(PATH + query, text, content_type="application/json")


def root_of(client: Client, path: str = "/") -> str:
    found = re.search(r"<html[^>]*>", client.get(path).getvalue().decode())
    assert found
    return found[0]


def preferred(user: User) -> Preferences:
    return User.objects.get(pk=user.pk).preferred


def test_what_is_chosen_in_the_form_counts_without_scripts(
    signed_in: Any, annotator_a: User
) -> None:
    prefer(annotator_a, {"keys": {"undo": ["u"]}})
    told = {"theme": "sepia", "font_size": "5", "badges": "false", "single_keys": "false"}
    shown = signed_in(annotator_a).post(PATH, told, follow=True).content.decode()
    assert "Your preferences are kept." in shown
    assert re.search(r'name="theme" value="sepia" checked', shown)
    assert preferred(annotator_a) == Preferences(
        theme="sepia", font_size=5, badges=False, single_keys=False, keys={"undo": ["u"]}
    )


@pytest.mark.parametrize("told", [{"theme": "pink"}, {"font_size": "9"}, {"colour": "red"}])
def test_a_form_that_does_not_fit_changes_nothing_and_says_why(
    signed_in: Any, annotator_a: User, told: dict[str, str]
) -> None:
    answer = signed_in(annotator_a).post(PATH, {"line_length": "wide"} | told)
    assert answer.status_code == 422
    assert "Nothing was changed." in answer.content.decode()
    assert preferred(annotator_a) == Preferences()


def test_scripts_change_some_and_get_them_all(signed_in: Any, annotator_a: User) -> None:
    client = signed_in(annotator_a)
    send(client, {"theme": "dark"})
    answer = send(client, {"keys": {"redo": ["Mod+Shift+r"], "undo": []}})
    assert answer.status_code == 200
    told = answer.json()["preferences"]
    assert (told["theme"], told["font_size"]) == ("dark", 3)
    assert told["keys"] == {"redo": ["Mod+Shift+r"], "undo": []}
    assert preferred(annotator_a).keys == told["keys"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("\xff", 422),
        ('{"theme": "\\ud800"}', 400),
        ("[]", 422),
        ({"theme": 1}, 422),
        ({"colour": "red"}, 422),
        ({"keys": {"undo": ["\x00"]}}, 422),
        ({"keys": {"undo": ["x" * 2_000_000]}}, 413),
    ],
)
def test_scripts_are_refused_with_a_sentence_and_nothing_changes(
    signed_in: Any, annotator_a: User, body: object, status: int
) -> None:
    answer = send(signed_in(annotator_a), body)
    assert answer.status_code in (status, 400)
    assert answer.json()["message"].endswith(".")
    assert preferred(annotator_a) == Preferences()


def test_signed_out_they_are_nobody_s(client: Client) -> None:
    assert client.get(PATH).status_code == 302
    assert send(client, {"theme": "dark"}).status_code == 401


def test_a_page_of_somebody_else_changes_nothing_of_mine(
    signed_in: Any, annotator_a: User, annotator_b: User
) -> None:
    client = signed_in(annotator_a)
    assert send(client, {"theme": "dark"}, f"?of={annotator_b.pk}").status_code == 401
    assert preferred(annotator_a) == Preferences()
    assert send(client, {"theme": "dark"}, f"?of={annotator_a.pk}").status_code == 200


def test_a_change_without_its_token_is_refused(signed_in: Any, annotator_a: User) -> None:
    assert send(signed_in(annotator_a, enforce_csrf_checks=True), {}).status_code == 403


@pytest.mark.parametrize("path", ["/", PATH, "/nothing/here/"])
def test_every_page_carries_them_before_the_first_paint(
    signed_in: Any, annotator_a: User, path: str
) -> None:
    prefer(annotator_a, {"theme": "contrast", "font_size": 4, "motion": "reduced"})
    root = root_of(signed_in(annotator_a), path)
    assert 'data-theme="contrast"' in root
    assert 'data-font-size="4"' in root
    assert 'data-motion="reduced"' in root
    assert f'data-account="{annotator_a.pk}"' in root


def test_without_a_choice_the_theme_is_left_to_the_browser(
    signed_in: Any, annotator_a: User, client: Client
) -> None:
    root = root_of(signed_in(annotator_a))
    assert 'data-theme-choice="auto"' in root
    assert "data-theme=" not in root
    assert "data-" not in root_of(client, "/sign-in/")


def test_the_desk_offers_them(signed_in: Any, annotator_a: User) -> None:
    prefer(annotator_a, {"typeface": "sans", "keys": {"undo": ["u"]}})
    assignment = factories.assignment(annotator_a)
    shown = signed_in(annotator_a).get(f"/desk/{assignment.pk}/").getvalue().decode()
    assert re.search(r'name="typeface" value="sans" checked', unfolded(shown))
    state = json.loads(shown.split('id="desk-state">')[1].split("</script>")[0])
    assert state["preferences"]["keys"] == {"undo": ["u"]}
    assert state["urls"]["preferences"] == f"{PATH}?of={annotator_a.pk}"
