"""Who is told what gold has otherwise: one's own submitted layer, submitted gold, and never before."""

from collections.abc import Callable

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.accounts.models import User
from annotations.adjudication.corrected import corrected_in, corrections_of, settled_for
from annotations.adjudication.corrections import Kind, SpanCorrection
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Article
from annotations.registry.services import register
from tests import factories
from tests.adjudication.correcting import LABELLED, settled_first, shown_campaign
from tests.adjudication.settling import more, submitted, work
from tests.agreement.layers import set_status
from tests.web.test_decisions import first, send, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User) -> Campaign:
    return shown_campaign(annotator_a, annotator_b, adjudicator=adjudicator)


@pytest.fixture
def shown(campaign: Campaign, adjudicator: User) -> Assignment:
    """The gold layer of the article: the quote as annotator_a has it, and no cue."""
    return settled_first(campaign, adjudicator)


def own(gold: Assignment, who) -> Assignment:
    return gold.campaign.assignments.get(annotator=who, article=gold.article_id)


def kinds(layer: Assignment, who) -> dict[str, list[str]]:
    found = corrections_of(layer, who)
    assert found is not None
    return {one.about: [each.kind for each in one.differs] for one in found.corrections}


def test_each_annotator_is_told_what_gold_has_otherwise(shown, annotator_a, annotator_b) -> None:
    assert kinds(own(shown, annotator_a), annotator_a) == {"CUE": [Kind.NOT_RIGHT]}
    mine = own(shown, annotator_b)
    assert kinds(mine, annotator_b) == {"QUOTE": [Kind.EXTENT, Kind.VALUE]}
    found = corrections_of(mine, annotator_b)
    assert found is not None
    (one,) = found.corrections
    assert one.reasons == ["Tanpa kata pengantar"]
    assert isinstance(one, SpanCorrection)
    assert (one.mine and one.mine.fragments, one.gold and one.gold.fragments) == (
        [[7, 18]],
        [[7, 12]],
    )


def test_nothing_of_others_is_in_it(shown, annotator_a, annotator_b) -> None:
    told = msgspec.json.encode(corrections_of(own(shown, annotator_b), annotator_b)).decode()
    other = own(shown, annotator_a)
    assert "annotator_a" not in told
    assert "bukan penanda" not in told, "what was settled about another's span"
    for row in other.spans.all():
        assert str(row.id) not in told
    for word in ("took", "take", "decision", "layer"):
        assert f'"{word}"' not in told


def hidden(shown: Assignment, mine: Assignment, change: str) -> None:
    changes: dict[str, Callable[[], object]] = {
        "the campaign does not show it": lambda: Campaign.objects.update(gold_shown=False),
        "the campaign is in the trash": lambda: Campaign.objects.update(hidden=True),
        "gold is reopened": lambda: set_status(shown, Status.REOPENED),
        "gold is withdrawn": lambda: Assignment.objects.filter(pk=shown.pk).update(withdrawn=True),
        "the layer is reopened": lambda: set_status(mine, Status.REOPENED),
        "the layer is set aside": lambda: set_status(mine, Status.SKIPPED),
        "the layer is withdrawn": lambda: Assignment.objects.filter(pk=mine.pk).update(
            withdrawn=True
        ),
        "the article is withdrawn": lambda: Article.objects.filter(pk=mine.article_id).update(
            withdrawn_at=timezone.now()
        ),
    }
    changes[change]()


@pytest.mark.parametrize(
    "change",
    [
        "the campaign does not show it",
        "the campaign is in the trash",
        "gold is reopened",
        "gold is withdrawn",
        "the layer is reopened",
        "the layer is set aside",
        "the layer is withdrawn",
        "the article is withdrawn",
    ],
)
def test_nothing_is_told_unless_both_stand(shown, annotator_b, change: str) -> None:
    mine = own(shown, annotator_b)
    hidden(shown, mine, change)
    assert corrections_of(mine, annotator_b) is None
    assert not corrected_in(shown.campaign, annotator_b)


def test_nobody_is_told_of_the_layer_of_another(
    shown, annotator_a, annotator_b, adjudicator, manager
) -> None:
    for who in (annotator_a, adjudicator, manager):
        assert corrections_of(own(shown, annotator_b), who) is None
    assert corrections_of(shown, adjudicator) is None, "gold is nobody's own"


def test_who_labels_the_article_once_more_is_told_nothing_before_they_are_done(
    shown, annotator_b
) -> None:
    again = factories.campaign(shown.corpus, [annotator_b])
    assert not settled_for(annotator_b).exists()
    for status in (Status.OPEN, Status.REOPENED):
        set_status(again.assignments.get(), status)
        assert not settled_for(annotator_b).exists()
    set_status(again.assignments.get(), Status.SUBMITTED)
    assert settled_for(annotator_b).get() == own(shown, annotator_b)


def test_of_two_gold_layers_the_first_that_is_submitted_counts(shown, annotator_b) -> None:
    other = factories.gold(own(shown, annotator_b), shown.annotator, slot=2)
    set_status(other, Status.SUBMITTED)
    assert kinds(own(shown, annotator_b), annotator_b) == {"QUOTE": [Kind.EXTENT, Kind.VALUE]}
    assert settled_for(annotator_b).count() == 1


def test_the_proposal_of_another_has_no_name(
    campaign,
    annotator_a,
    annotator_b,
    adjudicator,
) -> None:
    entity = register(
        campaign.corpus.registry,
        name="Usulan Rahasia",
        type="person",
        by=annotator_a,
        proposed=True,
    )
    set_status(campaign.assignments.get(annotator=annotator_a), Status.OPEN)
    theirs = campaign.assignments.get(annotator=annotator_a)
    actor = theirs.spans.get(label__key="ACTOR")
    work(theirs, factories.operation("link", span=str(actor.id), entity=str(entity.uuid)))
    set_status(theirs, Status.SUBMITTED)
    made = settle(campaign, first(campaign), adjudicator)
    set_status(made, Status.OPEN)
    placed = factories.placed(made.article.body.text, "huruf", entity=str(entity.uuid))
    send(made, placed)
    set_status(made, Status.SUBMITTED)
    told = msgspec.json.encode(corrections_of(own(made, annotator_b), annotator_b)).decode()
    assert str(entity.uuid) in told
    assert "Usulan" not in told
    told = msgspec.json.encode(corrections_of(own(made, annotator_a), annotator_a)).decode()
    assert "Usulan Rahasia" in told, "their own they know"


def test_it_takes_as_many_queries_however_many_articles(shown, annotator_b, adjudicator) -> None:
    def number() -> tuple[int, int]:
        assert shown.campaign.corpus, "read before it is counted"
        with CaptureQueriesContext(connection) as queries:
            found = corrected_in(shown.campaign, annotator_b)
        return len(queries), len(found)

    before, _ = number()
    for article in more(shown.campaign, 3):
        submitted(shown.campaign, article, **LABELLED)
        settle(shown.campaign, article, adjudicator)
    assert number() == (before, 4)
    assert before <= 7
