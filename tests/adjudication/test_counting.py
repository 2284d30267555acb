"""How many articles stand where: kept, and true whatever changed since, by whatever door."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from annotations.accounts.models import User
from annotations.adjudication import counting
from annotations.adjudication.counting import counts, counts_of
from annotations.adjudication.models import ArticleStanding, StandingChange
from annotations.adjudication.queries import STATES, Counts
from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.spans.images import fetch
from tests import factories
from tests.adjudication.settling import campaign_of, more, submitted
from tests.agreement.layers import mark, set_status

pytestmark = pytest.mark.django_db

ACTOR = mark("ACTOR", (20, 24))


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


def counted(campaign: Campaign) -> Counts:
    """What is kept, and that it is what the layers say."""
    states = [row[1] for row in fetch(STATES.format(range=""), {"campaign": campaign.pk})]
    found = counts(campaign)
    assert found == Counts(**{state: states.count(state) for state in set(states)})
    return found


def test_it_follows_every_change(campaign, annotator_a, adjudicator) -> None:
    assert counted(campaign) == Counts(waiting=1)
    first, second = campaign.corpus.articles.get(), more(campaign, 1)[0]
    assert counted(campaign) == Counts(waiting=2)
    submitted(campaign, first, annotator_a=(ACTOR,))
    assert counted(campaign) == Counts(waiting=1, ready=1)
    gold = open_gold(campaign, first, by=adjudicator)
    assert counted(campaign) == Counts(waiting=1, progress=1)
    set_status(gold, Status.SUBMITTED)
    assert counted(campaign) == Counts(waiting=1, settled=1)
    layer = campaign.assignments.get(article=second, annotator=annotator_a)
    set_status(layer, Status.SUBMITTED)
    assert counted(campaign) == Counts(waiting=1, settled=1)
    for is_active, stands in ((False, Counts(ready=1, settled=1)), (True, Counts(1, 0, 0, 1))):
        for other in User.objects.filter(username="annotator_b"):
            other.is_active = is_active
            other.save()
        assert counted(campaign) == stands
    Assignment.objects.filter(article=first).update(withdrawn=True)
    assert counted(campaign) == Counts(waiting=1)
    Assignment.objects.filter(article=first).update(withdrawn=False)
    assert counted(campaign) == Counts(waiting=1, settled=1)


def test_what_did_not_change_is_not_looked_at_again(
    campaign, django_assert_num_queries: Any
) -> None:
    other = campaign_of(factories.user())
    keys = [campaign.pk, other.pk]
    with django_assert_num_queries(8):  # two of them begin and end what is done together
        counts_of(keys)
    with django_assert_num_queries(2):
        assert counts_of(keys)[other.pk] == Counts(waiting=1)
    assert not StandingChange.objects.exists()
    assert ArticleStanding.objects.count() == 2
    with django_assert_num_queries(2):
        assert counts_of([]) == {}


def test_a_save_leaves_nothing_to_look_at(campaign, annotator_a) -> None:
    layer = campaign.assignments.filter(annotator=annotator_a).get()
    set_status(layer, Status.OPEN)
    counts(campaign)
    Assignment.objects.filter(pk=layer.pk).update(revision=7, status=Status.OPEN)
    assert not StandingChange.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_many_who_change_and_ask_at_once_end_at_the_truth(
    annotator_a, annotator_b, adjudicator
) -> None:
    campaign = campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))
    more(campaign, 5)
    layers = [*campaign.assignments.order_by("pk")]
    barrier, faults = Barrier(4), []

    def change(some: list[Assignment]) -> None:
        try:
            barrier.wait()
            for layer in some:
                with transaction.atomic():
                    set_status(layer, Status.SUBMITTED)
                    counting.counts(campaign)
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=change, args=(layers[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert counted(campaign) == Counts(ready=6)
