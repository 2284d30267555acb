"""What all annotators have alike is settled before anybody looks; the rest is open."""

from uuid import uuid4

import pytest

from annotations.adjudication.closing import open_findings
from annotations.adjudication.preparing import is_untouched, prepare
from annotations.adjudication.queries import cases_of, ground_of
from annotations.adjudication.rules import Rule
from annotations.adjudication.services import claim_next, open_gold, take_over
from annotations.adjudication.standing import Status as Standing
from annotations.adjudication.standing import standing, unsettled
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.spans.models import Operation
from annotations.spans.queries import LayerState, layer_state
from tests import factories
from tests.adjudication.settling import campaign_of, gold_of, submitted, work
from tests.agreement.layers import lay, mark, set_status

pytestmark = pytest.mark.django_db

QUOTE, SHORTER = mark("QUOTE", (0, 9), type="direct"), mark("QUOTE", (0, 5), type="direct")
ACTOR = mark("ACTOR", (20, 24))


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


def now(gold: Assignment) -> LayerState:
    gold.refresh_from_db()
    return layer_state(gold)


def marked(gold: Assignment) -> list[tuple[str, list[list[int]]]]:
    return [(span.label, span.fragments) for span in now(gold).spans]


def statuses(gold: Assignment) -> list[str]:
    _, ground = ground_of(gold)
    found = standing(ground.cases, ground.gold())
    return [found[case.id].status.value for case in ground.cases]


def test_what_is_alike_is_placed_and_settled_and_the_rest_is_open(campaign, adjudicator) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(QUOTE, ACTOR), annotator_b=(SHORTER, ACTOR))
    assert marked(gold) == [("ACTOR", [[20, 24]])]
    assert statuses(gold) == ["open", "settled"]
    (settlement,) = now(gold).settlements
    assert (settlement.decision, settlement.took, settlement.reason) == ("equal", None, "")
    assert settlement.span == now(gold).spans[0].id
    assert is_untouched(gold)


def test_relations_between_what_is_alike_are_placed_too(campaign, adjudicator, annotator_a) -> None:
    """Also where only one of them says so: that is open."""
    first = campaign.corpus.articles.get()
    for who in ("annotator_a", "annotator_b"):
        layer = campaign.assignments.get(annotator__username=who)
        quote, actor = work(layer, QUOTE, ACTOR)
        kinds = ("SPEAKER", "ADDRESSEE") if layer.annotator == annotator_a else ("SPEAKER",)
        for kind in kinds:
            work(layer, factories.related(kind, quote, actor))
        set_status(layer, Status.SUBMITTED)
    gold = open_gold(campaign, first, by=adjudicator)
    state = now(gold)
    (relation,) = state.relations
    assert (relation.type, relation.source.span, relation.target.span) == (
        "SPEAKER",
        state.spans[0].id,
        state.spans[1].id,
    )
    assert statuses(gold) == ["settled", "open", "settled", "settled"]


def test_asked_twice_nothing_is_done_twice(campaign, adjudicator) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    revision = now(gold).revision
    assert prepare(gold, by=adjudicator) == 0
    assert claim_next(campaign, by=adjudicator) == gold
    assert (now(gold).revision, len(marked(gold))) == (revision, 1)


def test_what_was_taken_back_is_not_done_again(campaign, adjudicator) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    work(gold, factories.operation("undo", of=str(now(gold).undo)))
    assert (marked(gold), now(gold).settlements) == ([], [])
    assert not is_untouched(gold)
    open_gold(campaign, gold.article, by=adjudicator)
    assert (marked(gold), statuses(gold)) == ([], ["open"])


def test_one_undo_takes_one_case_back(campaign, adjudicator) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(QUOTE, ACTOR), annotator_b=(QUOTE, ACTOR))
    work(gold, factories.operation("undo", of=str(now(gold).undo)))
    assert (len(now(gold).spans), len(now(gold).settlements)) == (1, 1)


