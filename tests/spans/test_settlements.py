"""Settlements through the one door: what a gold layer makes of what annotators labelled."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.limits import LIMITS
from annotations.spans.models import Remark
from annotations.spans.protocol import Answer, operate
from annotations.spans.queries import Settlement, layer_state
from annotations.spans.requests import MAX_MEMBERS
from tests import factories
from tests.factories import TEXT, noted, operation, placed, related, settled, span_id
from tests.spans.test_operations import send
from tests.spans.test_remarks import changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(annotator_a: User) -> Assignment:
    """An annotator's layer, with nothing in it yet."""
    return factories.assignment(annotator_a)


@pytest.fixture
def actor(theirs: Assignment) -> str:
    """A span of the annotator's layer."""
    place = placed(TEXT, "Menteri Laras")
    send(theirs, place)
    return span_id(place)


@pytest.fixture
def speaker(theirs: Assignment, actor: str) -> str:
    """A relation of the annotator's layer."""
    quote = placed(TEXT, "“Kami,”", label="QUOTE")
    relate = related("SPEAKER", span_id(quote), actor)
    send(theirs, quote, relate)
    return relation_id(relate)


@pytest.fixture
def gold(theirs: Assignment, adjudicator: User) -> Assignment:
    return factories.gold(theirs, adjudicator)


@pytest.fixture
def span(gold: Assignment) -> str:
    """A span of the gold layer."""
    place = placed(TEXT, "Menteri Laras")
    send(gold, place)
    return span_id(place)


@pytest.fixture
def quote(gold: Assignment, span: str) -> str:
    """A quote of the gold layer."""
    place = placed(TEXT, "“Kami,”", label="QUOTE")
    send(gold, place)
    return span_id(place)


def relation_id(relate: dict[str, Any]) -> str:
    return str(relate["relation"]["id"])


def settlement_id(settle: dict[str, Any]) -> str:
    return str(settle["settlement"]["id"])


def shown(gold: Assignment) -> list[Settlement]:
    gold.refresh_from_db()
    return layer_state(gold).settlements


def error(answer: Answer) -> tuple[int, object]:
    return answer.status, answer.payload["error"]


def test_a_version_is_taken_by_name_and_moment(
    theirs: Assignment, actor: str, gold: Assignment, span: str
) -> None:
    User.objects.filter(pk=gold.annotator_id).update(display_name="Rina")
    settle = settled([(theirs, actor)], "take", span, took=theirs, reason="Nama lengkap.")
    [change] = changes(send(gold, settle))
    [one] = shown(gold)
    assert (change.kind, change.before, change.after.reason) == ("settlement", None, one.reason)
    assert (one.decision, one.took, str(one.span)) == ("take", theirs.pk, span)
    assert [(member.layer, str(member.span)) for member in one.of] == [(theirs.pk, actor)]
    assert (one.author, one.at) == ("Rina", Remark.objects.get().at)
    assert str(Remark.objects.get().span_id) == span


def test_a_span_is_placed_and_settled_in_one_step(
    theirs: Assignment, actor: str, gold: Assignment
) -> None:
    place, group = placed(TEXT, "Menteri Laras"), str(uuid4())
    settle = settled([(theirs, actor)], "equal", span_id(place))
    assert send(gold, place | {"group": group}, settle | {"group": group}).status == 200
    assert len(shown(gold)) == 1
    send(gold, operation("undo", of=group))
    assert (shown(gold), layer_state(gold).spans) == ([], [])
    send(gold, operation("redo", of=group))
    assert len(shown(gold)) == 1


def test_nothing_may_come_of_what_was_labelled(
    theirs: Assignment, actor: str, gold: Assignment
) -> None:
    settle = settled([(theirs, actor)], "none", reason="Bukan pelaku.")
    send(gold, settle)
    [one] = shown(gold)
    assert (one.decision, one.result, one.span, one.relations) == ("none", None, None, [])
    again = settled([(theirs, actor)], None, settlement=settlement_id(settle))
    [change] = changes(send(gold, again))
    assert (change.kind, change.after, shown(gold)) == ("settlement", None, [])
    send(gold, operation("undo", of=again["id"]))
    assert shown(gold) == [one]
    send(gold, operation("restore", to=0))
    assert shown(gold) == []


def test_only_a_gold_layer_settles(theirs: Assignment, actor: str) -> None:
    answer = send(theirs, settled([(theirs, actor)], "none"))
    assert error(answer) == (422, "not_gold")
    assert "Only a gold layer" in str(answer.payload["message"])
    assert Remark.objects.count() == 0


