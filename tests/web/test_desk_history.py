"""The history of one's own layer, and what the desk's state says of remarks and the campaign."""

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.spans import chronicle
from tests import factories
from tests.exchange.kutip_lines import layer as layer_line
from tests.exchange.kutip_lines import line, load, span, write_file
from tests.factories import TEXT, flagged, noted, operation, placed, span_id, waived
from tests.web.test_desk import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


@pytest.fixture
def client(signed_in: Any, annotator_a: User) -> Client:
    browser: Client = signed_in(annotator_a)
    return browser


def history(client: Client, layer: Assignment, before: object = "") -> Any:
    query = {"before": str(before)} if before != "" else {}
    answer = client.get(f"/desk/{layer.pk}/history", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def one(place: dict[str, object], number: int) -> dict[str, object]:
    """The same operation, with ids of its own."""
    fresh = place["span"] | {"id": str(uuid4())}  # type: ignore[operator]
    return place | {"id": str(uuid4()), "span": fresh}


def test_the_state_has_remarks_and_what_the_campaign_says(
    client: Client, layer: Assignment, annotator_a: User
) -> None:
    place = placed(TEXT, "Menteri Laras")
    note = noted(span_id(place), "Siapa?")
    do(layer, place, note, flagged(None, "discuss", confidence=2), waived(TEXT, "“Kami,”"))
    Campaign.objects.update(suggestions=False)
    state = client.get(f"/desk/{layer.pk}/state").json()
    [shown] = state["notes"]
    assert datetime.fromisoformat(shown.pop("at")).tzinfo is not None
    assert shown == note["note"] | {"author": "annotator_a"}  # type: ignore[operator]
    assert state["flags"] == [
        {"id": str(chronicle.UUID(int=0)), "span": None, "flags": ["discuss"], "confidence": 2}
    ]
    assert [one["text"] for one in state["waivers"]] == [["“Kami,”"]]
    assert state["settlements"] == []
    assert state["campaign"] == {"suggestions": False, "quote_coverage": False}
    assert state["urls"]["history"] == f"/desk/{layer.pk}/history"


def test_what_was_done_is_told_newest_first(
    client: Client, layer: Assignment, annotator_a: User
) -> None:
    place, group = placed(TEXT, "Menteri Laras"), str(uuid4())
    do(layer, place)
    both = [
        noted(span_id(place), "Siapa?"),
        operation("retag", span=span_id(place), label="TARGET"),
    ]
    do(layer, *(step | {"group": group} for step in both))
    answer = history(client, layer)
    assert (answer["revision"], answer["more"]) == (3, False)
    newest, oldest = answer["groups"]
    assert (newest["group"], newest["seq"], newest["op"], newest["by"]) == (
        group,
        3,
        "mixed",
        "annotator_a",
    )
    assert [one["op"] for one in newest["operations"]] == ["note", "retag"]
    assert [one["count"] for one in newest["operations"]] == [1, 1]
    [change] = oldest["operations"][0]["changes"]
    assert (change["before"], change["after"]["text"]) == (None, ["Menteri Laras"])
    assert (oldest["op"], oldest["seq"], oldest["in_effect"]) == ("place", 1, True)
    assert datetime.fromisoformat(oldest["at"]).tzinfo is not None


def test_pages_follow_one_another_without_a_gap(
    client: Client, layer: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "GROUPS_PER_PAGE", 3)
    place = placed(TEXT, "Warga")
    for size in (1, 3, 2, 1, 1, 4, 1):
        group = str(uuid4())
        do(layer, *(one(place, n) | {"group": group} for n in range(size)))
    pages, before = [], ""
    while not pages or pages[-1]["more"]:
        pages.append(history(client, layer, before))
        before = pages[-1]["groups"][-1]["seq"]
    assert [[group["seq"] for group in page["groups"]] for page in pages] == [
        [13, 12, 8],
        [7, 6, 4],
        [1],
    ]
    groups = [group for page in pages for group in page["groups"]]
    seqs = [one["seq"] for group in reversed(groups) for one in group["operations"]]
    assert seqs == list(range(1, 14))
    # whatever operation is named, a group is shown whole or not at all
    for middle in (10, 11, 9):
        assert history(client, layer, middle)["groups"][0]["seq"] == 8


def in_effect(client: Client, layer: Assignment) -> list[tuple[str, bool]]:
    groups = history(client, layer)["groups"]
    return [(group["op"], group["in_effect"]) for group in reversed(groups)]


def test_what_was_undone_is_out_of_effect_until_it_is_redone(
    client: Client, layer: Assignment
) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    do(layer, first)
    do(layer, second)
    do(layer, operation("undo", of=second["id"]))
    assert in_effect(client, layer) == [("place", True), ("place", False), ("undo", True)]
    do(layer, operation("redo", of=second["id"]))
    assert in_effect(client, layer)[1:] == [("place", True), ("undo", False), ("redo", True)]
    [redo] = [g for g in history(client, layer)["groups"] if g["op"] == "redo"]
    assert redo["operations"][0]["of"] == second["id"]


def test_a_restore_puts_what_it_jumped_over_out_of_effect(
    client: Client, layer: Assignment
) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    do(layer, first)
    do(layer, second)
    do(layer, operation("undo", of=second["id"]))
    do(layer, placed(TEXT, "bersorak"))
    restore = operation("restore", to=2)
    do(layer, restore)
    assert in_effect(client, layer) == [
        ("place", True),
        ("place", True),
        ("undo", False),
        ("place", False),
        ("restore", True),
    ]
    assert history(client, layer)["groups"][0]["operations"][0]["to"] == 2
    do(layer, operation("undo", of=restore["id"]))
    assert [effect for _, effect in in_effect(client, layer)] == [
        True,
        False,
        True,
        True,
        False,
        True,
    ]


def test_what_a_load_brought_is_counted_and_not_sent(
    client: Client, annotator_a: User, tmp_path: Path, settings: Any
) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"
    place = factories.corpus()
    factories.article(place, TEXT)
    campaign = factories.campaign(place, [annotator_a])
    spans = [span(TEXT, "Laras"), span(TEXT, "Warga")]
    load(campaign, write_file(tmp_path, line(TEXT, layer_line("annotator_a", *spans))))
    [loaded] = history(client, campaign.assignments.get())["groups"]
    told = {"seq": 1, "op": "load", "count": 2, "changes": []}
    assert (loaded["op"], loaded["operations"], loaded["in_effect"]) == ("load", [told], True)


def test_a_change_of_very_many_objects_is_counted_and_not_sent(
    client: Client, layer: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronicle, "MOST_CHANGES", 2)
    do(layer, *(placed(TEXT, "Warga") for _ in range(3)))
    do(layer, operation("restore", to=0))
    newest = history(client, layer)["groups"][0]["operations"][0]
    assert (newest["op"], newest["count"], newest["changes"]) == ("restore", 3, [])


def test_a_page_costs_the_same_however_long_the_history_is(
    client: Client, layer: Assignment, django_assert_num_queries: Any
) -> None:
    do(layer, placed(TEXT, "Warga"))
    history(client, layer)
    for _ in range(2):
        with django_assert_num_queries(5):  # person, assignment, and three of the history
            history(client, layer)
        do(layer, *(placed(TEXT, "Warga") for _ in range(120)))


def test_an_empty_layer_has_an_empty_history(client: Client, layer: Assignment) -> None:
    assert history(client, layer) == {"revision": 0, "groups": [], "more": False}
    assert history(client, layer, 0)["groups"] == []


@pytest.mark.parametrize("before", ["-1", "x", "", "1.5", "9" * 40, "١"])
def test_a_point_that_is_no_number_is_refused(
    client: Client, layer: Assignment, before: str
) -> None:
    answer = client.get(f"/desk/{layer.pk}/history", {"before": before})
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_nobody_else_reads_it(
    signed_in: Any, layer: Assignment, annotator_b: User, manager: User
) -> None:
    do(layer, noted(None, "Rahasia."))
    for person in (annotator_b, manager):
        answer = signed_in(person).get(f"/desk/{layer.pk}/history")
        assert (answer.status_code, b"Rahasia" in answer.content) == (404, False)
    assert Client().get(f"/desk/{layer.pk}/history").status_code == 401


def test_pages_tell_what_the_operations_changed(client: Client, layer: Assignment) -> None:
    do(layer, *(placed(TEXT, "Warga") for _ in range(60)))
    first = history(client, layer)
    second = history(client, layer, first["groups"][-1]["seq"])
    seqs = [group["seq"] for page in (first, second) for group in page["groups"]]
    assert seqs == list(range(60, 0, -1))
    assert all(newer > older for newer, older in pairwise(seqs))
    assert (first["more"], second["more"]) == (True, False)
    assert json.dumps(second).count('"after": {') == 10
