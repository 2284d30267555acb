"""Articles deleted, restored and taken down, through the doors."""

from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.versions import succeed
from annotations.history.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def article(corpus: Corpus) -> Article:
    made = factories.article(corpus, title="Judul <i>satu</i>")
    factories.searchable(corpus)
    return made


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def address(article: Article, door: str = "") -> str:
    return f"/corpora/{article.corpus.slug}/articles/{article.pk}/{door}"


def test_an_article_is_deleted_seen_in_the_trash_and_restored(
    client: Client, article: Article, manager: User
) -> None:
    asked = client.get(address(article, "delete/")).content.decode()
    assert "Judul &lt;i&gt;satu&lt;/i&gt;" in asked
    assert "30 days" in asked
    answer = client.post(address(article, "delete/"), {"reason": "ganda <b>"})
    assert answer.headers["Location"] == "/corpora/sidang/"
    assert client.get(address(article)).status_code == 404
    assert client.get(address(article, "delete/")).status_code == 404
    trash = client.get("/corpora/sidang/trash/").content.decode()
    assert "Judul &lt;i&gt;satu&lt;/i&gt;" in trash
    client.post("/corpora/sidang/trash/", {"articles": [article.pk, "x", "9" * 30]})
    page = client.get(address(article)).content.decode()
    assert "Restored" in page
    assert "ganda &lt;b&gt;" in page
    assert "The trash is empty" in client.get("/corpora/sidang/trash/").content.decode()


def test_an_older_version_is_not_deleted_by_itself(client: Client, article: Article) -> None:
    newer = succeed(article, "Teks yang diralat.", by=None)
    assert "/delete/" in client.get(address(newer)).content.decode()
    assert "/delete/" not in client.get(address(article)).content.decode()
    for ask in (client.get, client.post):
        assert ask(address(article, "delete/"), {"reason": ""}).status_code == 404


def test_chosen_articles_are_deleted_from_the_list(client: Client, article: Article) -> None:
    client.post("/corpora/sidang/chosen/", {"act": "delete", "articles": [article.pk]})
    article.refresh_from_db()
    assert article.withdrawn_at is not None
    answer = client.post("/corpora/sidang/chosen/", {"act": "delete"}, follow=True)
    assert "No article was chosen." in answer.content.decode()


def test_nothing_chosen_restores_nothing(client: Client, article: Article) -> None:
    answer = client.post("/corpora/sidang/trash/", {}, follow=True)
    assert "No article was chosen." in answer.content.decode()


def test_an_article_whose_id_was_given_away_is_not_restored(client: Client, corpus: Corpus) -> None:
    first = factories.article(corpus, "Satu.", external_id="a")
    client.post(address(first, "delete/"), {})
    factories.article(corpus, "Dua.", external_id="a")
    answer = client.post("/corpora/sidang/trash/", {"articles": [first.pk]}, follow=True)
    assert "another one has its external id now" in answer.content.decode()


def test_a_text_is_taken_down_by_whoever_means_it(client: Client, article: Article) -> None:
    assert "cannot be undone" in client.get(address(article, "takedown/")).content.decode()
    for told in ({}, {"reason": "Putusan 1"}, {"sure": "on"}, {"reason": " ", "sure": "on"}):
        assert client.post(address(article, "takedown/"), told).status_code == 422
    answer = client.post(address(article, "takedown/"), {"reason": "Putusan 1", "sure": "on"})
    assert "gone for good" in answer.content.decode()
    assert Event.objects.filter(verb="article.taken_down", thing_id=str(article.pk)).exists()
    for door in ("delete/", "takedown/"):
        assert client.get(address(article, door)).status_code == 404
    assert "The trash is empty" in client.get("/corpora/sidang/trash/").content.decode()


def test_that_a_text_was_taken_down_is_told_to_its_managers_alone(
    client: Client, article: Article, analyst: User, signed_in: Any
) -> None:
    client.post(address(article, "takedown/"), {"reason": "Putusan 1", "sure": "on"})
    gone = client.get(address(article))
    assert gone.status_code == 410
    page = gone.content.decode()
    assert "Putusan 1" in page
    assert "Judul" not in page
    Membership.objects.create(corpus=article.corpus, user=analyst, role="analyst")
    assert signed_in(analyst).get(address(article)).status_code == 404


@pytest.mark.parametrize("who", ["analyst", "annotator_a", "stranger"])
def test_who_does_not_manage_the_corpus_removes_nothing(
    who: str, request: Any, signed_in: Any, article: Article
) -> None:
    person: User = request.getfixturevalue(who)
    if who == "analyst":
        Membership.objects.create(corpus=article.corpus, user=person, role="analyst")
    browser = signed_in(person)
    for door in (
        address(article, "delete/"),
        address(article, "takedown/"),
        "/corpora/sidang/trash/",
    ):
        assert browser.get(door).status_code == 404
        assert browser.post(door, {"reason": "x", "sure": "on"}).status_code == 404
    article.refresh_from_db()
    assert article.withdrawn_at is None


def test_the_layers_of_an_article_are_listed_to_whom_its_results_are_open(
    client: Client, signed_in: Any, corpus: Corpus, manager: User, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a, corpus_=corpus)
    page = client.get(address(assignment.article)).content.decode()
    assert f"{assignment.campaign.name}</a> · annotator_a" in page
    factories.campaign(corpus, [manager], slug="sendiri")
    blind = factories.campaign(corpus, [manager, annotator_a], slug="buta")
    assert blind.name not in client.get(address(assignment.article)).content.decode()
