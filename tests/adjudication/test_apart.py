"""A gold layer is nobody's annotation: what is the annotators' does not know it."""

from typing import Any

import pytest
from django.db import transaction

from annotations import policy
from annotations.accounts.services import deactivate
from annotations.adjudication.queries import State, articles, cases_of, state_of
from annotations.adjudication.services import Held, claim_next, hand_back, open_gold
from annotations.agreement.counted import compared_now, left_out
from annotations.agreement.starting import KIND as AGREEMENT
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.assignments.services import Impossible, skip
from annotations.assignments.services import claim_next as claim_own
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.search import Search
from annotations.corpora.searching.walking import Span
from annotations.exchange.members import keys_of, members
from annotations.exchange.outgoing import SUBMITTED, WITH_OPEN
from annotations.jobs.services import run_here
from annotations.web.campaigns.presenters import progress
from annotations.web.concordance.forms import _people
from annotations.web.desk.presenters import Desk
from tests import factories
from tests.adjudication.settling import campaign_of, gold_of, more, submitted, work
from tests.agreement.layers import mark, set_status
from tests.exchange.kutip_lines import layer, line, load, write_file

pytestmark = pytest.mark.django_db

ACTOR, SHORTER = mark("ACTOR", (20, 24)), mark("ACTOR", (20, 23))


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


@pytest.fixture
def gold(campaign, adjudicator) -> Assignment:
    """An open gold layer that holds a span, and differs from nobody."""
    return gold_of(campaign, adjudicator, annotator_a=(ACTOR,), annotator_b=(ACTOR,))


def test_annotators_are_given_no_gold_layer(campaign, gold, annotator_a, adjudicator) -> None:
    hand_back(gold)
    assert claim_own(campaign, annotator_a) is None
    campaign.places.create(user=adjudicator)
    assert claim_own(campaign, adjudicator) is None


def test_a_gold_layer_is_not_set_aside(gold, adjudicator, signed_in) -> None:
    with pytest.raises(Impossible, match="A gold layer"):
        skip(gold, reason="sulit", by=adjudicator)
    answer = signed_in(adjudicator).post(f"/desk/{gold.pk}/skip", {"reason": "sulit"}, follow=True)
    assert "A gold layer cannot be set aside" in answer.getvalue().decode()
    assert Assignment.objects.get(pk=gold.pk).status == Status.OPEN


def test_the_desk_goes_on_with_the_next_that_is_ready(
    campaign, gold, adjudicator, signed_in
) -> None:
    (following,) = more(campaign, 1)
    submitted(campaign, following)
    set_status(gold, Status.SUBMITTED)
    answer = signed_in(adjudicator).post(f"/desk/{gold.pk}/next")
    made = campaign.assignments.get(kind=Kind.GOLD, article=following)
    assert answer.headers["Location"] == f"/desk/{made.pk}/"
    set_status(made, Status.SUBMITTED)
    answer = signed_in(adjudicator).post(f"/desk/{gold.pk}/next")
    assert answer.headers["Location"] == f"/campaigns/{campaign.slug}/adjudication/"


def test_how_far_annotators_are_does_not_count_it(campaign, gold, manager, signed_in) -> None:
    told = progress(campaign, manager)
    assert (told.counts.total, told.counts.submitted, told.counts.open) == (2, 2, 0)
    Assignment.objects.filter(pk=gold.pk).update(status=Status.SKIPPED, skip_reason="sulit")
    assert [*progress(campaign, manager).skipped] == []


def test_what_the_desk_counts_is_of_one_kind(campaign, gold, adjudicator, signed_in) -> None:
    """Somebody may have labelled articles, and settle others since."""
    own = campaign.assignments.get(annotator__username="annotator_a")
    Assignment.objects.filter(pk=own.pk).update(annotator=adjudicator)
    mine = Assignment.objects.select_related("campaign").get(pk=own.pk)
    assert Desk(mine, adjudicator).progress.total == 1
    assert Desk(gold, adjudicator).progress.total == 1


def test_articles_are_found_by_what_annotators_did(campaign, gold) -> None:
    """An article that is settled by now is submitted, neither open nor waiting."""

    def found(state: str) -> int:
        search = Search(campaign.corpus, Criteria(state=state))
        return len(search.keys(Span(0, search.last), 10).keys)

    factories.searchable(campaign.corpus)
    assert (found("submitted"), found("open"), found("waiting")) == (1, 0, 0)
    hand_back(gold)
    assert (found("submitted"), found("open"), found("waiting")) == (1, 0, 0)