def test_only_what_annotators_labelled_in_this_article_is_settled(
    theirs: Assignment, actor: str, gold: Assignment, span: str, speaker: str, annotator_a: User
) -> None:
    elsewhere = factories.assignment(annotator_a)
    place = placed(TEXT, "Menteri Laras")
    send(elsewhere, place)
    for member in (
        (theirs, str(uuid4())),
        (theirs, speaker),
        (gold, span),
        (elsewhere, span_id(place)),
        (Assignment(pk=2**62), actor),
    ):
        answer = send(gold, settled([(theirs, actor), member], "none"))
        assert error(answer) == (422, "unknown"), member
    assert shown(gold) == []


def test_what_was_there_can_be_settled_after_it_went(
    theirs: Assignment, actor: str, gold: Assignment
) -> None:
    send(theirs, operation("remove", span=actor))
    assert send(gold, settled([(theirs, actor)], "none")).status == 200


def test_what_came_of_it_must_be_in_the_gold_layer(
    theirs: Assignment, actor: str, speaker: str, gold: Assignment, span: str
) -> None:
    for settle in (
        settled([(theirs, actor)], "merge", actor),
        settled([(theirs, speaker)], "merge", [speaker], sort="relation"),
    ):
        assert error(send(gold, settle)) == (422, "unknown")
    send(gold, operation("remove", span=span))
    assert error(send(gold, settled([(theirs, actor)], "merge", span))) == (422, "unknown")


def test_another_decision_or_reason_is_given_but_never_about_something_else(
    theirs: Assignment, actor: str, gold: Assignment, span: str, quote: str
) -> None:
    settle = settled([(theirs, actor)], "take", span, took=theirs)
    same = settlement_id(settle)
    send(gold, settle)
    first = shown(gold)[0]
    send(gold, settled([(theirs, actor)], "merge", span, reason="Diubah.", settlement=same))
    [one] = shown(gold)
    assert (one.decision, one.took, one.reason, one.at) == ("merge", None, "Diubah.", first.at)
    second = placed(TEXT, "Laras")
    send(theirs, second)
    for other in (
        settled([(theirs, span_id(second))], "merge", span, settlement=same),
        settled([(theirs, actor)], "merge", quote, settlement=same),
        settled([(theirs, actor)], "none", settlement=same),
        settled([(theirs, span_id(second))], None, settlement=same),
    ):
        assert error(send(gold, other)) == (422, "reused_id")
    assert shown(gold) == [one]


def test_a_settlement_that_went_does_not_come_again(
    theirs: Assignment, actor: str, gold: Assignment
) -> None:
    settle = settled([(theirs, actor)], "none")
    same = settlement_id(settle)
    assert error(send(gold, settled([(theirs, actor)], None))) == (422, "unknown")
    send(gold, settle, settled([(theirs, actor)], None, settlement=same))
    again = settled([(theirs, actor)], "none", settlement=same)
    assert error(send(gold, again)) == (422, "reused_id")


def test_removing_a_span_removes_its_settlement_and_undo_brings_both_back(
    theirs: Assignment, actor: str, gold: Assignment, span: str
) -> None:
    send(gold, settled([(theirs, actor)], "equal", span), noted(span, "Jelas."))
    before = shown(gold)
    remove = operation("remove", span=span)
    assert [one.kind for one in changes(send(gold, remove))] == ["settlement", "note", "span"]
    assert shown(gold) == []
    send(gold, operation("undo", of=remove["id"]))
    assert shown(gold) == before


@pytest.mark.parametrize("step", ["unrelate", "remove", "retag"])
def test_a_settlement_goes_with_a_relation_that_came_of_it(
    theirs: Assignment, speaker: str, gold: Assignment, span: str, quote: str, step: str
) -> None:
    relate = related("SPEAKER", quote, span)
    one = relation_id(relate)
    send(gold, relate, settled([(theirs, speaker)], "merge", [one], sort="relation"))
    before = shown(gold)
    away = {
        "unrelate": operation("unrelate", relation=one),
        "remove": operation("remove", span=span),
        "retag": operation("retag", span=quote, label="CUE"),
    }[step]
    listed = [change.kind for change in changes(send(gold, away))]
    assert listed[:2] == ["settlement", "relation"]
    assert shown(gold) == []
    send(gold, operation("undo", of=away["id"]))
    assert shown(gold) == before


