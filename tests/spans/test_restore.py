"""Back to any point of the history: one operation, one step, whatever was undone meanwhile."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.spans.models import Operation, Remark
from annotations.spans.protocol import operate
from annotations.spans.queries import layer_state
from tests import factories
from tests.factories import TEXT, flagged, noted, operation, placed, related, span_id, waived
from tests.spans.test_operations import send
from tests.spans.test_replay import State, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


def now(layer: Assignment) -> State:
    layer.refresh_from_db()
    return stored(layer)


def back(layer: Assignment, to: int) -> dict[str, object]:
    """Restore, and say which operation it was."""
    restore = operation("restore", to=to)
    answer = send(layer, restore)
    assert answer.status == 200, answer.payload
    return restore


def test_all_kinds_of_objects_come_back_and_go(layer: Assignment) -> None:
    quote, actor = placed(TEXT, "“Kami,”", label="QUOTE"), placed(TEXT, "Menteri Laras")
    speaker = related("SPEAKER", span_id(quote), span_id(actor))
    send(layer, quote, actor, speaker, noted(span_id(actor), "Siapa?"), flagged(None, "unsure"))
    before = now(layer)
    send(layer, operation("remove", span=span_id(actor)), flagged(None), waived(TEXT, "“Kami,”"))
    send(layer, placed(TEXT, "Warga"), operation("retag", span=span_id(quote), label="CUE"))
    after = now(layer)
    restore = back(layer, 5)
    assert now(layer) == before
    assert (layer.span_count, layer.relation_count) == (2, 1)
    send(layer, operation("undo", of=restore["id"]))
    assert now(layer) == after
    send(layer, operation("redo", of=restore["id"]))
    assert now(layer) == before


def test_its_changes_are_the_difference_between_now_and_then(layer: Assignment) -> None:
    place = placed(TEXT, "Menteri Laras")
    one = span_id(place)
    send(layer, place)
    for attributes in ({"form": "name"}, {"form": "role"}, {"form": "name"}):
        send(layer, operation("set", span=one, attributes=attributes))
    send(layer, placed(TEXT, "Warga"))
    [gone] = send(layer, operation("restore", to=2)).payload["results"][0]["changes"]  # type: ignore[index]
    assert (gone.before.text, gone.after) == (["Warga"], None)


def test_what_hangs_on_spans_goes_first_and_comes_back_last(layer: Assignment) -> None:
    quote, actor = placed(TEXT, "“Kami,”", label="QUOTE"), placed(TEXT, "Menteri Laras")
    speaker = related("SPEAKER", span_id(quote), span_id(actor))
    send(layer, quote, actor, speaker, noted(span_id(actor), "Siapa?"))
    kinds = [
        [change.kind for change in send(layer, operation("restore", to=to)).payload["results"][0]["changes"]]  # type: ignore[index]
        for to in (0, 4)
    ]  # fmt: skip
    assert [sorted(kinds[0][:2]), kinds[0][2:]] == [["note", "relation"], ["span", "span"]]
    assert [kinds[1][:2], sorted(kinds[1][2:])] == [["span", "span"], ["note", "relation"]]


def test_a_point_behind_an_undo_is_reached(layer: Assignment) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    send(layer, first, second)
    both = now(layer)
    send(layer, operation("undo", of=second["id"]))
    send(layer, operation("undo", of=first["id"]))
    send(layer, placed(TEXT, "bersorak"))
    back(layer, 2)
    assert now(layer) == both


def test_undo_takes_a_restore_back_and_then_what_was_before_it(layer: Assignment) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    send(layer, first, second)
    restore = back(layer, 1)
    steps = []
    for _ in range(3):
        layer.refresh_from_db()
        undo = layer_state(layer).undo
        steps.append(undo)
        send(layer, operation("undo", of=str(undo)))
    assert steps == [UUID(str(one["id"])) for one in (restore, second, first)]
    layer.refresh_from_db()
    assert layer_state(layer).undo is None


def test_a_restore_ends_what_could_be_redone(layer: Assignment) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    send(layer, first, second)
    send(layer, operation("undo", of=second["id"]))
    back(layer, 0)
    assert send(layer, operation("redo", of=second["id"])).payload["error"] == "undo"


@pytest.mark.parametrize("to", [-1, 2, 3, 10**30])
def test_a_point_that_is_not_in_the_history_is_refused(layer: Assignment, to: int) -> None:
    send(layer, placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga"))
    answer = send(layer, operation("restore", to=to))
    assert answer.status in (400, 409)
    assert answer.payload["error"] in ("malformed", "undo")
    layer.refresh_from_db()
    assert (layer.revision, layer.span_count) == (2, 2)


def test_a_restore_that_changes_nothing_is_refused(layer: Assignment) -> None:
    first = placed(TEXT, "Menteri Laras")
    send(layer, first)
    send(layer, operation("undo", of=first["id"]))
    answer = send(layer, operation("restore", to=0))
    assert (answer.status, answer.payload["error"]) == (409, "undo")
    assert "nothing was changed" in str(answer.payload["message"])


def test_an_empty_layer_has_nowhere_to_go_back_to(layer: Assignment) -> None:
    assert send(layer, operation("restore", to=0)).payload["error"] == "undo"


def test_to_a_point_within_the_same_request(layer: Assignment) -> None:
    send(layer, placed(TEXT, "Menteri Laras"))
    one, two = placed(TEXT, "Warga"), placed(TEXT, "bersorak")
    note = noted(span_id(one), "Siapa?")
    assert send(layer, one, note, two, operation("restore", to=2)).status == 200
    assert (len(now(layer)["span"]), len(now(layer)["note"])) == (2, 0)
    assert Remark.objects.get().removed


def test_a_repeated_restore_is_answered_with_its_first_result(layer: Assignment) -> None:
    send(layer, placed(TEXT, "Menteri Laras"))
    restore = operation("restore", to=0)
    first = send(layer, restore)
    again = send(layer, restore, base=1)
    assert again.payload["results"][0]["repeated"] is True  # type: ignore[index]
    assert again.payload["revision"] == first.payload["revision"] == 2
    assert Operation.objects.get(op="restore").restores == 0


def test_one_who_is_behind_is_told_where_a_restore_went(layer: Assignment) -> None:
    send(layer, placed(TEXT, "Menteri Laras"))
    back(layer, 0)
    since = send(layer, placed(TEXT, "Warga"), base=1).payload["operations_since"]
    assert [(one["op"], one["to"]) for one in since] == [("restore", 0)]  # type: ignore[union-attr]


def test_a_relation_takes_the_place_of_an_equal_one(layer: Assignment) -> None:
    """The database lets it stand once between its ends: what goes must make room first."""
    quote, actor = placed(TEXT, "“Kami,”", label="QUOTE"), placed(TEXT, "Menteri Laras")
    first = related("SPEAKER", span_id(quote), span_id(actor))
    second = related("SPEAKER", span_id(quote), span_id(actor))
    send(layer, quote, actor, first)
    gone = operation("unrelate", relation=first["relation"]["id"])  # type: ignore[index]
    assert send(layer, gone, second).status == 200
    back(layer, 3)
    assert set(now(layer)["relation"]) == {first["relation"]["id"]}  # type: ignore[index]


@pytest.mark.parametrize("spans", [1, 150])
def test_a_restore_costs_the_same_queries_however_much_it_changes(
    layer: Assignment, spans: int, django_assert_num_queries: Any
) -> None:
    many = [placed(TEXT, "Warga") for _ in range(spans)]
    send(layer, *many, noted(span_id(many[0]), "Ini?"))
    layer.refresh_from_db()
    person = User.objects.get(pk=layer.annotator_id)
    body = {"base": layer.revision, "operations": [operation("restore", to=0)]}
    # two of the eleven are the savepoint; the history, three tables read, three written
    with django_assert_num_queries(11):
        assert operate(layer.pk, json.dumps(body).encode(), by=person).status == 200


def test_a_strangers_layer_is_not_there_for_a_restore(layer: Assignment, stranger: User) -> None:
    send(layer, placed(TEXT, "Menteri Laras"))
    body = {"base": 1, "operations": [operation("restore", to=0)], "client": str(uuid4())}
    assert operate(layer.pk, json.dumps(body).encode(), by=stranger).status == 404
