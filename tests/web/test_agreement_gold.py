"""Layers against gold: an annotator's own where the campaign allows, everyone's for those who measure."""

import pytest
from django.urls import reverse

from annotations.agreement import services
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.spans.protocol import operate
from tests import factories
from tests.agreement.layers import article, lay, mark, placing, set_status
from tests.web.test_agreement_page import queries_of, text_of

pytestmark = pytest.mark.django_db

URL = "/campaigns/kampanye/agreement/-/gold/"


def gold(campaign, row, who, *marks):
    layer = Assignment.objects.create(
        campaign=campaign,
        corpus=campaign.corpus,
        schema=campaign.schema,
        article=row,
        annotator=who,
        kind=Kind.GOLD,
        status=Status.OPEN,
    )
    assert operate(layer.pk, placing(row, 0, marks), by=who).status == 200
    set_status(layer, Status.SUBMITTED)
    return layer


@pytest.fixture
def campaign(annotator_a, annotator_b, adjudicator):
    corpus = factories.corpus()
    rows = [article(corpus, title=f"Berita {at}") for at in range(3)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    for row in rows:
        lay(campaign, row, annotator_a, mark("QUOTE", (0, 9)), mark("CUE", (20, 24)))
        lay(campaign, row, annotator_b, mark("QUOTE", (0, 12)))
    for row in rows[:2]:
        gold(campaign, row, adjudicator, mark("QUOTE", (0, 9)), mark("QUOTE", (30, 40)))
    Campaign.objects.filter(pk=campaign.pk).update(gold_shown=True)
    return campaign


def test_annotators_see_their_own_layers_against_gold(campaign, annotator_a, signed_in):
    client = signed_in(annotator_a)
    assert URL in text_of(client.get("/"))
    text = text_of(client.get(URL))
    assert "0.500" in text, "2 of 4 and 4 spans are equal"
    assert "2 / 4" in text
    assert "no annotator placed such a span" in text
    assert "Berita 0" in text
    assert "Berita 2" not in text, "it has no gold layer"
    assert "annotator_b" not in text
    assert "style=" not in text


def test_what_is_not_submitted_is_not_compared(campaign, annotator_a, signed_in):
    client = signed_in(annotator_a)
    set_status(campaign.assignments.filter(annotator=annotator_a).first(), Status.REOPENED)
    text = text_of(client.get(URL))
    assert "Berita 0" not in text
    assert "Berita 1" in text
    for layer in campaign.assignments.filter(kind=Kind.GOLD):
        set_status(layer, Status.OPEN)
    assert "No gold yet" in text_of(client.get(URL))


@pytest.mark.parametrize("who", ["stranger", "manager", "adjudicator"])
def test_it_is_for_the_annotators_of_the_campaign(request, who, campaign, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(URL).status_code == 404


def test_without_leave_of_the_campaign_nobody_sees_it(campaign, annotator_a, signed_in):
    Campaign.objects.filter(pk=campaign.pk).update(gold_shown=False)
    client = signed_in(annotator_a)
    assert client.get(URL).status_code == 404
    assert URL not in text_of(client.get("/"))


def test_more_articles_are_not_more_queries(campaign, annotator_a, adjudicator, signed_in):
    client = signed_in(annotator_a)
    before = queries_of(client, URL)
    gold(campaign, campaign.corpus.articles.last(), adjudicator, mark("QUOTE", (0, 9)))
    assert queries_of(client, URL) == before


def test_who_measures_sees_everyone_against_gold(campaign, manager, signed_in):
    services.compute(services.begin(campaign, include_open=False), lambda *progress: None)
    url = reverse("agreement_parts", args=["kampanye"])
    told = signed_in(manager).get(url, {"by": "annotator", "format": "json"}).json()["gold"]
    assert [(each["annotator"], each["value"], each["articles"]) for each in told] == [
        ("annotator_a", 0.5, 2),
        ("annotator_b", 0.0, 2),
    ]