def test_a_merged_entity_is_linked_as_what_it_goes_on_as(campaign, adjudicator) -> None:
    laras = factories.entity(campaign.corpus)
    first = campaign.corpus.articles.get()
    submitted(campaign, first, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    for layer in campaign.assignments.all():
        set_status(layer, Status.REOPENED)
        span = str(layer_state(layer).spans[0].id)
        work(layer, factories.operation("link", span=span, entity=str(laras.uuid)))
        set_status(layer, Status.SUBMITTED)
    gold = open_gold(campaign, first, by=adjudicator)
    assert now(gold).spans[0].entity == laras.uuid


def test_more_than_a_request_holds_is_settled(campaign, adjudicator) -> None:
    many = tuple(mark("ACTOR", (at, at + 1 + more)) for at in range(98) for more in (0, 1))
    some = [many[:120], many[120:]]
    first = campaign.corpus.articles.get()
    for layer in campaign.assignments.all():
        for part in some:
            work(
                layer,
                *(one for one in part if first.body.text[one[1][0][0] : one[1][0][1]].strip()),
            )
        set_status(layer, Status.SUBMITTED)
    gold = open_gold(campaign, first, by=adjudicator)
    assert len(marked(gold)) > 100
    assert set(statuses(gold)) == {"settled"}


def test_a_layer_that_agrees_later_joins_what_was_settled(
    campaign, adjudicator, annotator_b
) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(ACTOR,))
    assert statuses(gold) == ["open"]
    other = campaign.assignments.get(annotator=annotator_b)
    set_status(other, Status.SKIPPED)
    prepare(gold, by=adjudicator)
    assert statuses(gold) == ["settled"]
    set_status(other, Status.REOPENED)
    work(other, ACTOR)
    set_status(other, Status.SUBMITTED)
    assert statuses(gold) == ["changed"]
    take_over(gold, by=adjudicator)
    prepare(gold, by=adjudicator)
    assert (statuses(gold), len(marked(gold))) == (["settled"], 1)


# one transaction is one moment, and this is about what was later
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_changed_since_it_was_settled_is_open_again(campaign, adjudicator) -> None:
    """By its words, too, though its id is the same; and nobody settles it without looking."""
    gold = gold_of(campaign, adjudicator, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    for layer in campaign.assignments.filter(kind="annotator"):
        set_status(layer, Status.REOPENED)
        span = str(layer_state(layer).spans[0].id)
        text = layer.article.body.text[20:23]
        work(layer, factories.operation("move", span=span, fragments=[[20, 23]], text=[text]))
        set_status(layer, Status.SUBMITTED)
    assert (cases_of(gold).cases[0].equal, statuses(gold)) == (True, ["changed"])
    assert prepare(gold, by=adjudicator) == 0
    assert (statuses(gold), marked(gold)) == (["changed"], [("ACTOR", [[20, 24]])])


def test_what_a_gold_layer_has_already_is_settled_and_not_placed_again(
    campaign, adjudicator, annotator_a
) -> None:
    """A layer that came from a file has spans and no settlements."""
    gold = factories.gold(campaign.assignments.get(annotator=annotator_a), adjudicator)
    work(gold, ACTOR)
    submitted(campaign, gold.article, annotator_a=(ACTOR,), annotator_b=(ACTOR,))
    open_gold(campaign, gold.article, by=adjudicator)
    assert (len(marked(gold)), statuses(gold)) == (1, ["settled"])


def test_what_every_layer_waives_is_waived(campaign, adjudicator, annotator_a) -> None:
    first = campaign.corpus.articles.get()
    text = first.body.text
    for layer in campaign.assignments.all():
        work(layer, factories.waived(text, "lima huruf", reason="istilah"))
        if layer.annotator == annotator_a:
            work(layer, factories.waived(text, "setiap", reason="nama"))
        set_status(layer, Status.SUBMITTED)
    gold = open_gold(campaign, first, by=adjudicator)
    assert [(one.text, one.reason) for one in now(gold).waivers] == [(["lima huruf"], "istilah")]


def test_a_closed_campaign_stays_as_it_is(campaign, adjudicator) -> None:
    gold = gold_of(campaign, adjudicator)
    Campaign.objects.update(status="closed")
    lay_anew(campaign)
    assert prepare(gold, by=adjudicator) == 0
    assert marked(gold) == []


def lay_anew(campaign: Campaign) -> None:
    Campaign.objects.update(status="running")
    for layer in campaign.assignments.filter(kind="annotator"):
        set_status(layer, Status.REOPENED)
        lay(campaign, layer.article, layer.annotator, ACTOR)
    Campaign.objects.update(status="closed")


# --- by majority -----------------------------------------------------------------------------


@pytest.fixture
def three(annotator_a, annotator_b, adjudicator) -> Campaign:
    third = factories.user("annotator_c")
    return campaign_of(annotator_a, annotator_b, third, adjudicators=(adjudicator,))


def test_more_than_half_of_the_layers_carry_it(three, adjudicator) -> None:
    gold = gold_of(
        three,
        adjudicator,
        annotator_a=(QUOTE, ACTOR, mark("CUE", (30, 33))),
        annotator_b=(QUOTE, ACTOR),
        annotator_c=(SHORTER,),
    )
    assert marked(gold) == []
    assert prepare(gold, by=adjudicator, rule=Rule.MAJORITY) == 3
    assert marked(gold) == [("QUOTE", [[0, 9]]), ("ACTOR", [[20, 24]])]
    first = three.assignments.order_by("pk")[0].pk
    told = {(one.decision, one.took, one.reason) for one in now(gold).settlements}
    assert told == {("take", first, "majority"), ("none", None, "majority")}
    assert open_findings(gold) == []


def test_half_of_them_do_not(campaign, adjudicator) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(ACTOR,))
    assert prepare(gold, by=adjudicator, rule=Rule.MAJORITY) == 0
    assert statuses(gold) == ["open"]


