"""The spans of a campaign under one another, by what they are and by the words they cover."""

from typing import Any

import pytest
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching.concordance import Sort
from annotations.corpora.searching.query import parse
from annotations.spans import concordance as kwic
from annotations.spans.concordance import SpanLine, Wanted, concordance
from annotations.spans.models import Span
from tests import factories
from tests.factories import TEXT, placed
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db

OTHER = "Dewan menunda. Menteri Laras pergi, kata Menteri Laras."


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


@pytest.fixture
def campaign(corpus: Corpus, annotator_a: User, annotator_b: User) -> Campaign:
    """Two articles; A labelled both, B the first."""
    for text in (TEXT, OTHER):
        factories.article(corpus, text)
    campaign = factories.campaign(corpus, [annotator_a, annotator_b])
    campaign.assignments.update(status=Status.OPEN)
    first, second = layers(campaign, annotator_a)
    send(
        first,
        placed(TEXT, "“Kami,”", "“tidak akan mundur 🚢.”", label="QUOTE", attributes=DIRECT),
        placed(TEXT, "Menteri Laras", entity=entity(corpus)),
    )
    send(second, placed(OTHER, "Dewan"), placed(OTHER, "Menteri Laras"))
    send(layers(campaign, annotator_b)[0], placed(TEXT, "Warga"))
    submit(campaign)
    return campaign


DIRECT = {"type": "direct"}


def entity(corpus: Corpus) -> str:
    return str(factories.entity(corpus).uuid)


def layers(campaign: Campaign, person: User) -> list[Assignment]:
    return list(campaign.assignments.filter(annotator=person).order_by("article_id"))


def submit(campaign: Campaign) -> None:
    campaign.assignments.filter(revision__gt=0).update(status=Status.SUBMITTED)


def lines(campaign: Campaign, sort: Sort = Sort.FOUND, **asked: Any) -> list[SpanLine]:
    asked.setdefault("statuses", (Status.SUBMITTED,))
    return list(concordance(campaign, Wanted(**asked), sort=sort).lines)


def hits(campaign: Campaign, sort: Sort = Sort.FOUND, **asked: Any) -> list[str]:
    return [line.hit for line in lines(campaign, sort, **asked)]


def test_spans_stand_in_the_order_of_articles_each_on_one_line(campaign: Campaign) -> None:
    assert hits(campaign) == [
        *("Menteri Laras", "“Kami,” … “tidak akan mundur 🚢.”", "Warga", "Dewan", "Menteri Laras"),
    ]


def test_a_line_is_its_span_from_the_first_to_the_last_code_point(campaign: Campaign) -> None:
    line = lines(campaign, label="QUOTE")[0]
    assert TEXT[line.start : line.end] == "“Kami,” katanya, “tidak akan mundur 🚢.”"
    assert (line.left, line.right) == (TEXT[: line.start], TEXT[line.end :])
    assert (line.attributes, line.gold) == (DIRECT, False)


def test_spans_are_chosen_by_what_they_are(campaign: Campaign, annotator_b: User) -> None:
    laras = Span.objects.exclude(entity=None).get().entity_id
    quote = ["“Kami,” … “tidak akan mundur 🚢.”"]
    assert hits(campaign, label="QUOTE") == quote
    assert hits(campaign, label="QUOTE", attribute="type", value="direct") == quote
    assert hits(campaign, label="QUOTE", attribute="type", value="indirect") == []
    assert hits(campaign, label="QUOTE", attribute="type") == []
    assert hits(campaign, label="ACTOR", attribute="type") != []
    assert hits(campaign, entities=[laras]) == ["Menteri Laras"]
    assert hits(campaign, annotator=annotator_b.pk) == ["Warga"]
    assert hits(campaign, label="NONE") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("menteri", 2),
        ('"kami tidak"', 1),
        ("men*", 2),
        ("-menteri", 3),
        ("laras -menteri", 0),
        ("larás", 2),
        ("menolak", 0),
    ],
)
def test_spans_are_chosen_by_their_own_words(campaign: Campaign, query: str, found: int) -> None:
    assert len(hits(campaign, terms=parse(query))) == found


