"""Keyword in context, as people see it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.accounts.models import User
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.searching import concordance as kwic
from annotations.web.library import concordance as library
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/corpora/sidang/concordance/"
TEXT = "Baris satu.\n\nKata menteri <b>kapal</b> itu 🚢 karam.\nKapal kedua pun."


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def article(corpus: Corpus) -> Article:
    made = factories.article(corpus, TEXT, title="Kapal karam")
    factories.article(corpus, "Sebuah kapal lagi.", title="Lain", source="Pagi")
    factories.searchable(corpus)
    return made


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def page(client: Client, query: str = "", **more: Any) -> str:
    answer = client.get(f"{PAGE}{query}", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_place_leads_to_the_words_in_the_article(client: Client, article: Article) -> None:
    told = page(client, "?q=kapal")
    assert "3 places" in told
    assert "Kata menteri &lt;b&gt;" in told
    start = TEXT.index("kapal")
    link = f"/corpora/sidang/articles/{article.pk}/?from={start}&amp;to={start + 5}#hit"
    assert link in told
    opened = client.get(link.replace("&amp;", "&")).content.decode()
    assert '&lt;b&gt;<mark class="library-hit" id="hit">kapal</mark>&lt;/b&gt;' in opened


@pytest.mark.parametrize(
    ("sort", "first"),
    [("found", "kapal"), ("left", "karam"), ("right", "kedua"), ("hit", "kedua"), ("x", "kapal")],
)
def test_places_are_put_in_order(client: Client, article: Article, sort: str, first: str) -> None:
    lines = client.get(f"{PAGE}?q=kapal&sort={sort}").context["lines"]
    assert first in f"{lines[0].words.left}{lines[0].words.hit}{lines[0].words.right}"
    assert len(lines) == 3


@pytest.mark.parametrize(
    "pointed", ["from=5&to=2", "from=99&to=105", "from=x&to=1", "from=²&to=3", "from=3"]
)
def test_a_place_that_is_not_there_marks_nothing(
    client: Client, article: Article, pointed: str
) -> None:
    opened = client.get(f"/corpora/sidang/articles/{article.pk}/?{pointed}")
    assert opened.status_code == 200
    assert "<mark" not in opened.content.decode()


def test_a_place_over_two_paragraphs_is_led_to_once(client: Client, article: Article) -> None:
    opened = client.get(f"/corpora/sidang/articles/{article.pk}/?from=6&to=17").content.decode()
    assert opened.count("<mark") == 2
    assert opened.count('id="hit"') == 1


def test_what_is_asked_is_explained(client: Client, article: Article) -> None:
    assert "Which words?" in page(client)
    assert "These words are nowhere" in page(client, "?q=takada")
    assert "There is no word in this" in page(client, "?q=%25")
    assert "3 places" in page(client, "?q=kapal&page=99")
    assert "1 place" in page(client, "?q=kapal&source=pagi")
    part = page(client, "?q=kapal", headers={"HX-Request": "true", "HX-Target": "found"})
    assert part.lstrip().startswith('<section id="found"')


def test_the_number_of_queries_does_not_grow_with_the_places(
    client: Client, corpus: Corpus
) -> None:
    for number in range(5):
        factories.article(corpus, f"kapal {number} " * 40)
    factories.searchable(corpus)
    page(client, "?q=kapal")
    with CaptureQueriesContext(connection) as asked:
        page(client, "?q=kapal")
    assert len(asked) <= 11


def test_a_concordance_is_for_readers_of_the_corpus(
    signed_in: Any, article: Article, annotator_a: User
) -> None:
    assert signed_in(annotator_a).get(f"{PAGE}?q=kapal").status_code == 404


def test_what_takes_long_stands_at_once_and_goes_on(
    client: Client, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        factories.article(corpus, f"Kapal {number}.")
    factories.searchable(corpus)
    monkeypatch.setattr(library, "PATIENCE", 0)
    monkeypatch.setattr(kwic, "_ARTICLES", 2)
    hurried = page(client, "?q=kapal&sort=right")
    assert "2 places so far. The search goes on" in hurried
    assert 'hx-get="?q=kapal&amp;sort=right&amp;thorough=1"' in hurried
    whole = page(client, "?q=kapal&sort=right&thorough=1")
    assert "3 places" in whole
    assert "The search goes on" not in whole


def test_other_pages_are_those_of_the_whole_list(
    client: Client, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ("Kapal. ", "Kapal! "):
        factories.article(corpus, words * 60)
    factories.searchable(corpus)
    monkeypatch.setattr(library, "PATIENCE", 0)
    monkeypatch.setattr(kwic, "_ARTICLES", 1)
    assert "Page 1 of 2" in page(client, "?q=kapal")
    assert "Page 2 of 3" in page(client, "?q=kapal&page=2")
    last = page(client, "?q=kapal&page=1&thorough=1")
    assert 'href="?q=kapal&amp;page=2"' in last