def test_a_settlement_stays_with_relations_that_did_not_come_of_it(
    theirs: Assignment, speaker: str, gold: Assignment, span: str, quote: str
) -> None:
    second = placed(TEXT, "“tidak akan mundur 🚢.”", label="QUOTE")
    kept, other = (related("SPEAKER", one, span) for one in (quote, span_id(second)))
    settle = settled([(theirs, speaker)], "merge", [relation_id(kept)], sort="relation")
    assert send(gold, second, kept, other, settle).status == 200
    assert send(gold, operation("unrelate", relation=relation_id(other))).status == 200
    assert len(shown(gold)) == 1


def test_a_reason_has_its_limit(theirs: Assignment, actor: str, gold: Assignment) -> None:
    reason = "a" * (LIMITS.reason_code_points + 1)
    answer = send(gold, settled([(theirs, actor)], "none", reason=reason))
    assert error(answer) == (422, "too_long")


ID = str(uuid4())
OF = [{"layer": 1, "span": ID}]
NONE: dict[str, Any] = {
    "id": ID, "of": OF, "decision": "none", "took": None, "result": None, "reason": "",
}  # fmt: skip
MERGE = NONE | {"decision": "merge", "result": {"span": ID}}


@pytest.mark.parametrize(
    "bad",
    [
        NONE | {"of": []},
        NONE | {"of": OF * 2},
        NONE | {"of": [{"layer": 1, "span": str(UUID(int=n))} for n in range(MAX_MEMBERS + 1)]},
        NONE | {"of": [*OF, {"layer": 1, "relation": ID}]},
        NONE | {"of": [{"layer": 1}]},
        NONE | {"of": [{"layer": 1, "span": ID, "relation": ID}]},
        NONE | {"of": [{"layer": 0, "span": ID}]},
        NONE | {"of": [{"layer": 2**63, "span": ID}]},
        NONE | {"of": [{"layer": "1", "span": ID}]},
        NONE | {"decision": "guess"},
        NONE | {"took": 1},
        NONE | {"result": {"span": ID}},
        NONE | {"reason": None},
        NONE | {"reason": "a\x00b"},
        NONE | {"author": "orang lain"},
        MERGE | {"result": None},
        MERGE | {"result": {}},
        MERGE | {"result": {"relations": [ID]}},
        MERGE | {"result": {"span": ID, "relations": [ID]}},
        MERGE | {"of": [{"layer": 1, "relation": ID}], "result": {"relations": []}},
        MERGE | {"of": [{"layer": 1, "relation": ID}], "result": {"relations": [ID, ID]}},
        MERGE | {"decision": "take"},
        MERGE | {"decision": "take", "took": 2},
        {key: value for key, value in NONE.items() if key != "took"},
    ],
)
def test_a_malformed_settlement_is_said_to_be(gold: Assignment, bad: dict[str, Any]) -> None:
    answer = send(gold, operation("settle", settlement=bad))
    assert error(answer) == (400, "malformed")


def test_a_repeated_settlement_is_answered_with_its_first_result(
    theirs: Assignment, actor: str, gold: Assignment
) -> None:
    settle = settled([(theirs, actor)], "none")
    send(gold, settle)
    again = send(gold, settle, base=0)
    assert again.payload["results"][0]["repeated"] is True  # type: ignore[index]
    Assignment.objects.filter(pk=gold.pk).update(status="submitted")
    assert error(send(gold, settled([(theirs, actor)], "none"))) == (409, "closed")


@pytest.mark.parametrize("much", [0, 60])
def test_settling_costs_the_same_however_much_was_settled(
    theirs: Assignment,
    speaker: str,
    actor: str,
    gold: Assignment,
    span: str,
    quote: str,
    much: int,
    django_assert_num_queries: Any,
) -> None:
    relate = related("SPEAKER", quote, span)
    of = [(theirs, speaker)]
    send(gold, relate, settled(of, "merge", [relation_id(relate)], sort="relation"))
    send(gold, *[settled([(theirs, actor)], "equal", span) for _ in range(much)])
    person = User.objects.get(pk=gold.annotator_id)

    def costs(step: dict[str, object], queries: int) -> None:
        gold.refresh_from_db()
        body = json.dumps({"base": gold.revision, "operations": [step]}).encode()
        with django_assert_num_queries(queries):
            assert operate(gold.pk, body, by=person).status == 200

    # two of each are the savepoint, which outside a test's transaction is BEGIN and COMMIT
    costs(settled([(theirs, actor)], "none"), 7)
    costs(settled([(theirs, actor)], "equal", span), 8)
    costs(operation("unrelate", relation=relation_id(relate)), 10)
    remove = operation("remove", span=span)
    costs(remove, 10)
    gold.refresh_from_db()
    with django_assert_num_queries(4):
        layer_state(gold)


def test_who_settled_what_cannot_be_rewritten() -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM remark WHERE kind = 'settlement'")
