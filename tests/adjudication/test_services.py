"""Who is given which gold layer."""

import threading

import pytest
from django.db import connections

from annotations.adjudication.services import Held, claim_next, open_gold, take_over
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.assignments.services import Impossible, close
from annotations.assignments.trash import withdraw_campaign
from annotations.history.models import Event
from tests import factories
from tests.adjudication.settling import campaign_of, gold_of, more, submitted
from tests.agreement.layers import set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


@pytest.fixture
def first(campaign):
    return campaign.corpus.articles.get()


def test_an_article_gets_one_gold_layer_however_often_it_is_opened(
    campaign, first, adjudicator
) -> None:
    submitted(campaign, first)
    gold = open_gold(campaign, first, by=adjudicator)
    assert (gold.kind, gold.slot, gold.status) == (Kind.GOLD, 1, Status.OPEN)
    assert open_gold(campaign, first, by=adjudicator) == gold
    assert Event.objects.get(verb="assignment.adjudicated").by == adjudicator


def test_an_article_that_is_not_ready_gets_none(campaign, first, adjudicator) -> None:
    with pytest.raises(Impossible, match="not ready"):
        open_gold(campaign, first, by=adjudicator)
    foreign = factories.article(factories.corpus())
    with pytest.raises(Impossible, match="not ready"):
        open_gold(campaign, foreign, by=adjudicator)


def test_what_another_settles_is_named_and_taken_over_only_when_asked(
    campaign, first, adjudicator, manager
) -> None:
    gold = gold_of(campaign, adjudicator)
    with pytest.raises(Held, match="adjudicator settles this article") as held:
        open_gold(campaign, first, by=manager)
    assert take_over(held.value.gold, by=manager).annotator == manager
    assert take_over(held.value.gold, by=manager).annotator == manager, "asked twice"
    assert open_gold(campaign, first, by=manager) == gold
    assert Event.objects.get(verb="assignment.taken-over").data == {"before": "adjudicator"}


def test_what_is_settled_is_not_taken_over(campaign, adjudicator, manager) -> None:
    gold = gold_of(campaign, adjudicator)
    set_status(gold, Status.SUBMITTED)
    with pytest.raises(Impossible, match="Reopen it first"):
        take_over(gold, by=manager)


def test_a_campaign_that_does_not_run_hands_out_nothing(campaign, first, adjudicator) -> None:
    submitted(campaign, first)
    close(campaign, by=None)
    with pytest.raises(Impossible, match="does not run"):
        open_gold(campaign, first, by=adjudicator)
    assert claim_next(campaign, by=adjudicator) is None
    withdraw_campaign(campaign, by=None)
    with pytest.raises(Impossible, match="in the trash"):
        open_gold(campaign, first, by=adjudicator)
    assert claim_next(campaign, by=adjudicator) is None


def test_the_next_is_the_one_at_hand_then_the_first_that_is_ready(
    campaign, adjudicator, manager
) -> None:
    one, two, three = [*campaign.corpus.articles.all(), *more(campaign, 2)]
    assert claim_next(campaign, by=adjudicator) is None
    submitted(campaign, two)
    submitted(campaign, three)
    at_hand = claim_next(campaign, by=adjudicator)
    assert at_hand.article == two
    submitted(campaign, one)
    assert claim_next(campaign, by=adjudicator) == at_hand
    assert claim_next(campaign, by=manager).article == one
    set_status(at_hand, Status.SUBMITTED)
    assert claim_next(campaign, by=adjudicator).article == three
    set_status(at_hand, Status.REOPENED)
    assert claim_next(campaign, by=adjudicator) == at_hand


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_many_that_ask_at_once_get_one_article_each_and_one_person_one() -> None:
    annotator = factories.user()
    people = [factories.user(role="manager") for _ in range(2)]
    campaign = campaign_of(annotator)
    for each in [*campaign.corpus.articles.all(), *more(campaign, 5)]:
        submitted(campaign, each)
    given: list[Assignment] = []

    def ask(person) -> None:
        given.append(claim_next(campaign, by=person))
        connections.close_all()

    asking = [threading.Thread(target=ask, args=(person,)) for person in people * 3]
    for each in asking:
        each.start()
    for each in asking:
        each.join(timeout=30)
    assert len(given) == 6
    assert len({(one.annotator_id, one.article_id) for one in given}) == 2
    assert campaign.assignments.filter(kind=Kind.GOLD).count() == 2