def test_spans_are_put_in_the_order_of_their_neighbours(campaign: Campaign) -> None:
    assert hits(campaign, Sort.HIT)[0] == "Dewan"
    assert hits(campaign, Sort.RIGHT, label="ACTOR")[0] == "Warga"
    assert lines(campaign, Sort.LEFT, label="ACTOR")[0].left == ""


def test_what_is_not_submitted_is_left_out_unless_it_is_asked_for(
    campaign: Campaign, annotator_b: User
) -> None:
    campaign.assignments.filter(annotator=annotator_b).update(status=Status.REOPENED)
    everything = (Status.SUBMITTED, Status.OPEN, Status.REOPENED, Status.SKIPPED)
    assert "Warga" not in hits(campaign)
    assert "Warga" in hits(campaign, statuses=everything)
    assert hits(campaign, statuses=everything)[2] == "Warga"


def test_withdrawn_articles_other_campaigns_and_removed_spans_are_left_out(
    campaign: Campaign, corpus: Corpus, annotator_a: User
) -> None:
    gone = Article.objects.filter(length=len(OTHER))
    gone.update(withdrawn_at=timezone.now())
    assert len(hits(campaign)) == 3
    gone.update(withdrawn_at=None)
    campaign.assignments.filter(article__in=gone).update(withdrawn=True)
    Span.objects.filter(text=["Warga"]).update(removed=True)
    other = factories.campaign(corpus, [annotator_a])
    other.assignments.update(status=Status.OPEN)
    send(layers(other, annotator_a)[0], placed(TEXT, "bersorak", label="CUE"))
    submit(other)
    assert len(hits(campaign)) == 2
    assert hits(other) == ["bersorak"]


def test_gold_is_told_apart(campaign: Campaign, adjudicator: User) -> None:
    gold = Assignment.objects.create(
        campaign=campaign,
        corpus=campaign.corpus,
        schema=campaign.schema,
        article=Article.objects.get(length=len(OTHER)),
        annotator=adjudicator,
        kind=Kind.GOLD,
        status=Status.OPEN,
    )
    send(gold, placed(OTHER, "pergi"))
    submit(campaign)
    assert [line.hit for line in lines(campaign) if line.gold] == ["pergi"]
    assert hits(campaign, gold=True) == ["pergi"]


def test_more_spans_than_are_put_in_order_are_told(campaign: Campaign) -> None:
    wanted = Wanted((Status.SUBMITTED,))
    found = concordance(campaign, wanted, sort=Sort.FOUND, most=2)
    assert (len(found.lines), found.more) == (2, True)
    assert concordance(campaign, wanted, sort=Sort.FOUND, most=5).more is False


def test_a_list_that_stops_tells_from_where_it_goes_on(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kwic, "LOOKED_AT", 1)
    monkeypatch.setattr(kwic, "_SPANS_AT_ONCE", 1)
    wanted, seen, after = Wanted((Status.SUBMITTED,), terms=parse("menteri")), [], 0
    for _ in range(3):
        found = concordance(campaign, wanted, sort=Sort.FOUND, after=after)
        seen += [line.hit for line in found.lines]
        after = found.stopped
    assert seen == ["Menteri Laras", "Menteri Laras"]
    assert concordance(campaign, wanted, sort=Sort.FOUND, after=after).stopped == 0
    assert len(concordance(campaign, wanted, sort=Sort.FOUND, after=10**18).lines) == 1


def test_the_cost_does_not_grow_with_the_layers(
    campaign: Campaign, annotator_a: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        lines(campaign)
    laras = Span.objects.exclude(entity=None).get().entity_id
    with django_assert_num_queries(4):
        lines(campaign, entities=[laras], label="ACTOR", terms=parse("menteri"))
