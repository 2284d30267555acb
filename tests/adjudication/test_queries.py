"""The cases of a gold layer as they are read, and how far a campaign is."""

import pytest

from annotations.adjudication import queries
from annotations.adjudication.counting import counts
from annotations.adjudication.queries import State, articles, cases_of
from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.assignments.services import Impossible
from annotations.registry.merging import merge
from annotations.spans.models import Span
from tests import factories
from tests.adjudication.settling import campaign_of, gold_of, more, submitted
from tests.agreement.layers import lay, mark, set_status

pytestmark = pytest.mark.django_db

QUOTE, SHORTER = mark("QUOTE", (0, 9), type="direct"), mark("QUOTE", (0, 5), type="direct")


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator) -> Campaign:
    return campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator,))


def test_submitted_layers_are_compared_and_the_others_are_named(
    campaign, annotator_b, adjudicator
) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(QUOTE,), annotator_b=(SHORTER,))
    found = cases_of(gold)
    assert [(layer.name, layer.revision) for layer in found.layers] == [
        ("annotator_a", 1),
        ("annotator_b", 1),
    ]
    (case,) = found.cases
    assert (case.differs, found.waiting, found.outdated) == (["extent"], [], [])
    set_status(campaign.assignments.get(annotator=annotator_b), Status.REOPENED)
    found = cases_of(gold)
    assert [(one.name, one.status) for one in found.waiting] == [("annotator_b", "reopened")]
    assert [case.differs for case in found.cases] == [[]]


def test_what_was_skipped_and_what_was_removed_is_not_compared(
    campaign, annotator_a, annotator_b, adjudicator
) -> None:
    gold = gold_of(campaign, adjudicator, annotator_a=(QUOTE, SHORTER))
    Span.objects.filter(text__len=1, fragments=[0, 5]).update(removed=True)
    set_status(campaign.assignments.get(annotator=annotator_b), Status.SKIPPED)
    found = cases_of(gold)
    assert [layer.name for layer in found.layers] == ["annotator_a"]
    assert ([case.equal for case in found.cases], found.waiting) == ([True], [])


def test_a_merged_entity_is_the_one_that_it_goes_on_as(campaign, adjudicator) -> None:
    one, other = (factories.entity(campaign.corpus, name) for name in ("Laras", "Bu Laras"))
    gold = gold_of(campaign, adjudicator, annotator_a=(QUOTE,), annotator_b=(QUOTE,))
    for layer, entity in zip(cases_of(gold).layers, (one, other), strict=True):
        Span.objects.filter(assignment=layer.id).update(entity=entity)
    assert [case.differs for case in cases_of(gold).cases] == [["entity"]]
    merge(other, one, by=None)
    (case,) = cases_of(gold).cases
    assert case.equal
    assert case.versions[0].span.entity.name == "Laras"


def test_the_number_of_queries_does_not_grow(
    campaign, adjudicator, django_assert_max_num_queries
) -> None:
    many = tuple(mark("ACTOR", (at, at + 4)) for at in range(0, 60, 5))
    gold = gold_of(campaign, adjudicator, annotator_a=many, annotator_b=(QUOTE,))
    entity = factories.entity(campaign.corpus)
    Span.objects.filter(label__key="ACTOR").update(entity=entity)
    gold = Assignment.objects.select_related("corpus").get(pk=gold.pk)
    with django_assert_max_num_queries(9):
        assert len(cases_of(gold).cases) == 13


def states(campaign: Campaign, **asked) -> list[str]:
    return [row.state.value for row in articles(campaign, **asked).rows]


def test_an_article_is_ready_when_all_of_its_annotators_are_done(
    campaign, annotator_a, annotator_b, adjudicator
) -> None:
    (first,) = campaign.corpus.articles.all()
    assert states(campaign) == ["waiting"]
    lay(campaign, first, annotator_a, QUOTE)
    assert states(campaign) == ["waiting"]
    set_status(campaign.assignments.get(annotator=annotator_b), Status.SKIPPED)
    assert states(campaign) == ["ready"]
    set_status(campaign.assignments.get(annotator=annotator_a), Status.SKIPPED)
    assert states(campaign) == ["waiting"], "without a layer there is nothing to settle"
    set_status(campaign.assignments.get(annotator=annotator_a), Status.SUBMITTED)
    gold = open_gold(campaign, first, by=adjudicator)
    assert states(campaign) == ["progress"]
    set_status(gold, Status.SUBMITTED)
    (row,) = articles(campaign).rows
    assert (row.state, row.adjudicator, row.name, row.layers, row.unfinished, row.changed) == (
        State.SETTLED,
        adjudicator.pk,
        "adjudicator",
        1,
        0,
        False,
    )
    set_status(campaign.assignments.get(annotator=annotator_b), Status.SUBMITTED)
    assert articles(campaign).rows[0].changed, "a layer was submitted since"


def test_a_gold_layer_that_is_being_loaded_is_nobodys_to_open(campaign, adjudicator) -> None:
    (first,) = campaign.corpus.articles.all()
    submitted(campaign, first)
    loading = open_gold(campaign, first, by=adjudicator)
    set_status(loading, Status.LOADING)
    assert states(campaign) == ["progress"]
    with pytest.raises(Impossible, match="being loaded"):
        open_gold(campaign, first, by=adjudicator)


def test_withdrawn_articles_stand_nowhere(campaign) -> None:
    campaign.assignments.update(withdrawn=True)
    assert (states(campaign), counts(campaign)) == ([], queries.Counts())


def test_articles_are_counted_listed_in_pages_and_chosen(
    campaign, adjudicator, manager, monkeypatch
) -> None:
    monkeypatch.setattr(queries, "ON_A_PAGE", 2)
    every = [*campaign.corpus.articles.all(), *more(campaign, 4)]
    for each in every[:4]:
        submitted(campaign, each)
    set_status(open_gold(campaign, every[0], by=adjudicator), Status.SUBMITTED)
    open_gold(campaign, every[1], by=manager)
    assert counts(campaign) == queries.Counts(waiting=1, ready=2, progress=1, settled=1)
    assert states(campaign, state=State.READY) == ["ready", "ready"]
    assert states(campaign, adjudicator=manager.pk) == ["progress"]
    pages = [articles(campaign)]
    while pages[-1].after:
        pages.append(articles(campaign, after=pages[-1].after))
    assert [[row.key for row in page.rows] for page in pages] == [
        [each.pk for each in some] for some in (every[:2], every[2:4], every[4:])
    ]
    back = articles(campaign, before=pages[2].before)
    assert back.rows == pages[1].rows
    assert (back.before, back.after) == (pages[1].before, pages[1].after)
    assert articles(campaign, before=back.before).before is None
