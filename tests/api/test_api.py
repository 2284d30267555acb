"""The door for programs: tokens, one's own assignments, the same operations as the desk."""

import json
from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.accounts.services import deactivate, make_token
from annotations.assignments.models import Assignment
from tests import factories
from tests.factories import TEXT, placed, related, span_id

pytestmark = pytest.mark.django_db


class Program:
    """Speaks JSON with a bearer token."""

    def __init__(self, user: User) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {make_token(user)}"})

    def get(self, path: str) -> tuple[int, Any]:
        return _read(self._client.get(f"/api/v1/{path}"))

    def post(self, path: str, body: object) -> tuple[int, Any]:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return _read(self._client.post(f"/api/v1/{path}", sent, content_type="application/json"))


def _read(response: Any) -> tuple[int, Any]:
    return response.status_code, json.loads(response.content) if response.content else None


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


@pytest.fixture
def program(annotator_a: User) -> Program:
    return Program(annotator_a)


def test_without_a_token_nothing_is_said(client: Client, layer: Assignment) -> None:
    for path in ("assignments", f"assignments/{layer.pk}"):
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token(signed_in: Any, annotator_a: User, layer: Assignment) -> None:
    assert signed_in(annotator_a).get("/api/v1/assignments").status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer wrong", "Basic abc", "bearer \x00"]
)
def test_a_wrong_token_is_refused(client: Client, header: str) -> None:
    assert client.get("/api/v1/assignments", headers={"Authorization": header}).status_code == 401


def test_a_deactivated_person_s_token_is_dead(program: Program, annotator_a: User) -> None:
    deactivate(annotator_a)
    assert program.get("assignments")[0] == 401


def test_one_s_own_assignments_are_listed(program: Program, layer: Assignment) -> None:
    factories.assignment(factories.user(), corpus_=factories.corpus())
    listed = {
        "id": layer.pk,
        "kind": "annotator",
        "campaign": layer.campaign.slug,
        "article": layer.article_id,
        "status": "open",
        "revision": 0,
    }
    assert program.get("assignments") == (200, {"assignments": [listed]})


def test_the_next_article_is_claimed_until_none_is_left(
    program: Program, layer: Assignment
) -> None:
    body = {"campaign": layer.campaign.slug}
    status, claimed = program.post("assignments/next", body)
    assert (status, claimed["id"]) == (200, layer.pk)
    Assignment.objects.filter(pk=layer.pk).update(status="submitted")
    assert program.post("assignments/next", body) == (204, None)


def test_another_campaign_is_not_there(program: Program) -> None:
    other = factories.campaign(factories.corpus(), [factories.user()])
    assert program.post("assignments/next", {"campaign": other.slug})[0] == 404


def test_an_assignment_is_a_kutip_line_with_this_layer_alone(
    annotator_a: User, annotator_b: User
) -> None:
    corpus = factories.corpus()
    factories.article(corpus)
    campaign = factories.campaign(corpus, [annotator_a, annotator_b])
    programs = [Program(annotator_a), Program(annotator_b)]
    claimed = [p.post("assignments/next", {"campaign": campaign.slug})[1]["id"] for p in programs]
    quote, actor = (
        placed(TEXT, "“Kami,”", "“tidak akan mundur 🚢.”", label="QUOTE"),
        placed(TEXT, "Laras"),
    )
    batch = {
        "base": 0,
        "operations": [quote, actor, related("SPEAKER", span_id(quote), span_id(actor))],
    }
    assert programs[0].post(f"assignments/{claimed[0]}/operations", batch)[0] == 200
    assert (
        programs[1].post(
            f"assignments/{claimed[1]}/operations",
            {"base": 0, "operations": [placed(TEXT, "Warga")]},
        )[0]
        == 200
    )
    status, line = programs[0].get(f"assignments/{claimed[0]}")
    assert (status, line["format"], line["revision"]) == (200, "kutip/1", 3)
    [own] = line["layers"]
    assert (own["annotator"], own["status"], len(own["spans"])) == ("annotator_a", "open", 2)
    for span in own["spans"]:
        assert [line["article"]["text"][s:e] for s, e in span["fragments"]] == span["text"]


def test_another_s_assignment_is_not_there(layer: Assignment, stranger: User) -> None:
    program = Program(stranger)
    assert program.get(f"assignments/{layer.pk}")[0] == 404
    assert (
        program.post(
            f"assignments/{layer.pk}/operations", {"base": 0, "operations": [placed(TEXT, "Warga")]}
        )[0]
        == 404
    )
    assert program.post(f"assignments/{layer.pk}/submit", {"base": 0})[0] == 404


def test_a_layer_is_submitted_once_complete(program: Program, layer: Assignment) -> None:
    stance = placed(TEXT, "menolak", label="STANCE")
    program.post(f"assignments/{layer.pk}/operations", {"base": 0, "operations": [stance]})
    status, answer = program.post(f"assignments/{layer.pk}/submit", {"base": 1})
    assert status == 422
    assert {c["code"] for c in answer["constraints"]} == {"E5", "E6"}
    remove = {"id": "018f6b6e-0000-7000-8000-00000000000a", "op": "remove", "span": span_id(stance)}
    program.post(f"assignments/{layer.pk}/operations", {"base": 1, "operations": [remove]})
    assert program.post(f"assignments/{layer.pk}/submit", {"base": 1})[0] == 409
    assert program.post(f"assignments/{layer.pk}/submit", {"base": 2}) == (
        200,
        {"status": "submitted", "revision": 2},
    )
    assert program.post(f"assignments/{layer.pk}/submit", {"base": 2})[0] == 200


def test_an_assignment_that_waits_is_opened_by_its_first_operation(annotator_a: User) -> None:
    corpus = factories.corpus()
    factories.article(corpus)
    waiting = factories.campaign(corpus, [annotator_a]).assignments.get()
    program = Program(annotator_a)
    assert program.get(f"assignments/{waiting.pk}")[1]["layers"][0]["status"] == "waiting"
    body = {"base": 0, "operations": [placed(TEXT, "Warga")]}
    assert program.post(f"assignments/{waiting.pk}/operations", body)[0] == 200
    waiting.refresh_from_db()
    assert (waiting.status, waiting.revision) == ("open", 1)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"base": "x"}', b"\xff", b"[" * 5000])
def test_a_malformed_submit_is_said_to_be(program: Program, layer: Assignment, body: bytes) -> None:
    assert program.post(f"assignments/{layer.pk}/submit", body)[0] == 400


def test_other_methods_are_refused(program: Program, layer: Assignment) -> None:
    assert program.post("assignments", {})[0] == 405
    assert program.get("assignments/next")[0] == 405
    assert program.get(f"assignments/{layer.pk}/operations")[0] == 405


def test_too_large_a_body_is_refused(program: Program, layer: Assignment) -> None:
    assert program.post(f"assignments/{layer.pk}/operations", b" " * 1_100_000)[0] == 413


def test_refusals_speak_the_reader_s_language(layer: Assignment, annotator_a: User) -> None:
    program = Client(
        headers={"Authorization": f"Bearer {make_token(annotator_a)}", "Accept-Language": "id"}
    )
    touching = placed(TEXT, "Menteri")
    touching["span"] |= {"fragments": [[0, 3], [3, 7]], "text": ["Men", "teri"]}  # type: ignore[operator]
    response = program.post(
        f"/api/v1/assignments/{layer.pk}/operations",
        json.dumps({"base": 0, "operations": [touching]}),
        content_type="application/json",
    )
    assert response.json()["message"] == (
        "Penggalan tidak dapat dipakai: penggalan bersentuhan: itu satu penggalan."
    )
