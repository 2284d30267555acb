"""An annotator's own places, labelled in one step, as people see them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Corpus
from annotations.spans.models import Span
from tests import factories
from tests.factories import placed
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db

PAGE = "/campaigns/sidang/places/"
TEXTS = ("Kapal menteri karam.", "Kata menteri <b>kapal</b> 🚢 itu menteri.", "Menteri lain.")


@pytest.fixture
def corpus() -> Corpus:
    corpus = factories.corpus("pelabuhan")
    for number, text in enumerate(TEXTS):
        factories.article(corpus, text, title=f"Judul <i>{number}</i>")
    factories.searchable(corpus)
    return corpus


@pytest.fixture
def campaign(corpus: Corpus, annotator_a: User, annotator_b: User) -> Campaign:
    """A has the first two articles, one of them open; B has the third."""
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], overlap=1, slug="sidang")
    first, second, third = campaign.assignments.order_by("article_id")
    Assignment.objects.filter(pk__in=[first.pk, second.pk]).update(annotator=annotator_a)
    Assignment.objects.filter(pk=third.pk).update(annotator=annotator_b)
    Assignment.objects.filter(pk=first.pk).update(status=Status.OPEN)
    return campaign


@pytest.fixture
def client(signed_in: Any, annotator_a: User) -> Client:
    browser: Client = signed_in(annotator_a)
    return browser


def layers(campaign: Campaign) -> list[Assignment]:
    return list(campaign.assignments.order_by("article_id"))


def values(client: Client, query: str) -> list[str]:
    return [line.value for line in client.get(f"{PAGE}{query}").context["lines"]]


def label(client: Client, places: list[str], query: str = "", **told: Any) -> Any:
    data = {"form": uuid4(), "label": "ACTOR", "place": places} | told
    return client.post(f"{PAGE}label/{query}", data, follow=True)


def spans() -> list[str]:
    found = Span.objects.filter(removed=False).order_by("assignment__article_id", "fragments")
    return [span.text[0] for span in found]


def test_words_are_found_in_ones_own_articles_alone(client: Client, campaign: Campaign) -> None:
    told = client.get(f"{PAGE}?q=menteri").content.decode()
    assert "3 places" in told
    assert "Judul &lt;i&gt;0" in told
    assert "&lt;b&gt;kapal" in told
    assert "Judul &lt;i&gt;2" not in told
    assert f"/desk/{layers(campaign)[0].pk}/#:~:text=Kapal-,menteri,-karam." in told


@pytest.mark.parametrize(
    "change", [{"status": Status.SUBMITTED}, {"status": Status.SKIPPED}, {"withdrawn": True}]
)
def test_what_left_ones_hands_is_not_looked_through(
    client: Client, campaign: Campaign, change: dict[str, Any]
) -> None:
    Assignment.objects.filter(pk=layers(campaign)[1].pk).update(**change)
    assert "1 place" in client.get(f"{PAGE}?q=menteri").content.decode()


def test_another_campaign_hands_over_nothing(
    client: Client, campaign: Campaign, corpus: Corpus, annotator_a: User
) -> None:
    factories.campaign(corpus, [annotator_a], slug="lain")
    assert len(values(client, "?q=menteri")) == 3


def test_the_chosen_places_are_labelled_and_taken_back(client: Client, campaign: Campaign) -> None:
    answer = label(client, values(client, "?q=menteri"), "?q=menteri&all=1")
    told = answer.content.decode()
    assert "Places labelled: 3, in 2 articles." in told
    assert answer.redirect_chain[0][1] == 303
    assert f'href="{PAGE}?q=menteri"' in told
    assert spans() == ["menteri"] * 3
    undo = re.search(r'action="([^"]+/undo/[^"]*)"', told)
    assert undo
    for _ in range(2):
        undone = client.post(undo[1], follow=True).content.decode()
        assert "3 places have the label no more." in undone
        assert "All of this was taken back." in undone
    assert spans() == []


def test_a_repeated_request_labels_nothing_twice(client: Client, campaign: Campaign) -> None:
    form, places = uuid4(), values(client, "?q=menteri")
    for _ in range(2):
        told = label(client, places, form=form).content.decode()
        assert "Places labelled: 3, in 2 articles." in told
    assert len(spans()) == 3


def test_what_has_the_label_is_told_and_shown(client: Client, campaign: Campaign) -> None:
    send(layers(campaign)[0], placed(TEXTS[0], "menteri"))
    assert [len(line.labels) for line in client.get(f"{PAGE}?q=menteri").context["lines"]] == [
        *(1, 0, 0)
    ]
    told = label(client, values(client, "?q=menteri")).content.decode()
    assert "1 place had this label already" in told
    assert "Places labelled: 2, in 1 article." in told
    again = label(client, values(client, "?q=menteri"), "?q=menteri")
    assert again.redirect_chain[-1][0] == f"{PAGE}?q=menteri"
    assert "3 places had this label already" in again.content.decode()


def test_what_cannot_be_labelled_is_told_and_the_rest_is(
    client: Client, campaign: Campaign
) -> None:
    first, second, third = layers(campaign)
    places = [f"{first.pk}:0:5", f"{second.pk}:0:4", f"{third.pk}:0:7", f"{10**17}:0:7"]
    Assignment.objects.filter(pk=second.pk).update(status=Status.SUBMITTED)
    told = label(client, places).content.decode()
    assert "Nothing was changed in “Judul &lt;i&gt;1&lt;/i&gt;”. This layer is not open" in told
    assert "2 places are in articles that are not in your hands" in told
    assert spans() == ["Kapal"]
    third.refresh_from_db()
    assert (third.status, third.revision) == (Status.WAITING, 0)


def test_a_layer_that_went_on_is_told_when_the_step_is_taken_back(
    client: Client, campaign: Campaign
) -> None:
    label(client, values(client, "?q=kapal"))
    step = Span.objects.first().assignment.operations.get().group  # type: ignore[union-attr]
    send(layers(campaign)[0], placed(TEXTS[0], "karam", label="CUE"))
    told = client.post(f"{PAGE}{step}/undo/", follow=True).content.decode()
    assert "Only the newest change can be undone" in told
    assert "1 place has the label no more." in told
    assert "Places labelled: 1, in 1 article." in told
    assert spans() == ["Kapal", "karam"]


@pytest.mark.parametrize(
    "told",
    [
        {"place": []},
        {"place": ["x"]},
        {"place": ["1:2"]},
        {"place": ["1:5:5"]},
        {"place": ["1:9:2"]},
        {"place": ["1:0:9999"]},
        {"place": ["1:0:" + "9" * 5_000]},
        {"place": ["²:0:5"]},
        {"place": [f"1:0:{end}" for end in range(1, 202)]},
        {"label": ""},
        {"label": "NONE"},
        {"form": "x"},
        {"form": ""},
    ],
)
def test_what_is_sent_wrongly_is_refused_with_its_ticks_kept(
    client: Client, campaign: Campaign, told: dict[str, Any]
) -> None:
    places = values(client, "?q=menteri")
    answer = label(client, places, "?q=menteri", **told)
    assert answer.status_code == 422
    assert 'class="field-errors" role="alert"' in answer.content.decode()
    assert answer.content.decode().count(" checked") == (0 if "place" in told else 3)
    assert spans() == []


def test_a_campaign_that_is_closed_labels_nothing(client: Client, campaign: Campaign) -> None:
    places = values(client, "?q=menteri")
    Campaign.objects.update(status=Campaign.Status.CLOSED)
    assert "is not running" in client.get(f"{PAGE}?q=menteri").content.decode()
    assert label(client, places).status_code == 422
    assert spans() == []


def test_what_is_asked_is_explained(client: Client, campaign: Campaign) -> None:
    for query, words in (
        ("", "Which words?"),
        ("?q=takada", "nowhere in your articles"),
        ("?q=%25", "There is no word in this"),
        ("?q=menteri&page=99&sort=x", "3 places"),
    ):
        assert words in client.get(f"{PAGE}{query}").content.decode()
    assert client.get(f"{PAGE}?q=menteri&all=1").content.decode().count(" checked") == 3


def test_articles_that_cannot_be_searched_yet_are_told(
    client: Client, campaign: Campaign, corpus: Corpus
) -> None:
    assert "cannot be searched yet" not in client.get(PAGE).content.decode()
    factories.article(corpus, "Menteri baru.")
    assert "cannot be searched yet" in client.get(PAGE).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_places(
    client: Client, campaign: Campaign
) -> None:
    for word in ("karam", "menteri"):  # its stem is asked for once in the life of a process
        values(client, f"?q={word}")
    with CaptureQueriesContext(connection) as few:
        values(client, "?q=karam")
    with CaptureQueriesContext(connection) as many:
        values(client, "?q=menteri")
    assert len(many) == len(few) <= 18


def test_the_way_there_stands_at_home_and_on_the_desk(client: Client, campaign: Campaign) -> None:
    assert f'href="{PAGE}"' in client.get("/").content.decode()
    desk = client.get(f"/desk/{layers(campaign)[0].pk}/")
    assert f'href="{PAGE}"' in b"".join(desk.streaming_content).decode()  # type: ignore[attr-defined]


def test_nobody_labels_or_looks_where_they_do_not_label(
    signed_in: Any, campaign: Campaign, manager: User, stranger: User, annotator_b: User
) -> None:
    step = uuid4()
    doors = [("get", ""), ("post", "label/"), ("get", f"{step}/"), ("post", f"{step}/undo/")]
    for person in (manager, stranger):
        for method, door in doors:
            assert getattr(signed_in(person), method)(f"{PAGE}{door}").status_code == 404
    places = [f"{layers(campaign)[0].pk}:0:5"]
    assert "not in your hands" in label(signed_in(annotator_b), places).content.decode()
    assert spans() == []


def test_the_step_of_another_person_is_not_there(
    client: Client, signed_in: Any, campaign: Campaign, annotator_b: User
) -> None:
    label(client, values(client, "?q=menteri"))
    step = Span.objects.all()[0].assignment.operations.all()[0].group
    other = signed_in(annotator_b)
    assert other.get(f"{PAGE}{step}/").status_code == 404
    assert other.post(f"{PAGE}{step}/undo/").status_code == 404
    assert len(spans()) == 3