@pytest.mark.parametrize(("state", "articles"), [("submitted", 1), ("open", 0)])
def test_exports_choose_articles_by_it_too(campaign, gold, state: str, articles: int) -> None:
    with transaction.atomic():
        found = members(campaign, SUBMITTED, state=(state,))
        assert len(keys_of(found)) == articles


def test_an_export_has_gold_when_it_is_submitted_or_asked_for_as_it_stands(campaign, gold) -> None:
    def layers(statuses: tuple[Any, ...]) -> int:
        with transaction.atomic():
            (found,) = members(campaign, statuses)
        return (len(found) - 36) // 8

    assert (layers(SUBMITTED), layers(WITH_OPEN)) == (2, 3)
    hand_back(gold)
    assert layers(WITH_OPEN) == 2, "what waits for anybody is nobody's work yet"
    claim_next(campaign, by=gold.annotator)
    set_status(gold, Status.SUBMITTED)
    assert layers(SUBMITTED) == 3


def test_agreement_never_counts_it(campaign, gold, manager) -> None:
    for status in (Status.OPEN, Status.SUBMITTED):
        set_status(gold, status)
        compared = {key for key, _ in compared_now(campaign, include_open=True)}
        assert gold.pk not in compared
        assert len(compared) == 2
        others = left_out(campaign, include_open=False).layers
        assert not any(gold.pk in keys for keys in others.values())
    job = run_here(AGREEMENT, {"campaign": campaign.pk, "include_open": True}, by=manager)
    assert gold.pk not in campaign.agreement_runs.get(pk=job.result["run"]).layers["assignments"]


def test_who_labels_by_now_sees_nothing_of_their_gold_layer(campaign, gold, adjudicator) -> None:
    assert gold in policy.layers_seen_by(adjudicator)
    campaign.places.create(user=adjudicator)
    assert gold not in policy.layers_seen_by(adjudicator)


def test_nor_is_it_what_they_linked_themselves(campaign, gold, adjudicator, signed_in) -> None:
    """The registry ranks what one linked oneself: a gold layer links what others did."""
    factories.entity(campaign.corpus, "Laras Satu")
    other = factories.entity(campaign.corpus, "Laras Dua")
    placed = work(gold, mark("ACTOR", (30, 34)))[0]
    work(gold, factories.operation("link", span=placed, entity=str(other.uuid)))
    (following,) = more(campaign, 1)
    campaign.places.create(user=adjudicator)
    Assignment.objects.filter(article=following, annotator__username="annotator_a").update(
        annotator=adjudicator, status=Status.OPEN
    )
    mine = Assignment.objects.get(article=following, annotator=adjudicator)
    told = signed_in(adjudicator).get(f"/desk/{mine.pk}/entities", {"q": "Laras"}).json()
    assert {one["rank"] for one in told["entities"]} == {told["entities"][0]["rank"]}


def test_the_concordance_offers_those_who_labelled(campaign, gold) -> None:
    assert {name for _, name in _people(campaign)} == {"annotator_a", "annotator_b"}


def test_a_layer_from_a_file_does_not_go_into_one_that_was_prepared(
    campaign, gold, tmp_path, adjudicator
) -> None:
    """It waits for anybody, but is not empty."""
    hand_back(gold)
    text = gold.article.body.text
    load(campaign, write_file(tmp_path, line(text, layer("hakim", kind="gold"))))
    loaded = campaign.assignments.get(annotator__username="hakim")
    assert (loaded.kind, loaded.slot, loaded.status) == ("gold", 2, "submitted")
    assert Assignment.objects.get(pk=gold.pk).revision == 2
    (row,) = articles(campaign).rows
    assert (row.state, row.gold, row.name) == (State.SETTLED, loaded.pk, "hakim")
    with pytest.raises(Held, match="hakim"):
        open_gold(campaign, gold.article, by=adjudicator)


def test_a_person_who_is_gone_keeps_no_article_from_being_settled(
    campaign, annotator_a, annotator_b, adjudicator
) -> None:
    first = campaign.corpus.articles.get()
    work(campaign.assignments.get(annotator=annotator_a), ACTOR)
    set_status(campaign.assignments.get(annotator=annotator_a), Status.SUBMITTED)
    assert state_of(campaign, first.pk) == State.WAITING
    deactivate(annotator_b)
    assert state_of(campaign, first.pk) == State.READY
    gold = open_gold(campaign, first, by=adjudicator)
    assert cases_of(gold).waiting == []
    deactivate(annotator_a)
    assert [layer.name for layer in cases_of(gold).layers] == ["annotator_a"]
