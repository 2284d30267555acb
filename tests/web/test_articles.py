"""The list of a corpus's articles: looking for them, and tagging what was found."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.handlers import tag_articles
from annotations.corpora.models import Article, ArticleTag, Corpus, Membership, Tag
from annotations.corpora.searching import finding, search
from annotations.history.models import Event
from annotations.jobs.models import Job
from annotations.jobs.registry import handler_of
from annotations.jobs.running import execute
from annotations.limits import LIMITS
from annotations.web.library import listing
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/corpora/sidang/"


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def articles(corpus: Corpus) -> list[Article]:
    made = [
        factories.article(
            corpus,
            "Menteri menolak usul <b>warga</b>.",
            title="Usul <i>ditolak</i>",
            source='Harian "Pagi"',
            published=datetime(2024, 5, 3, tzinfo=UTC),
        ),
        factories.article(corpus, "Warga setuju dengan menteri.", title="Setuju", language="en"),
        factories.article(corpus, "Hujan turun lagi; petani mendukung.", title="Cuaca"),
    ]
    factories.searchable(corpus)
    return made


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def page(client: Client, query: str = "", **more: Any) -> str:
    answer = client.get(f"{LIST}{query}", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client, query: str = "") -> list[str]:
    """The titles on a page."""
    answer = client.get(f"{LIST}{query}")
    return [row.title for row in answer.context["listing"].rows]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Usul <i>ditolak</i>", "Setuju", "Cuaca"]),
        ("?q=menteri", ["Usul <i>ditolak</i>", "Setuju"]),
        ("?q=menteri+-setuju", ["Usul <i>ditolak</i>"]),
        ("?title=cuac", ["Cuaca"]),
        ('?source=harian+"pagi"', ["Usul <i>ditolak</i>"]),
        ("?language=en", ["Setuju"]),
        ("?since=2024-01-01&until=2024-12-31", ["Usul <i>ditolak</i>"]),
        ("?state=unassigned", ["Usul <i>ditolak</i>", "Setuju", "Cuaca"]),
        ("?order=newest", ["Usul <i>ditolak</i>", "Cuaca", "Setuju"]),
        ("?q=menteri&order=oldest", ["Setuju", "Usul <i>ditolak</i>"]),
    ],
)
def test_articles_are_found(
    client: Client, articles: list[Article], query: str, titles: list[str]
) -> None:
    assert shown(client, query) == titles


def test_the_words_are_shown_where_they_stand_and_as_text(
    client: Client, articles: list[Article]
) -> None:
    assert "petani <mark>mendukung</mark>." in page(client, "?q=dukung")
    told = page(client, "?q=menolak")
    assert "<mark>menolak</mark> usul &lt;b&gt;warga&lt;/b&gt;." in told
    assert "Usul &lt;i&gt;ditolak&lt;/i&gt;" in told
    assert '<option value="Harian &quot;Pagi&quot;">' in told


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?since=kemarin", "Enter a valid date."),
        ("?tag=99", "Select a valid choice."),
        ("?state=gone", "Select a valid choice."),
        ("?order=sideways", "Select a valid choice."),
        ("?q=%25", "There is no word in this that could be looked for."),
        ("?q=" + "+".join(f"kata{n}" for n in range(30)), "Look for at most 20 words"),
        ("?q=" + "a" * 301, "at most 300 characters"),
        ("?cluster=x", "Enter a whole number."),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_the_rest_is_shown(
    client: Client, articles: list[Article], query: str, sentence: str
) -> None:
    assert sentence in page(client, query)
    assert len(shown(client, query)) == 3


def test_how_many_were_found_is_told_when_the_page_stands(
    client: Client, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2 articles found" in page(client, "?q=menteri")
    monkeypatch.setattr(listing, "ARTICLES_A_PAGE", 1)
    asked = page(client, "?q=menteri")
    assert 'hx-get="/corpora/sidang/count/?q=menteri"' in asked
    assert "2 articles found" in client.get(f"{LIST}count/?q=menteri").content.decode()
    monkeypatch.setattr(finding, "COUNTED", 1)
    assert "More than 1 articles found" in client.get(f"{LIST}count/?q=menteri").content.decode()


def test_nothing_found_says_so(client: Client, articles: list[Article]) -> None:
    assert "No article was found" in page(client, "?q=takada")


def test_titles_spelt_alike_are_offered_where_nothing_was_found(
    client: Client, articles: list[Article]
) -> None:
    assert "Titles with words spelt like these:" not in page(client, "?q=takada")
    told = page(client, "?q=ditollak")
    assert "Titles with words spelt like these:" in told
    assert (
        f'/corpora/sidang/articles/{articles[0].pk}/">Usul &lt;i&gt;ditolak&lt;/i&gt;</a>' in told
    )


def test_words_of_every_article_are_named(client: Client, articles: list[Article]) -> None:
    assert "<q>dengan</q>" in page(client, "?q=menteri+dengan")


def test_articles_that_wait_for_the_job_are_counted(client: Client, corpus: Corpus) -> None:
    factories.article(corpus, "Baru.")
    assert "0 of 1 articles can be searched so far" in page(client)
    factories.searchable(corpus)
    assert "can be searched so far" not in page(client)


def test_a_search_from_the_page_gets_the_list_only(client: Client, articles: list[Article]) -> None:
    part = page(client, "?q=hujan", headers={"HX-Request": "true", "HX-Target": "found"})
    assert part.lstrip().startswith('<section id="found"')
    assert "Cuaca" in part


def test_articles_of_one_story_lead_to_one_another(client: Client, corpus: Corpus) -> None:
    story = " ".join(f"kata{number}" for number in range(60))
    first = factories.article(corpus, story, title="Asli")
    factories.article(corpus, f"{story} lagi", title="Salinan")
    factories.article(corpus, "Lain sekali.", title="Lain")
    factories.searchable(corpus)
    assert "2 articles tell this story" in page(client)
    assert shown(client, f"?cluster={first.pk}") == ["Asli", "Salinan"]
    Article.objects.filter(title="Salinan").update(superseded=True)
    assert "tell" not in page(client)


# --- tags --------------------------------------------------------------------------------------


def send(client: Client, **told: Any) -> list[str]:
    answer = client.post(f"{LIST}chosen/", told)
    assert answer.status_code == 303
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    page(client)  # where they are shown, and are gone
    return told


def tagged(name: str) -> set[int]:
    return set(ArticleTag.objects.filter(tag__name=name).values_list("article", flat=True))


def test_chosen_articles_are_tagged_and_found_by_it(
    client: Client, articles: list[Article], manager: User
) -> None:
    keys = [articles[0].pk, articles[2].pk]
    assert send(client, act="add", name=" bagian  satu ", articles=keys) == [
        "2 articles were tagged."
    ]
    assert tagged("bagian satu") == set(keys)
    tag = Tag.objects.get()
    assert tag.created_by == manager
    assert shown(client, f"?tag={tag.pk}") == ["Usul <i>ditolak</i>", "Cuaca"]
    assert Event.objects.filter(verb="articles.tagged").count() == 1
    assert send(client, act="add", name="bagian satu", articles=keys) == ["0 articles were tagged."]
    told = send(client, act="remove", name="bagian satu", articles=keys[:1])
    assert told == ["The tag was taken from 1 article."]
    assert tagged("bagian satu") == {articles[2].pk}
    send(client, act="remove", name="bagian satu", articles=keys)
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"name": "x"}, "No article was chosen."),
        ({"name": "  ", "articles": [1]}, "A tag is a word or a few words."),
        ({"name": "a\u202eb", "articles": [1]}, "A tag is a word or a few words."),
        ({"name": "x" * 61, "articles": [1]}, "A tag has at most 60 characters."),
        ({"name": "x", "act": "remove", "articles": [1]}, "No article here has this tag."),
        ({"name": "x", "all": "on", "query": "since=kemarin"}, "What was looked for is not clear."),
    ],
)
def test_a_tag_that_cannot_be_put_is_refused_in_a_sentence(
    client: Client, articles: list[Article], told: dict[str, Any], sentence: str
) -> None:
    [message] = send(client, **told)
    assert message.startswith(sentence)
    assert not Tag.objects.exists()
    assert not Job.objects.filter(kind="tag_articles").exists()


def test_articles_of_another_corpus_are_never_tagged(
    client: Client, articles: list[Article]
) -> None:
    other = factories.article(factories.corpus(), "Milik orang lain.")
    send(client, act="add", name="x", articles=[other.pk, articles[0].pk, "²", "9" * 30, ""])
    assert tagged("x") == {articles[0].pk}


def test_a_corpus_has_no_more_tags_than_it_may(
    client: Client, articles: list[Article], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    Tag.objects.bulk_create(Tag(corpus=corpus, name=f"t{n}") for n in range(LIMITS.tags))
    [message] = send(client, act="add", name="satu lagi", articles=[articles[0].pk])
    assert message.startswith("A corpus has at most 500 tags.")
    assert Tag.objects.count() == LIMITS.tags


def test_all_that_was_found_is_tagged_by_a_job(
    client: Client, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert handler_of("tag_articles") is tag_articles
    monkeypatch.setattr("annotations.corpora.tagging._AT_ONCE", 1)
    monkeypatch.setattr(listing, "ARTICLES_A_PAGE", 1)
    send(client, act="add", name="semua", all="on", query="q=menteri&language=")
    done = execute(Job.objects.get(kind="tag_articles").pk)
    assert done is not None
    assert done.result == {"changed": 2}
    assert tagged("semua") == {articles[0].pk, articles[1].pk}
    told = send(client, act="remove", name="semua", all="on", query="language=en")
    assert told[0].startswith("The tag is being taken from all articles found.")
    execute(Job.objects.get(kind="tag_articles", state="queued").pk)
    assert tagged("semua") == {articles[0].pk}
    send(client, act="remove", name="semua", all="on", query="q=menteri")
    execute(Job.objects.get(kind="tag_articles", state="queued").pk)
    assert not Tag.objects.exists()
    events = Event.objects.filter(verb__startswith="articles.").order_by("pk")
    assert [(event.verb, event.data["articles"]) for event in events] == [
        ("articles.tagged", 2),
        ("articles.untagged", 1),
        ("articles.untagged", 1),
    ]


def test_all_are_tagged_where_nothing_is_asked_those_too_that_cannot_be_searched_yet(
    client: Client, articles: list[Article], corpus: Corpus
) -> None:
    fresh = factories.article(corpus, "Baru dimuat.")
    send(client, act="add", name="Caf\u00e9", all="on", query="")
    execute(Job.objects.get(kind="tag_articles").pk)
    assert tagged("Caf\u00e9") == {fresh.pk, *(article.pk for article in articles)}
    told = send(client, act="remove", name="Cafe\u0301", articles=[fresh.pk])
    assert told == ["The tag was taken from 1 article."]


def test_who_does_not_manage_the_corpus_tags_nothing(
    signed_in: Any, articles: list[Article], corpus: Corpus, analyst: User, stranger: User
) -> None:
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    told = {"act": "add", "name": "x", "articles": [articles[0].pk]}
    reader = signed_in(analyst)
    assert reader.post(f"{LIST}chosen/", told).status_code == 404
    assert 'name="articles"' not in page(reader)
    assert signed_in(stranger).post(f"{LIST}chosen/", told).status_code == 404
    assert reader.get(f"{LIST}chosen/").status_code == 405
    assert not Tag.objects.exists()


def test_a_phrase_that_takes_long_stands_at_once_and_goes_on(
    client: Client, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        factories.article(corpus, f"Usul kapal {number}. Kapal usul.", title=f"Kapal {number}")
    factories.searchable(corpus)
    monkeypatch.setattr(listing, "PATIENCE", 0)
    monkeypatch.setattr(search, "_TEXTS_AT_FIRST", 2)
    hurried = page(client, "?q=%22usul+kapal%22&order=newest")
    assert shown(client, "?q=%22usul+kapal%22&order=newest") == ["Kapal 0", "Kapal 1"]
    assert 'hx-get="?q=%22usul+kapal%22&amp;order=newest&amp;thorough=1"' in hurried
    assert "The search goes on" in hurried
    assert "/count/" not in hurried
    thorough = "?q=%22usul+kapal%22&order=newest&thorough=1"
    whole = page(client, thorough, headers={"HX-Request": "true", "HX-Target": "found"})
    assert shown(client, thorough) == ["Kapal 3", "Kapal 2", "Kapal 1", "Kapal 0"]
    assert "The search goes on" not in whole
    assert "thorough" not in whole
