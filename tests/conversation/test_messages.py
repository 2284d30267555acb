"""Messages about a layer: who may write them, what waits for whom, what becomes of them."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.assignments.services import reopen
from annotations.assignments.trash import withdraw_campaign
from annotations.conversation.models import Message
from annotations.conversation.queries import letters, threads, waiting
from annotations.conversation.services import Unsaid, say, see
from annotations.exchange.outgoing import position
from annotations.history.models import Event
from annotations.limits import LIMITS
from tests import factories
from tests.agreement.layers import set_status
from tests.conversation.asking import asked_layer, draft, said, span_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(annotator_a: User, annotator_b: User, adjudicator: User, manager: User) -> Assignment:
    return asked_layer(annotator_a, annotator_b, adjudicators=(adjudicator, manager))


def counts(user: User) -> tuple[int, int]:
    found = waiting(user, policy.layers_discussed_by(user))
    return found.questions, found.answers


def test_a_question_waits_for_the_annotator_until_they_answer(
    layer, annotator_a, annotator_b, adjudicator, manager
) -> None:
    question = said(layer, adjudicator, span=span_of(layer))
    assert [counts(who) for who in (annotator_a, annotator_b, adjudicator, manager)] == [
        (1, 0), (0, 0), (0, 0), (0, 0),
    ]  # fmt: skip
    said(layer, annotator_a, "Karena kutipannya utuh.", span=span_of(layer), seen=question.id)
    assert [counts(who) for who in (annotator_a, adjudicator, manager)] == [(0, 0), (0, 1), (0, 0)]


def test_what_needs_no_answer_is_only_read(layer, annotator_a, adjudicator) -> None:
    question = said(layer, adjudicator)
    see(layer, question.id, by=adjudicator)
    assert counts(annotator_a) == (1, 0), "who asked cannot read it for the other"
    for _again in range(2):
        see(layer, question.id, by=annotator_a)
    see(layer, uuid4(), by=annotator_a)
    assert counts(annotator_a) == (0, 0)
    assert counts(adjudicator) == (0, 0)


def test_what_came_since_somebody_looked_still_waits(layer, annotator_a, adjudicator) -> None:
    first = said(layer, adjudicator)
    said(layer, adjudicator, "Dan siapa penuturnya?")
    said(layer, annotator_a, "Ya.", seen=first.id)
    assert counts(annotator_a) == (1, 0)


def test_an_answer_is_to_who_asked_and_no_other_reads_it_away(
    layer, annotator_a, adjudicator, manager
) -> None:
    said(layer, adjudicator)
    answer = said(layer, annotator_a, "Ya.")
    said(layer, manager, "Terima kasih.", seen=answer.id)
    assert counts(adjudicator) == (0, 1)
    see(layer, answer.id, by=adjudicator)
    assert counts(adjudicator) == (0, 0)


def test_what_an_annotator_says_unasked_waits_for_whoever_adjudicates(
    layer, annotator_a, adjudicator, manager
) -> None:
    told = said(layer, annotator_a, "Saya salah di sini.")
    assert [counts(who) for who in (adjudicator, manager)] == [(0, 1), (0, 1)]
    see(layer, told.id, by=manager)
    assert [counts(who) for who in (adjudicator, manager)] == [(0, 0), (0, 0)]


def test_an_answer_to_somebody_who_is_gone_waits_for_the_others(
    layer, annotator_a, adjudicator, manager
) -> None:
    said(layer, adjudicator)
    User.objects.filter(pk=adjudicator.pk).update(is_active=False)
    said(layer, annotator_a, "Ya.")
    adjudicator.refresh_from_db()
    assert [counts(who) for who in (adjudicator, manager)] == [(0, 0), (0, 1)]


def test_the_same_message_twice_is_there_once(layer, adjudicator, manager) -> None:
    one = draft()
    assert say(layer, one, by=adjudicator).pk == say(layer, one, by=adjudicator).pk
    assert Message.objects.count() == Event.objects.filter(verb="layer.said").count() == 1
    other = draft("Lain.", id=one.id)
    for by, again in ((adjudicator, other), (manager, one)):
        with pytest.raises(Unsaid) as unsaid:
            say(layer, again, by=by)
        assert unsaid.value.error == "reused_id"
    assert Message.objects.get().text == one.text


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "empty"),
        (" \n\u3000", "empty"),
        ("x" * (LIMITS.note_code_points + 1), "too_long"),
        ("a\x00b", "malformed"),
        ("a\x07b", "malformed"),
        ("a\ud800b", "malformed"),
    ],
)
def test_what_no_text_may_be_is_refused(layer, adjudicator, text, error) -> None:
    with pytest.raises(Unsaid) as unsaid:
        said(layer, adjudicator, text)
    assert unsaid.value.error == error
    assert not Message.objects.exists()


def test_a_message_as_long_as_may_be_and_in_any_script_is_kept_as_it_is(layer, adjudicator) -> None:
    for text in ("🚢" * LIMITS.note_code_points, "\u202eabc <b>&amp;</b>", "\u200fمرحبا"):
        assert said(layer, adjudicator, text).text == text


def test_a_span_of_another_layer_is_none_of_this_one(layer, annotator_b, adjudicator) -> None:
    other = layer.campaign.assignments.get(annotator=annotator_b)
    for span in (span_of(other), uuid4()):
        with pytest.raises(Unsaid) as unsaid:
            said(layer, adjudicator, span=span)
        assert unsaid.value.error == "unknown"


def test_a_layer_holds_so_many_messages_and_no_more(layer, adjudicator, monkeypatch) -> None:
    now = timezone.now()
    Message.objects.bulk_create(
        Message(assignment=layer, id=uuid4(), asks=True, text="?", account=adjudicator, at=now)
        for _ in range(LIMITS.layer_messages)
    )
    with pytest.raises(Unsaid) as unsaid:
        said(layer, adjudicator)
    assert unsaid.value.error == "too_many"
    assert "500" in str(unsaid.value)


@pytest.mark.parametrize("status", [Status.OPEN, Status.SKIPPED, Status.WAITING])
def test_only_what_was_submitted_is_discussed(layer, annotator_a, adjudicator, status) -> None:
    set_status(layer, status)
    for who in (annotator_a, adjudicator):
        assert not policy.DISCUSS.allows(who, layer)
        with pytest.raises(Unsaid):
            said(layer, who)


def test_a_layer_that_was_reopened_is_discussed_on(
    layer, annotator_a, adjudicator, manager
) -> None:
    said(layer, adjudicator)
    reopen(layer, by=manager)
    assert counts(annotator_a) == (1, 0)
    assert policy.DISCUSS.allows(adjudicator, layer)
    said(layer, annotator_a, "Diperbaiki.")


def test_who_may_discuss_a_layer(
    layer, annotator_a, annotator_b, adjudicator, manager, analyst, stranger
) -> None:
    cast = (annotator_a, annotator_b, adjudicator, manager, analyst, stranger)
    may = [who for who in cast if policy.DISCUSS.allows(who, layer)]
    assert may == [annotator_a, adjudicator, manager]
    assert [who for who in cast if layer in policy.layers_discussed_by(who)] == may
    layer.campaign.places.create(user=adjudicator)
    assert not policy.DISCUSS.allows(adjudicator, layer), "who labels here reads no other layer"
    layer.campaign.places.filter(user=annotator_a).delete()
    assert policy.DISCUSS.allows(annotator_a, layer), "their layer is theirs, as at the desk"
    User.objects.filter(pk=annotator_a.pk).update(is_active=False)
    annotator_a.refresh_from_db()
    assert not policy.DISCUSS.allows(annotator_a, layer)


def test_a_gold_layer_is_not_discussed(layer, adjudicator) -> None:
    gold = factories.gold(layer, adjudicator)
    set_status(gold, Status.SUBMITTED)
    assert not policy.DISCUSS.allows(adjudicator, gold)


def test_a_closed_campaign_takes_no_message_and_nothing_waits_in_it(
    layer, annotator_a, adjudicator
) -> None:
    said(layer, adjudicator)
    Campaign.objects.update(status=Campaign.Status.CLOSED)
    assert counts(annotator_a) == (0, 0)
    assert len(threads(annotator_a, policy.layers_discussed_by(annotator_a))) == 1
    with pytest.raises(Unsaid) as unsaid:
        said(layer, annotator_a)
    assert unsaid.value.error == "closed"


def test_nothing_is_seen_or_said_of_what_is_in_the_trash(layer, annotator_a, adjudicator) -> None:
    said(layer, adjudicator)
    withdraw_campaign(layer.campaign, by=None)
    assert counts(annotator_a) == (0, 0)
    assert not policy.DISCUSS.allows(annotator_a, layer)
    with pytest.raises(Unsaid):
        said(layer, annotator_a)


def test_messages_change_nothing_in_the_layer_and_move_the_history(layer, adjudicator) -> None:
    before, at = Assignment.objects.filter(pk=layer.pk).values().get(), position(layer.campaign)
    said(layer, adjudicator)
    assert Assignment.objects.filter(pk=layer.pk).values().get() == before
    after = position(layer.campaign)
    assert after["operations"] == at["operations"]
    assert after["event"] > at["event"], "an export made now holds something else"
    event = Event.objects.get(verb="layer.said")
    assert (event.by, event.thing_id) == (adjudicator, str(layer.pk))
    assert "langsung" not in str(event.data), "the history keeps no words that a takedown must find"


def test_messages_go_with_the_text_that_is_taken_down(layer, adjudicator) -> None:
    said(layer, adjudicator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_down(%s)", [layer.article_id])
    assert not Message.objects.exists()


def test_a_message_is_never_changed_or_deleted_by_the_app(layer, adjudicator) -> None:
    said(layer, adjudicator)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(current_user, 'message', 'DELETE'),"
            " has_column_privilege(current_user, 'message', 'text', 'UPDATE'),"
            " has_column_privilege(current_user, 'message', 'waits', 'UPDATE')"
        )
        assert cursor.fetchone() == (False, False, True)


def test_threads_that_wait_come_first_then_the_newest(layer, annotator_a, adjudicator) -> None:
    old = said(layer, adjudicator, span=span_of(layer))
    said(layer, adjudicator)
    see(layer, Message.objects.get(span_id=None).id, by=annotator_a)
    found = threads(annotator_a, policy.layers_discussed_by(annotator_a))
    assert list(found.items()) == [((layer.pk, old.span_id), True), ((layer.pk, None), False)]


def test_it_is_one_query_whatever_there_is(
    layer, annotator_a, adjudicator, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        said(layer, adjudicator)
    layers = policy.layers_discussed_by(annotator_a)
    with django_assert_num_queries(1):
        waiting(annotator_a, layers)
    with django_assert_num_queries(1):
        threads(annotator_a, layers)
    with django_assert_num_queries(1):
        assert len(letters([layer.pk])) == 5
    with django_assert_num_queries(0):
        letters([])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_requests_at_once_send_it_once(annotator_a, annotator_b, adjudicator, manager) -> None:
    layer = asked_layer(annotator_a, annotator_b, adjudicators=(adjudicator,))
    one, barrier = draft(), Barrier(4)

    def send() -> None:
        barrier.wait()
        say(layer, one, by=adjudicator)
        connection.close()

    senders = [Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert Message.objects.count() == 1
