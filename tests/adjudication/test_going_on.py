"""What happens to a gold layer when something happens around it."""

from uuid import uuid4

import pytest

from annotations.adjudication.closing import open_findings
from annotations.adjudication.queries import State, articles, cases_of, ground_of, state_of
from annotations.adjudication.services import claim_next, open_gold, take_over
from annotations.adjudication.standing import standing
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.assignments.services import close, reopen
from annotations.assignments.withdrawing import restore, withdraw
from annotations.exchange.revising import revise
from annotations.spans.queries import layer_state
from tests import factories
from tests.adjudication.settling import campaign_of, gold_of, work
from tests.agreement.layers import mark, set_status
from tests.exchange.kutip_lines import exported, load

pytestmark = pytest.mark.django_db
# one transaction is one moment: what came later is told by the clock
later = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ACTOR, SHORTER = mark("ACTOR", (20, 24)), mark("ACTOR", (20, 23))
QUOTE = mark("QUOTE", (0, 9), type="direct")


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


@pytest.fixture
def gold(campaign, adjudicator) -> Assignment:
    """One case is settled by itself, one is open."""
    return gold_of(campaign, adjudicator, annotator_a=(QUOTE, ACTOR), annotator_b=(QUOTE, SHORTER))


def statuses(gold: Assignment) -> list[str]:
    _, ground = ground_of(gold)
    found = standing(ground.cases, ground.gold())
    return [found[case.id].status.value for case in ground.cases]


def test_while_a_layer_is_reopened_its_part_is_left_out_and_named(
    campaign, gold, annotator_b, manager
) -> None:
    """What was settled of it stays; what it comes back with is open again."""
    layer = campaign.assignments.get(annotator=annotator_b)
    reopen(layer, by=manager)
    assert [one.name for one in cases_of(gold).waiting] == ["annotator_b"]
    assert statuses(gold) == ["settled", "open"]
    work(layer, mark("ACTOR", (30, 34)))
    set_status(layer, Status.SUBMITTED)
    assert statuses(gold) == ["settled", "open", "open"]
    assert state_of(campaign, gold.article_id) == State.PROGRESS


def test_a_settled_article_tells_that_a_layer_came_back_since(
    campaign, gold, annotator_b, manager
) -> None:
    set_status(gold, Status.SUBMITTED)
    layer = campaign.assignments.get(annotator=annotator_b)
    reopen(layer, by=manager)
    assert (articles(campaign).rows[0].state, articles(campaign).rows[0].unfinished) == (
        "settled",
        1,
    )
    set_status(layer, Status.SUBMITTED)
    Assignment.objects.filter(pk=gold.pk).update(submitted_at=layer.submitted_at.replace(year=2001))
    assert articles(campaign).rows[0].changed


def test_a_withdrawn_article_waits_with_all_of_it(campaign, gold, adjudicator) -> None:
    withdraw(campaign.corpus, [gold.article_id], reason="ganda", by=None)
    assert claim_next(campaign, by=adjudicator) is None
    assert articles(campaign).rows == []
    restore(campaign.corpus, [gold.article_id], by=None)
    assert claim_next(campaign, by=adjudicator) == gold
    assert statuses(gold) == ["settled", "open"]


def test_a_closed_campaign_keeps_it_as_it_stands(campaign, gold, adjudicator, manager) -> None:
    close(campaign, by=None)
    assert open_gold(campaign, gold.article, by=adjudicator) == gold
    assert take_over(gold, by=manager).annotator == manager
    assert statuses(gold) == ["settled", "open"]


@later
def test_it_goes_on_over_a_corrected_text(campaign, gold, adjudicator, manager) -> None:
    """With what was settled, of the layers as they are there; nothing is settled anew."""
    text = gold.article.body.text
    new = revise(gold.article, text + " Tamat.", load=uuid4(), by=manager, hold=lambda: None)
    newer = campaign.assignments.get(kind=Kind.GOLD, article=new.article)
    assert (newer.annotator, newer.status, newer.withdrawn) == (adjudicator, Status.OPEN, False)
    assert statuses(newer) == ["settled", "open"]
    assert cases_of(newer).outdated == []
    assert [span.label for span in layer_state(newer).spans] == ["QUOTE"]
    assert open_gold(campaign, newer.article, by=adjudicator) == newer
    assert len(layer_state(newer).spans) == 1
    assert [row.key for row in articles(campaign).rows] == [new.article]


@later
def test_it_comes_back_from_a_file_settled(campaign, gold, adjudicator, tmp_path) -> None:
    file = tmp_path / "layers.jsonl"
    file.write_bytes(exported(campaign))
    corpus = factories.corpus()
    factories.article(corpus, gold.article.body.text)
    people = list(campaign.annotators.order_by("pk"))
    other = factories.campaign(corpus, people)
    load(other, file)
    loaded = other.assignments.get(kind=Kind.GOLD)
    assert (loaded.annotator, statuses(loaded)) == (adjudicator, ["settled", "open"])
    assert cases_of(loaded).outdated == []
    assert len(open_findings(loaded)) == 1
