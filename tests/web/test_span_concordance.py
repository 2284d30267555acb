"""The spans of a campaign under one another, as people see them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.accounts.models import User
from annotations.assignments.models import Campaign, Status
from annotations.corpora.models import Corpus, Membership
from annotations.registry.merging import merge
from annotations.registry.models import Entity
from annotations.spans.models import Span
from annotations.web.concordance import views
from tests import factories
from tests.factories import TEXT, placed
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db

PAGE = "/campaigns/sidang/concordance/"


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("pelabuhan")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def laras(corpus: Corpus) -> Entity:
    return factories.entity(corpus, "Laras <b>")


@pytest.fixture
def campaign(corpus: Corpus, laras: Entity, annotator_a: User, annotator_b: User) -> Campaign:
    factories.article(corpus, TEXT, title="Laras <i>menolak</i>")
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="sidang")
    campaign.assignments.update(status=Status.OPEN)
    first, second = campaign.assignments.order_by("annotator__username")
    send(
        first,
        placed(TEXT, "Menteri Laras", entity=str(laras.uuid)),
        placed(TEXT, "“Kami,”", "“tidak", label="QUOTE", attributes={"type": "direct"}),
    )
    send(second, placed(TEXT, "Warga"))
    campaign.assignments.update(status=Status.SUBMITTED)
    return campaign


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def page(client: Client, query: str = "", **more: Any) -> str:
    answer = client.get(f"{PAGE}{query}", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def hits(client: Client, query: str) -> list[str]:
    return [line.words.hit for line in client.get(f"{PAGE}{query}").context["lines"]]


def test_every_span_leads_to_its_words_in_the_article(client: Client, campaign: Campaign) -> None:
    told = page(client)
    assert "3 spans" in told
    assert "“Kami,” … “tidak" in told
    assert "Laras &lt;b&gt;" in told
    assert "Laras &lt;i&gt;menolak" in told
    article = campaign.assignments.earliest("pk").article_id
    link = f"/corpora/pelabuhan/articles/{article}/?from=0&amp;to=13#hit"
    assert link in told
    assert 'id="hit">Menteri Laras</mark>' in page_of(client, link.replace("&amp;", "&"))


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_spans_are_asked_for_by_all_that_is_said_of_them(
    client: Client, campaign: Campaign, laras: Entity, annotator_b: User
) -> None:
    assert hits(client, "?q=laras") == ["Menteri Laras"]
    assert hits(client, "?label=QUOTE") == ["“Kami,” … “tidak"]
    assert hits(client, "?value=QUOTE.type%3Ddirect") == ["“Kami,” … “tidak"]
    assert hits(client, "?value=QUOTE.type") == []
    assert hits(client, f"?entity={laras.uuid}") == ["Menteri Laras"]
    assert hits(client, "?entity=laras+%3CB%3E") == ["Menteri Laras"]
    assert hits(client, f"?annotator={annotator_b.pk}") == ["Warga"]
    assert hits(client, "?annotator=gold") == []
    assert hits(client, "?sort=hit")[-1] == "Warga"


def test_a_name_that_may_mean_several_is_asked_about(
    client: Client, campaign: Campaign, corpus: Corpus
) -> None:
    other = factories.entity(corpus, "Larasati")
    told = page(client, "?entity=lar&label=ACTOR")
    assert "Several may be meant" in told
    assert f"entity={other.uuid}" in told
    assert "label=ACTOR" in told
    assert "nobody by this name" in page(client, "?entity=zzzzzz")


def test_an_entity_of_another_registry_is_nobody(client: Client, campaign: Campaign) -> None:
    foreign = factories.entity(factories.corpus(), "Rahasia")
    told = page(client, f"?entity={foreign.uuid}")
    assert "nobody by this name" in told
    assert "Rahasia" not in told


def test_what_was_merged_into_an_entity_is_found_with_it(
    client: Client, campaign: Campaign, corpus: Corpus, laras: Entity, manager: User
) -> None:
    heir = factories.entity(corpus, "Laras Prabasari")
    merge(laras, heir, by=manager)
    assert hits(client, f"?entity={heir.uuid}") == ["Menteri Laras"]


def test_who_labels_with_the_registry_elsewhere_does_not_learn_of_proposals(
    client: Client, campaign: Campaign, corpus: Corpus, laras: Entity, manager: User
) -> None:
    Entity.objects.filter(pk=laras.pk).update(proposed=True)
    assert "Laras &lt;b&gt;" in page(client)
    factories.campaign(corpus, [manager], slug="lain")
    assert "Laras &lt;b&gt;" not in page(client)
    assert "nobody by this name" in page(client, f"?entity={laras.uuid}")


@pytest.mark.parametrize(
    "asked",
    [
        "?label=NONE",
        "?value=x",
        "?annotator=99999999999999999999",
        "?layers=all",
        "?sort=x",
        "?label=ACTOR&value=QUOTE.type%3Ddirect",
        "?q=%25",
        "?q=" + "kata+" * 21,
        "?q=" + "x" * 5_000,
        "?entity=" + "x" * 5_000,
        "?after=x",
        "?page=-1",
        "?page=99999999999999999999",
    ],
)
def test_what_is_not_understood_is_said_and_finds_nothing(
    client: Client, campaign: Campaign, asked: str
) -> None:
    answer = client.get(f"{PAGE}{asked}")
    assert answer.status_code == 200
    assert answer.context["found"].lines == ()
    assert 'class="field-errors"' in answer.content.decode()


def test_pages_and_places_that_are_not_there_are_no_fault(
    client: Client, campaign: Campaign
) -> None:
    assert "3 spans" in page(client, "?page=99")
    assert "3 spans" in page(client, f"?after={2**63 - 1}")
    part = page(client, headers={"HX-Request": "true", "HX-Target": "found"})
    assert part.lstrip().startswith('<section id="found"')


def test_what_is_open_is_shown_only_when_it_is_asked_for(
    client: Client, campaign: Campaign, annotator_b: User
) -> None:
    campaign.assignments.filter(annotator=annotator_b).update(status=Status.REOPENED)
    assert "Warga" not in hits(client, "")
    assert "Warga" in hits(client, "?layers=open")


def test_a_list_that_stopped_says_so_with_the_way_on(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.spans.concordance.LOOKED_AT", 1)
    monkeypatch.setattr("annotations.spans.concordance._SPANS_AT_ONCE", 1)
    monkeypatch.setattr(views, "LOOKED_AT", 2)
    told = page(client, "?q=warga")
    last = campaign.assignments.order_by("annotator__username")[0].pk
    assert "2 spans were looked at" in told
    assert f"?q=warga&amp;after={last}" in told
    assert hits(client, f"?q=warga&after={last}") == ["Warga"]


def test_the_number_of_queries_does_not_grow_with_the_spans(
    client: Client, campaign: Campaign, corpus: Corpus, annotator_a: User
) -> None:
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    for number in range(5):
        factories.article(corpus, f"{number}. {TEXT}")
    other = factories.campaign(corpus, [annotator_a], slug="lain")
    other.assignments.update(status=Status.OPEN)
    for layer in other.assignments.all():
        send(layer, *(placed(layer.article.body.text, word) for word in ("Laras", "Warga")))
    other.assignments.update(status=Status.SUBMITTED)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE.replace("sidang", "lain"))
    assert len(many) <= len(few) <= 12


def test_the_campaign_leads_there(client: Client, campaign: Campaign) -> None:
    assert f'href="{PAGE}"' in page_of(client, "/campaigns/sidang/")


def test_nobody_who_labels_in_a_campaign_sees_its_spans(
    signed_in: Any, campaign: Campaign, annotator_a: User, stranger: User, corpus: Corpus
) -> None:
    both = factories.user("keduanya", role="manager")
    Membership.objects.create(corpus=corpus, user=both, role="manager")
    assert signed_in(both).get(PAGE).status_code == 200
    campaign.places.create(user=both)
    for person in (annotator_a, stranger, both):
        assert signed_in(person).get(PAGE).status_code == 404
    assert f'href="{PAGE}"' not in page_of(signed_in(both), "/campaigns/sidang/")
    assert Client().get(PAGE).status_code == 302
    assert Span.objects.count() == 3
