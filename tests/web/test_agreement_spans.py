"""From a number of the agreement page to the spans behind it."""

import json
import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from annotations.agreement import services
from annotations.assignments.models import Status
from annotations.spans.protocol import operate
from annotations.web.passages import parts, stretch
from tests import factories
from tests.agreement.layers import article, lay, mark, set_status
from tests.web.test_agreement_page import queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(annotator_a, annotator_b):
    corpus = factories.corpus()
    rows = [article(corpus, title=f"Berita {at}") for at in range(14)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    for at, row in enumerate(rows):
        against = "against" if at < 12 else "favor"
        lay(campaign, row, annotator_a, mark("STANCE", (7, 12), polarity="favor"))
        lay(campaign, row, annotator_b, mark("STANCE", (7, 18), polarity=against))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    return campaign


@pytest.fixture
def client(campaign, manager, signed_in):
    return signed_in(manager)


def ways(text):
    """The addresses of spans that a page leads to, with the words of each link."""
    found = re.findall(r'href="([^"]*/agreement/-/spans/[^"]*)"[^>]*>([^<]*)<', text)
    return [(unescape(url), words) for url, words in found]


def test_a_polarity_opens_the_twelve_spans_that_cause_it_in_two_clicks(client):
    page = text_of(client.get(reverse("agreement", args=["kampanye"])))
    url = next(url for url, _ in ways(page) if "what=value" in url and "detail=polarity" in url)
    behind = text_of(client.get(url))
    assert "12 places" in behind
    assert behind.count('<li class="card case">') == 12
    assert "Berita 11" in behind
    assert "Berita 12" not in behind
    assert "against" in behind.lower()


def test_every_number_that_is_counted_opens_as_many_spans(client):
    label = text_of(client.get(reverse("agreement_label", args=["kampanye", "STANCE"])))
    counted = [(url, int(words)) for url, words in ways(label) if words.isdigit()]
    assert {number for _, number in counted} == {1, 2, 12, 28}
    for url, number in counted[:3] + counted[-3:]:
        behind = text_of(client.get(url))
        spans = 2 if "what=lost" in url else 1  # a case of the funnel is two spans
        assert spans * behind.count('<li class="card case">') == number


def test_both_versions_stand_side_by_side_in_context(client, campaign):
    behind = text_of(
        client.get(reverse("agreement_spans", args=["kampanye"]), {"step": "boundary"})
    )
    text = campaign.corpus.articles.order_by("pk").first().body.text
    assert f"<mark>{text[7:12]}</mark>" in behind
    assert f"<mark>{text[7:18]}</mark>" in behind
    assert "from=7&amp;to=18#hit" in behind
    assert "guide-STANCE" in behind


def test_a_label_has_every_coefficient_with_its_share(client):
    text = text_of(client.get(reverse("agreement_label", args=["kampanye", "STANCE"])))
    folded = text[text.index("Every coefficient") :]
    assert "14 pairs, 100 %" in unescape(folded)
    for word in ("Percent", "Scott", "Cohen", "AC1", "Alpha"):
        assert word in folded
    assert ">0.143</a>" in folded


def test_a_label_says_how_far_boundaries_are_apart_and_what_stands_between(client, campaign):
    text = text_of(client.get(reverse("agreement_label", args=["kampanye", "STANCE"])))
    assert "14 of 14 are the same" in text
    assert "0 of 14 are the same; they are 6.0 characters apart" in text
    assert text.count('class="edge-bar"') == 2 * 21
    body = campaign.corpus.articles.order_by("pk").first().body.text
    assert f"“{body[12:18]}”" in unescape(text)
    assert "at the end" in text


def test_doubts_stand_beside_what_they_are_of(client):
    text = text_of(client.get(reverse("agreement_label", args=["kampanye", "STANCE"])))
    assert "Only 28 units, fewer than 50" in text
    assert "100 % of the loss, more than 50 %, is only boundaries" in text
    assert "“against” was given" not in text


def test_relations_and_entities_stand_on_the_page_where_somebody_drew_some(client, campaign):
    url = reverse("agreement", args=["kampanye"])
    assert "The same links?" not in text_of(client.get(url))
    run = campaign.agreement_runs.get()
    for row in run.results:
        if row["measure"] == "target_accuracy" and row["attribute"] == "SPEAKER":
            row |= {"value": 0.25, "n": 60, "undefined": None, "coverage": 0.5}
    run.save()
    text = text_of(client.get(url))
    assert "speaker: the same, where both name one" in text
    assert "what=relation" in text


def test_only_what_the_figures_count_as_different_is_marked_so(
    client, campaign, annotator_a, annotator_b
):
    """The holders overlap: one person, however much of the title stands in the span."""
    row = campaign.corpus.articles.order_by("pk").first()
    for who, (start, end) in ((annotator_a, (20, 25)), (annotator_b, (20, 36))):
        set_status(campaign.assignments.get(article=row, annotator=who), Status.OPEN)
        layer = lay(campaign, row, who, mark("ACTOR", (start, end)))
        stance, actor = (str(layer.spans.get(label__key=each).id) for each in ("STANCE", "ACTOR"))
        relate(layer, who, factories.related("HOLDER", stance, actor))
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    asked = {"what": "value", "label": "STANCE", "detail": "polarity", "article": row.pk}
    behind = text_of(client.get(reverse("agreement_spans", args=["kampanye"]), asked))
    names = re.findall(r"<dt>(.*?)</dt>", behind)
    assert [re.sub(r"<.*?>|\s", "", name) for name in names] == ["≠Polarity", "holder"] * 2


def relate(layer, who, operation):
    layer.refresh_from_db()
    set_status(layer, Status.OPEN)
    body = {"client": str(uuid4()), "base": layer.revision, "operations": [operation]}
    answer = operate(layer.pk, json.dumps(body).encode(), by=who)
    assert answer.status == 200, answer
    set_status(layer, Status.SUBMITTED)


def test_entities_are_told_apart_by_the_label_of_their_spans(client, campaign):
    run = campaign.agreement_runs.get()
    for row in run.results:
        if row["measure"] == "entity_accuracy" and row["label"] == "ACTOR":
            row |= {"value": 0.25, "n": 60, "undefined": None, "coverage": 0.5}
    run.save()
    assert "Actor: the same entity" in text_of(client.get(reverse("agreement", args=["kampanye"])))


def test_a_span_alone_says_who_has_none(client, campaign, annotator_a, annotator_b):
    row = article(campaign.corpus, title="Sendiri")
    from annotations.assignments import services as assignments

    assignments.start(campaign, by=None)
    lay(campaign, row, annotator_a, mark("QUOTE", (30, 40)))
    lay(campaign, row, annotator_b)
    run = services.begin(campaign, include_open=False)
    services.compute(run, lambda *progress: None)
    url = reverse("agreement_spans", args=["kampanye"])
    asked = {"what": "alone", "label": "QUOTE", "pair": "annotator_a annotator_b"}
    for by, number in (("annotator_a", 1), ("annotator_b", 0)):
        behind = text_of(client.get(url, asked | {"by": by}))
        assert behind.count("No such span here") == number


@pytest.mark.parametrize(
    "asked",
    [
        {"label": "NOTHING"},
        {"what": "secrets"},
        {"step": "nowhere"},
        {"variant": "iou:0.7"},
        {"what": "value", "variant": "iou:0.5"},
        {"outcome": "maybe"},
        {"pair": "annotator_a"},
        {"by": "annotator_a"},
        {"article": "x"},
    ],
)
def test_what_cannot_be_asked_is_not_there(client, asked):
    assert client.get(reverse("agreement_spans", args=["kampanye"]), asked).status_code == 404


def test_hostile_places_and_values_open_a_page(client):
    url = reverse("agreement_spans", args=["kampanye"])
    for asked in (
        {"after": "9999999999999999999999.1.1.1"},
        {"before": "x", "after": "1.2.3"},
        {"what": "value", "detail": "<script>", "one": "<b>", "other": "?"},
        {"article": "9" * 40},
    ):
        response = client.get(url, asked)
        assert response.status_code == 200


def test_pages_lead_on_and_back(client, monkeypatch):
    monkeypatch.setattr("annotations.agreement.cases.ON_A_PAGE", 5)
    url = reverse("agreement_spans", args=["kampanye"])
    first = text_of(client.get(url, {"step": "boundary"}))
    ahead = unescape(re.search(r'rel="next" href="([^"]*)"', first)[1])
    second = text_of(client.get(url + ahead))
    assert "Berita 5" in second
    back = unescape(re.search(r'rel="prev" href="([^"]*)"', second)[1])
    assert "Berita 0" in text_of(client.get(url + back))


def test_more_articles_are_not_more_queries(client, campaign, annotator_a, annotator_b):
    url = reverse("agreement_spans", args=["kampanye"]) + "?what=value&detail=polarity&label=STANCE"
    before = queries_of(client, url)
    asked = f"{url}&article={campaign.corpus.articles.first().pk}"
    assert queries_of(client, asked) == before


def test_it_speaks_indonesian(client):
    client.cookies["django_language"] = "id"
    with translation.override("en"):
        text = text_of(
            client.get(reverse("agreement_spans", args=["kampanye"]), {"step": "boundary"})
        )
    assert "Batas berbeda" in text


def test_the_middle_of_a_long_span_is_left_out():
    text = "a" * 300 + "b" * 300
    assert parts(text, [(0, 600)], (0, 600)) == [("a" * 120 + " … " + "b" * 120, True)]
    assert parts("xyz", [(1, 2)], (0, 60)) == [("x", False), ("y", True), ("z", False)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rania setuju.", "Rania setuju."),
        (f"{'a' * 45} bb Rania cc {'d' * 50}", "bb Rania cc"),
        (f"{'あ' * 100}Rania{'あ' * 100}", f"{'あ' * 48}Rania{'あ' * 48}"),
        (f"x {'a' * 47}Rania{'b' * 47} y", f"{'a' * 47}Rania{'b' * 47}"),
    ],
)
def test_what_stands_around_a_span_is_whole_words(text: str, shown: str) -> None:
    at = text.index("Rania")
    first, last = stretch(text, at, at + 5)
    assert text[first:last] == shown
