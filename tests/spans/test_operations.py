"""Operations through their one door, against the real database."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.spans.models import Operation, Relation, Span
from annotations.spans.protocol import Answer, operate
from annotations.spans.queries import layer_state
from tests import factories
from tests.factories import TEXT, operation, placed, related, span_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


def send(
    layer: Assignment,
    *operations: dict[str, object],
    base: int | None = None,
    by: User | None = None,
) -> Answer:
    layer.refresh_from_db()
    body = {
        "client": str(uuid4()),
        "base": layer.revision if base is None else base,
        "operations": operations,
    }
    person = by or User.objects.get(pk=layer.annotator_id)
    return operate(layer.pk, json.dumps(body).encode(), by=person)


def state(layer: Assignment) -> tuple[list[object], list[object]]:
    layer.refresh_from_db()
    now = layer_state(layer)
    return list(now.spans), list(now.relations)


def test_a_placed_span_is_there_with_its_text(layer: Assignment) -> None:
    answer = send(layer, placed(TEXT, "Menteri Laras"))
    span = Span.objects.get(assignment=layer)
    assert answer.status == 200
    assert answer.payload["revision"] == 1
    assert (span.fragments, span.text, span.changed_seq) == ([0, 13], ["Menteri Laras"], 1)


def test_offsets_count_code_points_behind_an_emoji(layer: Assignment) -> None:
    assert send(layer, placed(TEXT, "Warga bersorak")).status == 200


def test_a_split_quote_is_one_span_with_two_fragments(layer: Assignment) -> None:
    send(layer, placed(TEXT, "“Kami,”", "“tidak akan mundur 🚢.”", label="QUOTE"))
    assert len(Span.objects.get(assignment=layer).fragments) == 4


def test_a_span_that_does_not_cover_its_text_is_refused_with_what_is_there(
    layer: Assignment,
) -> None:
    wrong = placed(TEXT, "Menteri Laras")
    wrong["span"]["fragments"] = [[1, 14]]  # type: ignore[index]
    answer = send(layer, wrong)
    assert (answer.status, answer.payload["error"]) == (409, "text")
    assert answer.payload["current"] == {"fragments": [[1, 14]], "text": [TEXT[1:14]]}
    assert state(layer) == ([], [])


@pytest.mark.parametrize(
    "fragments",
    [[[0, 3], [3, 7]], [[5, 5]], [[7, 3]], [[0, 9999]], [[-1, 4]], [[4, 8], [0, 2]], []],
)
def test_fragments_that_cannot_stand_are_refused(
    layer: Assignment, fragments: list[list[int]]
) -> None:
    wrong = placed(TEXT, "Menteri Laras")
    wrong["span"]["fragments"] = fragments  # type: ignore[index]
    assert send(layer, wrong).status == 422


def test_a_repeat_is_answered_with_its_first_result(layer: Assignment) -> None:
    place = placed(TEXT, "Menteri Laras")
    first = send(layer, place)
    again = send(layer, place, base=0)
    assert again.status == 200
    assert again.payload["results"][0]["repeated"] is True  # type: ignore[index]
    assert again.payload["revision"] == first.payload["revision"] == 1
    assert Operation.objects.filter(assignment=layer).count() == 1


def test_a_repeat_on_the_newest_base_changes_nothing(layer: Assignment) -> None:
    place = placed(TEXT, "Menteri Laras")
    send(layer, place)
    assert send(layer, place).payload["revision"] == 1


def test_a_repeat_with_other_content_is_refused(layer: Assignment) -> None:
    place = placed(TEXT, "Menteri Laras")
    send(layer, place)
    other = placed(TEXT, "Warga") | {"id": place["id"]}
    assert send(layer, other).payload["error"] == "reused_id"


def test_a_base_may_lag_by_the_repeats(layer: Assignment) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    send(layer, first)
    answer = send(layer, first, second, base=0)
    assert (answer.status, answer.payload["revision"]) == (200, 2)


def test_a_stale_base_commits_nothing_and_lists_what_happened(layer: Assignment) -> None:
    send(layer, placed(TEXT, "Menteri Laras"))
    answer = send(layer, placed(TEXT, "Warga"), base=0)
    assert (answer.status, answer.payload["error"], answer.payload["revision"]) == (409, "stale", 1)
    assert [o["op"] for o in answer.payload["operations_since"]] == ["place"]  # type: ignore[union-attr]
    assert Span.objects.filter(assignment=layer).count() == 1


def test_what_stood_before_the_refused_group_is_kept(layer: Assignment) -> None:
    good, bad = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga", label="NOTHING")
    answer = send(layer, good, bad, placed(TEXT, "bersorak"))
    assert (answer.status, answer.payload["error"], answer.payload["revision"]) == (
        422,
        "schema",
        1,
    )
    assert answer.payload["refused"] == UUID(str(bad["id"]))
    layer.refresh_from_db()
    assert (layer.revision, layer.span_count) == (1, 1)


def test_a_group_is_all_or_nothing(layer: Assignment) -> None:
    group = str(uuid4())
    good = placed(TEXT, "Menteri Laras") | {"group": group}
    bad = placed(TEXT, "Warga", label="NOTHING") | {"group": group}
    assert send(layer, good, bad).payload["revision"] == 0
    assert state(layer) == ([], [])


def test_a_strangers_layer_is_not_there(layer: Assignment, stranger: User) -> None:
    assert send(layer, placed(TEXT, "Warga"), by=stranger).status == 404


def test_a_submitted_layer_is_closed(layer: Assignment) -> None:
    Assignment.objects.filter(pk=layer.pk).update(status="submitted")
    assert send(layer, placed(TEXT, "Warga")).payload["error"] == "closed"


def test_removing_a_span_removes_its_relations_and_undo_brings_all_back(layer: Assignment) -> None:
    quote, actor = placed(TEXT, "“Kami,”", label="QUOTE"), placed(TEXT, "Menteri Laras")
    send(layer, quote, actor, related("SPEAKER", span_id(quote), span_id(actor)))
    before = state(layer)
    remove = operation("remove", span=span_id(actor))
    send(layer, remove)
    assert len(state(layer)[0]) == 1
    assert state(layer)[1] == []
    send(layer, operation("undo", of=remove["id"]))
    assert state(layer) == before


def test_undo_has_no_end_and_redo_follows(layer: Assignment) -> None:
    actor = placed(TEXT, "Menteri Laras")
    steps = [
        actor,
        operation("move", span=span_id(actor), fragments=[[0, 7]], text=["Menteri"]),
        operation("set", span=span_id(actor), attributes={"form": "role"}),
        operation("retag", span=span_id(actor), label="TARGET"),
    ]
    seen = [state(layer)]
    for step in steps:
        assert send(layer, step).status == 200
        seen.append(state(layer))
    for step, expected in zip(reversed(steps), reversed(seen[:-1]), strict=True):
        assert send(layer, operation("undo", of=step["id"])).status == 200
        assert state(layer) == expected
    for step, expected in zip(steps, seen[1:], strict=True):
        assert send(layer, operation("redo", of=step["id"])).status == 200
        assert state(layer) == expected


def test_only_the_newest_change_is_undone(layer: Assignment) -> None:
    first, second = placed(TEXT, "Menteri Laras"), placed(TEXT, "Warga")
    send(layer, first)
    send(layer, second)
    answer = send(layer, operation("undo", of=first["id"]))
    assert (answer.status, answer.payload["error"]) == (409, "undo")
    assert answer.payload["current"] == {"undo": UUID(str(second["id"]))}


def test_a_new_change_ends_redo(layer: Assignment) -> None:
    first = placed(TEXT, "Menteri Laras")
    send(layer, first)
    send(layer, operation("undo", of=first["id"]))
    send(layer, placed(TEXT, "Warga"))
    assert send(layer, operation("redo", of=first["id"])).payload["error"] == "undo"


def test_undo_of_what_the_same_request_did(layer: Assignment) -> None:
    first = placed(TEXT, "Menteri Laras")
    assert send(layer, first, operation("undo", of=first["id"])).status == 200
    assert state(layer) == ([], [])
    assert send(layer, operation("redo", of=first["id"])).status == 200
    assert len(state(layer)[0]) == 1


def test_a_group_id_serves_once(layer: Assignment) -> None:
    first = placed(TEXT, "Menteri Laras")
    send(layer, first)
    assert (
        send(layer, placed(TEXT, "Warga") | {"group": first["id"]}).payload["error"] == "reused_id"
    )


def test_a_relation_must_fit_the_schema(layer: Assignment) -> None:
    quote, actor = placed(TEXT, "“Kami,”", label="QUOTE"), placed(TEXT, "Menteri Laras")
    send(layer, quote, actor)
    assert send(layer, related("SPEAKER", span_id(actor), span_id(quote))).status == 422
    assert send(layer, related("SPEAKER", span_id(quote), str(uuid4()))).status == 422


def test_nesting_goes_in_no_circle(layer: Assignment) -> None:
    outer, inner = placed(TEXT, TEXT, label="QUOTE"), placed(TEXT, TEXT, label="QUOTE")
    send(layer, outer, inner, related("NESTED_IN", span_id(inner), span_id(outer)))
    assert send(layer, related("NESTED_IN", span_id(outer), span_id(inner))).status == 422


def test_retag_drops_what_does_not_fit_and_undo_restores_it(layer: Assignment) -> None:
    quote = placed(TEXT, "“Kami,”", label="QUOTE", attributes={"type": "direct"})
    actor = placed(TEXT, "Menteri Laras")
    send(layer, quote, actor, related("SPEAKER", span_id(quote), span_id(actor)))
    before = state(layer)
    retag = operation("retag", span=span_id(quote), label="CUE")
    send(layer, retag)
    assert Relation.objects.filter(assignment=layer, removed=False).count() == 0
    send(layer, operation("undo", of=retag["id"]))
    assert state(layer) == before


def test_an_entity_of_another_registry_is_refused(layer: Assignment) -> None:
    foreign = factories.entity(factories.corpus())
    actor = placed(TEXT, "Menteri Laras")
    send(layer, actor)
    answer = send(layer, operation("link", span=span_id(actor), entity=str(foreign.uuid)))
    assert answer.payload["error"] == "schema"


def test_counts_follow_the_layer(layer: Assignment) -> None:
    quote, actor = placed(TEXT, "“Kami,”", label="QUOTE"), placed(TEXT, "Menteri Laras")
    send(layer, quote, actor, related("SPEAKER", span_id(quote), span_id(actor)))
    layer.refresh_from_db()
    assert (layer.revision, layer.span_count, layer.relation_count) == (3, 2, 1)
    send(layer, operation("remove", span=span_id(actor)))
    layer.refresh_from_db()
    assert (layer.revision, layer.span_count, layer.relation_count) == (4, 1, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"base":0}',
        b'{"base":0,"operations":[]}',
        b'{"base":-1,"operations":[{"op":"undo","id":"%s","of":"%s"}]}',
        b'{"base":0,"operations":[{"op":"note","id":"018f6b6e-0000-7000-8000-000000000001"}]}',
        b'{"base":NaN,"operations":[]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_malformed_is_said_to_be(layer: Assignment, body: bytes) -> None:
    person = User.objects.get(pk=layer.annotator_id)
    assert operate(layer.pk, body, by=person).status == 400


def test_too_much_is_refused(layer: Assignment) -> None:
    person = User.objects.get(pk=layer.annotator_id)
    many = [placed(TEXT, "Warga") for _ in range(201)]
    assert send(layer, *many).status == 400
    assert operate(layer.pk, b" " * 1_000_001, by=person).status == 413


@pytest.mark.parametrize("spans", [0, 150])
def test_a_save_costs_the_same_however_large_the_layer(
    layer: Assignment, spans: int, django_assert_num_queries: Any
) -> None:
    actor = placed(TEXT, "Menteri Laras")
    send(layer, actor, *[placed(TEXT, "Warga") for _ in range(spans)])
    send(layer, operation("set", span=span_id(actor), attributes={"form": "role"}))
    layer.refresh_from_db()
    person = User.objects.get(pk=layer.annotator_id)
    move = operation("move", span=span_id(actor), fragments=[[0, 7]], text=["Menteri"])
    body = json.dumps({"base": layer.revision, "operations": [move]}).encode()
    # two of the seven are the savepoint, which outside a test's transaction is BEGIN and COMMIT
    with django_assert_num_queries(7):
        assert operate(layer.pk, body, by=person).status == 200


def test_new_spans_go_the_general_way_as_well_as_the_fast_one(layer: Assignment) -> None:
    entity = factories.entity(layer.corpus)
    fast, general = placed(TEXT, "Laras"), placed(TEXT, "Laras", entity=str(entity.uuid))
    assert [send(layer, fast).status, send(layer, general).status] == [200, 200]
    plain, linked = Span.objects.filter(assignment=layer).order_by("changed_seq")
    assert (plain.text, plain.fragments) == (linked.text, linked.fragments)
    assert (plain.entity_id, linked.entity_id) == (None, entity.pk)


def test_a_span_id_serves_once(layer: Assignment) -> None:
    first = placed(TEXT, "Menteri Laras")
    send(layer, first)
    again = placed(TEXT, "Warga")
    again["span"] |= {"id": span_id(first)}  # type: ignore[operator]
    assert send(layer, again).payload["error"] == "reused_id"


def test_a_refused_removal_leaves_the_counts_alone(layer: Assignment) -> None:
    actor = placed(TEXT, "Menteri Laras")
    send(layer, actor)
    assert send(layer, operation("unrelate", relation=str(uuid4()))).status == 422
    layer.refresh_from_db()
    assert (layer.revision, layer.span_count, layer.relation_count) == (1, 1, 0)
