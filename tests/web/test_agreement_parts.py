"""Agreement by annotators, weeks, sources and languages."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.urls import reverse

from annotations.agreement import services
from annotations.agreement.measures import scores
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Assignment, CampaignAnnotator
from annotations.schema import services as schema
from tests import factories
from tests.agreement.layers import article, lay, mark
from tests.web.test_agreement_page import queries_of, text_of

pytestmark = pytest.mark.django_db

OUTLETS = ("Kompas", "Kompas", "Tempo", "")


@pytest.fixture
def campaign(annotator_a, annotator_b):
    corpus = factories.corpus()
    rows = [
        article(corpus, title=f"Berita {at}", source=source, language="en" if at == 3 else "id")
        for at, source in enumerate(OUTLETS)
    ]
    third = factories.user("annotator_c")
    people = [annotator_a, annotator_b, third]
    campaign = factories.campaign(corpus, people, slug="kampanye")
    for at, row in enumerate(rows):
        for person in people:
            shift = 1 if person == third and at == 2 else 0
            lay(
                campaign, row, person, *(mark("QUOTE", (b + shift, b + 3)) for b in range(7, 77, 5))
            )
        layers = Assignment.objects.filter(campaign=campaign, article=row)
        layers.update(submitted_at=datetime(2026, 3, 2 + 7 * (at // 2), tzinfo=UTC))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    return campaign


@pytest.fixture
def client(campaign, manager, signed_in):
    return signed_in(manager)


def by(client, view, **asked):
    return text_of(client.get(reverse("agreement_parts", args=["kampanye"]), {"by": view} | asked))


def test_sources_have_figures_that_lead_to_their_spans(client):
    text = by(client, "source")
    tempo = next(
        unescape(url) for url in re.findall(r'href="([^"]*spans[^"]*)"', text) if "Tempo" in url
    )
    behind = text_of(client.get(tempo))
    assert "56 places" in behind
    assert "Berita 2" in behind
    assert "Berita 0" not in behind
    assert "no source" in text


def test_an_article_without_a_source_is_found_by_that(client):
    behind = text_of(
        client.get(
            reverse("agreement_spans", args=["kampanye"]), {"what": "matched", "source": " "}
        )
    )
    assert "42 places" in behind
    assert "Berita 3" in behind


def test_weeks_stand_in_order_in_chart_and_table(client):
    text = by(client, "week")
    days = re.findall(r'<th scope="row">([^<]+)<', text)
    assert len(days) == 2
    assert [day.strip() for day in days] == ["2 Mar 2026", "9 Mar 2026"]
    assert text.count('class="figure-at"') + text.count('class="chart-outside"') == 4
    week = next(unescape(url) for url in re.findall(r'href="([^"]*spans[^"]*)"', text))
    assert "week=2026-03-02" in week
    assert client.get(week).status_code == 200


def test_a_batch_is_a_load_and_leads_to_its_spans(client, campaign):
    text = by(client, "batch")
    # each article of this fixture was loaded by itself; the table has a line for each dot
    assert text.count('class="figure-at"') + text.count('class="chart-outside"') == 2 * len(OUTLETS)
    assert "the articles of one load" in text
    urls = re.findall(r'<a class="figure-value number" href="([^"]*spans[^"]*)"', text)
    loaded = campaign.corpus.articles.order_by("pk")[2].created_at
    batch = loaded.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    assert batch.replace(":", "%3A") in unescape(urls[2])
    behind = text_of(client.get(unescape(urls[2])))
    assert "56 places" in behind
    assert "Berita 2" in behind
    assert "loaded " in behind
    assert f'<option value="{batch}" selected>' in by(client, "source", batch=batch)
    assert "Nothing was compared" in by(client, "week", source="Kompas", batch=batch)


def another_version(campaign, *, apart):
    """A campaign about the same articles with the next version of the schema, measured."""
    spec = campaign.schema.spec | {"version": "1.1"}
    schema.register(spec)
    people = [each.user for each in campaign.places.order_by("pk")][:2]
    newer = factories.campaign(campaign.corpus, people, slug="ulang", schema="atribusi@1.1")
    for row in campaign.corpus.articles.order_by("pk"):
        lay(newer, row, people[0], *(mark("QUOTE", (b, b + 3)) for b in range(7, 77, 5)))
        lay(newer, row, people[1], *(mark("QUOTE", (b + apart, b + 3)) for b in range(7, 77, 5)))
    services.compute(services.begin(newer, include_open=False), lambda *progress: None)
    return newer


def test_versions_of_a_schema_stand_side_by_side(
    client, campaign, manager, django_assert_max_num_queries
):
    alone = by(client, "version")
    assert "No other campaign about this corpus" in alone
    assert "agreement-chart" not in alone
    newer = another_version(campaign, apart=1)
    url = reverse("agreement_parts", args=["kampanye"])
    with django_assert_max_num_queries(40):
        told = client.get(url, {"by": "version", "format": "json"}).json()
    assert [(each["key"], each["value"]) for each in told["groups"]] == [
        ("kampanye", pytest.approx(0.8333, abs=0.01)),
        ("ulang", 0.0),
    ]
    text = by(client, "version", label="QUOTE", source="Tempo")
    assert "1.1 · ulang" in text
    behind = next(
        each for each in re.findall(r'href="([^"]*spans[^"]*)"', text) if "/ulang/" in each
    )
    assert "28 places" in text_of(client.get(unescape(behind)))
    # nobody sees the agreement of a campaign that they label in
    CampaignAnnotator.objects.create(campaign=newer, user=manager)
    assert "No other campaign about this corpus" in by(client, "version")


def test_who_is_apart_shows_in_the_matrix(client):
    text = by(client, "annotator")
    assert text.count(">1.000</a>") == 2
    assert text.count(">0.750</a>") == 4
    assert "+0.167" in text


def test_filters_combine_and_stay_in_the_address(client):
    text = by(client, "language", source="Kompas", pair="annotator_a annotator_c", label="QUOTE")
    assert '<option value="Kompas" selected>' in text
    assert "source=Kompas" in text
    assert "pair=annotator_a+annotator_c" in text
    assert ">56<" in text.replace("<span>56</span>", ">56<")
    assert "Nothing was compared" in by(client, "week", source="Tempo", language="en")


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "nothing"},
        {"label": "NOTHING"},
        {"variant": "x"},
        {"week": "2026-99"},
        {"pair": "x"},
        {"batch": "x"},
    ],
)
def test_what_cannot_be_asked_is_not_there(client, asked):
    assert client.get(reverse("agreement_parts", args=["kampanye"]), asked).status_code == 404


def test_every_view_is_there_as_json(client):
    url = reverse("agreement_parts", args=["kampanye"])
    weeks = client.get(url, {"by": "week", "source": "Kompas", "format": "json"}).json()
    assert weeks["filters"]["source"] == "Kompas"
    assert [(each["key"], each["value"]) for each in weeks["groups"]] == [("2026-03-02", 1.0)]
    people = client.get(url, {"by": "annotator", "format": "json"}).json()["annotators"]
    assert people[0]["with"] == {"annotator_a": None, "annotator_b": 1.0, "annotator_c": 0.75}


def kept(name, right, trust):
    said = None if right is None else [[0.9, 0.1], [None, None]]
    return {"annotator": name, "readings": 56, "right": right, "trust": trust, "said": said}


TRUST = {
    "label": None,
    "attribute": None,
    "classes": ["QUOTE", None],
    "items": 56,
    "shares": [1.0, 0.0],
    "undefined": None,
    "annotators": [kept("ani", 0.912, 0.873), kept("budi", None, None)],
}


def test_who_is_reliable_is_known_once_the_run_is_measured_in_depth(client, campaign):
    def judged(**more):
        task = TRUST | more
        empty = {"results": [], "left_out": {"gamma": {}, "cu_alpha": {}}}
        AgreementRun.objects.update(depth=empty | {"trust": [task]})
        return by(client, "annotator")

    assert "This comes with" in by(client, "annotator")
    text = judged()
    assert "56 spans read by two or more" in text
    assert all(each in text for each in (">0.912<", ">0.873<", ">90<", "no span"))
    assert "fewer than 20 readings of theirs" in text
    assert "it takes 50 spans that two annotators or more read, and there are 12." in judged(
        undefined=scores.TOO_FEW_UNITS, items=12
    )
    assert "it takes 3 annotators to tell which of them errs, and there are 2." in judged(
        undefined=scores.TOO_FEW_ANNOTATORS
    )
    text = judged(label="QUOTE", attribute="type", classes=["direct", "mixed"])
    assert "Quote: Type" in text
    assert ">mixed<" in text


def test_people_are_compared_with_themselves_where_the_reader_may_see_both(
    client, campaign, manager, annotator_a
):
    assert "Nobody labelled one of these articles again" in by(client, "annotator")
    before = queries_of(client, reverse("agreement_parts", args=["kampanye"]))
    again = factories.campaign(campaign.corpus, [annotator_a], slug="ulang")
    for row in campaign.corpus.articles.order_by("pk")[:2]:
        lay(again, row, annotator_a, *(mark("QUOTE", (b, b + 3)) for b in range(7, 72, 5)))
    url = reverse("agreement_parts", args=["kampanye"])
    assert queries_of(client, url) <= before + 2
    (found,) = client.get(url, {"by": "annotator", "format": "json"}).json()["again"]
    # 13 of 14 spans in each of two articles
    assert found == {
        "annotator": "annotator_a",
        "value": pytest.approx(2 * 26 / 54),
        "n": 54,
        "articles": 2,
        "undefined": None,
    }
    assert "latest 500" in by(client, "annotator", label="QUOTE")
    assert "no annotator placed such a span" in by(client, "annotator", label="CUE")
    CampaignAnnotator.objects.create(campaign=again, user=manager)
    assert "Nobody labelled one of these articles again" in by(client, "annotator")


@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_no_annotator_sees_parts(request, who, campaign, signed_in):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("agreement_parts", args=["kampanye"])).status_code == 404


def test_more_weeks_are_not_more_queries(client, campaign):
    url = reverse("agreement_parts", args=["kampanye"])
    before = queries_of(client, f"{url}?by=week")
    for at, layer in enumerate(Assignment.objects.filter(campaign=campaign)):
        Assignment.objects.filter(pk=layer.pk).update(
            submitted_at=datetime(2026, 5, 1 + at, tzinfo=UTC)
        )
    assert queries_of(client, f"{url}?by=week") == before


def test_layers_without_a_day_are_a_group_of_their_own(client, campaign):
    Assignment.objects.filter(campaign=campaign).update(submitted_at=None)
    assert "unknown" in by(client, "week")


@pytest.mark.parametrize(
    ("number", "said"),
    [(3, "4 spans, fewer than 50"), (2, "no rest to compare with: fewer than three annotators")],
)
def test_who_cannot_be_compared_with_the_rest_reads_at_which_threshold(
    manager, signed_in, number, said
):
    corpus = factories.corpus()
    row = article(corpus)
    people = [factories.user(f"annotator_{letter}") for letter in "xyz"[:number]]
    campaign = factories.campaign(corpus, people, slug="kampanye")
    for person in people:
        lay(campaign, row, person, mark("QUOTE", (7, 12)))
    services.compute(services.begin(campaign, include_open=False), lambda *progress: None)
    text = by(signed_in(manager), "annotator")
    assert text.count(said) == number