def test_relations_are_carried_by_those_who_have_what_they_start_at(three, adjudicator) -> None:
    for at, layer in enumerate(three.assignments.order_by("pk")):
        quote, actor = work(layer, QUOTE, ACTOR)
        if at < 2:
            work(layer, factories.related("SPEAKER", quote, actor))
        set_status(layer, Status.SUBMITTED)
    gold = open_gold(three, three.corpus.articles.get(), by=adjudicator)
    assert now(gold).relations == []
    prepare(gold, by=adjudicator, rule=Rule.MAJORITY)
    assert [relation.type for relation in now(gold).relations] == ["SPEAKER"]
    assert unsettled(ground_of(gold)[1].cases, ground_of(gold)[1].gold()) == []
    assert Standing.SETTLED in statuses(gold)
    assert Operation.objects.filter(assignment=gold, op="settle").count() == 3


def test_relations_as_many_as_no_one_request_holds_are_settled(campaign, adjudicator) -> None:
    """First what is made in groups of its own, then the rest with the settlement of all."""
    first = campaign.corpus.articles.get()
    actors = [mark("ACTOR", (at, at + size)) for size in (2, 3, 4) for at in range(90)][:205]
    for layer in campaign.assignments.all():
        placed = [*work(layer, *actors[:150]), *work(layer, *actors[150:])]
        via = [factories.operation("relate", relation=_via(each)) for each in placed]
        work(layer, *via[:150])
        work(layer, *via[150:])
        set_status(layer, Status.SUBMITTED)
    gold = open_gold(campaign, first, by=adjudicator)
    state = now(gold)
    assert len(state.relations) == 205
    assert set(statuses(gold)) == {"settled"}
    (whole,) = (one for one in state.settlements if one.relations)
    assert (len(whole.of), len(whole.relations)) == (410, 205)
    assert prepare(gold, by=adjudicator) == 0
    assert now(gold).revision == state.revision


def _via(actor: str) -> dict[str, object]:
    """The article says what it says by way of this actor."""
    return {"id": str(uuid4()), "type": "VIA", "from": {"article": True}, "to": {"span": actor}}
