"""Articles by what is asked for: the same as a plain look at every article would find."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article, ArticleTag, ArticleText, Corpus, Tag
from annotations.corpora.searching import conditions, finding, lexemes, search, walking
from annotations.corpora.searching.criteria import Criteria, Hands
from annotations.corpora.searching.finding import Found, Order, Place, find, titles_like
from annotations.corpora.searching.models import ArticleCluster, CorpusFacet, CorpusSummary
from annotations.corpora.searching.query import parse
from annotations.corpora.upkeep import count_loaded
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = [
    "menteri",
    "pesisir",
    "menolak",
    "usul",
    "kapal",
    "warga",
    "setuju",
    "rapat",
    "komisi",
    "selat",
]


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


@pytest.fixture
def three(corpus: Corpus) -> list[Article]:
    made = [
        factories.article(
            corpus,
            "Menteri menolak usul warga.",
            title="Usul ditolak",
            source="Harian Pagi",
            published=datetime(2024, 5, 3, tzinfo=UTC),
        ),
        factories.article(
            corpus,
            "Warga setuju. Kata menteri belum terdengar.",
            title="Setuju",
            source="Koran Sore",
            author="Sari",
            published=datetime(2023, 12, 31, 23, tzinfo=UTC),
        ),
        factories.article(corpus, "The harbour talks ended; ‘nobody’ agreed.", language="en"),
    ]
    factories.searchable(corpus)
    return made


def keys(
    corpus: Corpus, query: str = "", order: Order = Order.LOADED, **asked: object
) -> list[int]:
    return list(look(corpus, query, order, **asked).keys)


def look(corpus: Corpus, query: str = "", order: Order = Order.LOADED, **asked: object) -> Found:
    criteria = Criteria(terms=tuple(parse(query)), **asked)  # type: ignore[arg-type]
    return find(corpus, criteria, order=order, place=Place(), size=50)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("menteri", [0, 1]),
        ("MENTERI warga", [0, 1]),
        ("tolak", [0]),  # by its stem, which PostgreSQL's dictionary knows
        ("ditolak", [0]),
        ('"kata menteri"', [1]),
        ('"menteri kata"', []),
        ("menteri -setuju", [0]),
        ('warga -"kata menteri"', [0]),
        ("harb*", [2]),
        ('menteri -"menolak"', [1]),
        ('"menteri"', [0, 1]),
        ("harbours", [2]),
        ("sari", [1]),
        ("pagi", [0]),
        ("belum", [1]),
        ("the harbour", [2]),
        ("the", [2]),
        ('"belum terdengar"', [1]),
        ("takada", []),
    ],
)
def test_articles_are_found_by_their_words(
    corpus: Corpus, three: list[Article], query: str, places: list[int]
) -> None:
    assert keys(corpus, query) == [three[place].pk for place in places]


def test_a_word_that_is_in_nearly_every_article_is_said_to_be_left_out(
    corpus: Corpus, three: list[Article]
) -> None:
    assert look(corpus, "yang menteri").dropped == ("yang",)
    assert keys(corpus, "yang menteri") == [three[0].pk, three[1].pk]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"source": "harian pagi"}, [0]),
        ({"source": "harian"}, []),
        ({"author": "SARI"}, [1]),
        ({"language": "en"}, [2]),
        ({"title": "setu"}, [1]),
        ({"title": "100%_"}, []),
        ({"since": date(2024, 1, 1)}, [0]),
        ({"until": date(2023, 12, 31)}, [1]),
        ({"since": date(2023, 12, 31), "until": date(2024, 5, 3)}, [0, 1]),
        ({"since": date(2024, 6, 1)}, []),
        ({"since": date(2024, 5, 4), "until": date(2024, 5, 2)}, []),
        ({"until": date.max}, [0, 1]),
        ({"since": date.min}, [0, 1]),
        ({"state": "unassigned"}, [0, 1, 2]),
        ({"state": "submitted"}, []),
    ],
)
def test_articles_are_found_by_what_is_known_of_them(
    corpus: Corpus, three: list[Article], asked: dict[str, object], places: list[int]
) -> None:
    assert keys(corpus, **asked) == [three[place].pk for place in places]


def test_articles_are_put_in_the_order_of_their_days(corpus: Corpus, three: list[Article]) -> None:
    first, second, third = (article.pk for article in three)
    assert keys(corpus, order=Order.NEWEST) == [first, second, third]
    assert keys(corpus, order=Order.OLDEST) == [third, second, first]
    assert keys(corpus, "menteri", Order.OLDEST) == [second, first]


def test_tags_and_states_are_found(corpus: Corpus, three: list[Article]) -> None:
    tag = Tag.objects.create(corpus=corpus, name="banjir")
    ArticleTag.objects.create(tag=tag, article=three[1])
    assert keys(corpus, tag=tag.pk) == [three[1].pk]
    assert keys(corpus, "menteri", tag=tag.pk) == [three[1].pk]
    assert keys(corpus, "menolak", tag=tag.pk) == []
    factories.assignment(factories.user(), "Artikel yang dibagi.", corpus)
    late = factories.article(corpus, "Artikel yang datang terlambat.")
    factories.searchable(corpus)
    assert keys(corpus, state="unassigned") == [late.pk]
    assert len(keys(corpus, state="waiting")) + len(keys(corpus, state="open")) == 4
    Campaign.objects.filter(corpus=corpus).update(hidden=True)
    assert keys(corpus, state="waiting") == keys(corpus, state="open") == []
    assert len(keys(corpus, state="unassigned")) == 5


def test_another_corpus_is_never_looked_into(corpus: Corpus, three: list[Article]) -> None:
    other = factories.corpus()
    factories.article(other, "Menteri menolak di tempat lain.")
    factories.searchable(other)
    assert len(keys(other, "menteri")) == 1
    assert keys(corpus, "menteri") == [three[0].pk, three[1].pk]


def test_withdrawn_articles_are_passed_over_and_end_no_search(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.corpora.searching.reading._ARTICLES", 2)
    rows = [factories.article(corpus, f"Menteri nomor {number}.") for number in range(7)]
    Article.objects.filter(pk__in=[row.pk for row in rows[1:5]]).update(
        withdrawn_at=datetime.now(UTC)
    )
    factories.searchable(corpus)
    assert keys(corpus, "menteri") == [rows[0].pk, rows[5].pk, rows[6].pk]
    summary = CorpusSummary.objects.get(corpus=corpus)
    assert (summary.searchable, summary.searched_to) == (3, rows[6].pk)


def test_what_was_loaded_after_is_searchable_after_the_next_job_only(
    corpus: Corpus, three: list[Article]
) -> None:
    late = factories.article(corpus, "Menteri datang terlambat.")
    assert late.pk not in keys(corpus, "menteri")
    assert late.pk in keys(corpus)
    factories.searchable(corpus)
    assert late.pk in keys(corpus, "menteri")


def test_outlets_and_languages_are_counted(corpus: Corpus, three: list[Article]) -> None:
    counted = CorpusFacet.objects.filter(corpus=corpus).values_list("field", "value", "articles")
    assert set(counted) == {
        ("source", "Harian Pagi", 1),
        ("source", "Koran Sore", 1),
        ("language", "id", 2),
        ("language", "en", 1),
    }


@pytest.fixture
def many(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Two hundred articles on small shelves, read a few at a time, so that every way is gone."""
    for name, bits in (("SHELF", 3), ("BOOKCASE", 5)):
        small = lexemes.Stretch(name.lower(), bits)
        monkeypatch.setattr(lexemes, name, small)
        monkeypatch.setattr(walking, name, small)
    monkeypatch.setattr(walking, "_SHELVES", 3)
    monkeypatch.setattr(walking, "_READ", 5)
    monkeypatch.setattr(walking, "_MOST_READ", 20)
    monkeypatch.setattr(walking, "_FEW", 10)
    monkeypatch.setattr(finding, "COUNTED", 30)
    monkeypatch.setattr(search, "_TEXTS_AT_ONCE", 7)
    texts = [
        f"{' '.join(word for place, word in enumerate(WORDS, 1) if number % place == 0)} {number}"
        for number in range(200)
    ]
    rows = Article.objects.bulk_create(
        Article(
            corpus=corpus,
            sha256=hashlib.sha256(text.encode()).digest(),
            length=len(text),
            source=f"Media {number % 3}",
            published=datetime(2024, 1 + number % 12, 1 + number % 28, tzinfo=UTC)
            if number % 5
            else None,
        )
        for number, text in enumerate(texts)
    )
    ArticleText.objects.bulk_create(
        ArticleText(article=row, text=text, sha256=row.sha256, length=row.length)
        for row, text in zip(rows, texts, strict=True)
    )
    count_loaded(corpus, len(rows), rows[-1].pk)
    factories.searchable(corpus)
    return list(Article.objects.select_related("body").order_by("pk"))


def pages(
    corpus: Corpus, criteria: Criteria, order: Order, size: int
) -> tuple[list[int], list[list[int]]]:
    """All keys going forwards page by page; and the pages met going back from the last."""
    found = find(corpus, criteria, order=order, place=Place(), size=size)
    forwards = [list(found.keys)]
    while found.after:
        found = find(corpus, criteria, order=order, place=Place(after=found.keys[-1]), size=size)
        forwards.append(list(found.keys))
    backwards = [forwards[-1]]
    while found.before:
        found = find(corpus, criteria, order=order, place=Place(before=found.keys[0]), size=size)
        backwards.append(list(found.keys))
    return [key for page in forwards for key in page], backwards


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "query",
    [
        "",
        "menteri",
        "pesisir",
        "selat",
        "komisi selat",
        '"rapat komisi"',
        "kapal -warga",
        "setuju*",
    ],
)
@pytest.mark.parametrize(
    "asked", [{}, {"source": "media 1"}, {"since": date(2024, 3, 1), "until": date(2024, 8, 15)}]
)
def test_pages_hold_every_article_once_forwards_and_back(
    corpus: Corpus, many: list[Article], query: str, order: Order, asked: dict[str, object]
) -> None:
    criteria = Criteria(terms=tuple(parse(query)), **asked)  # type: ignore[arg-type]
    expected = [row.pk for row in many if plainly(row, query, asked)]
    together, backwards = pages(corpus, criteria, order, 7)
    assert sorted(together) == expected
    assert len(set(together)) == len(together)
    days = [(row.published or finding.UNDATED, row.pk) for row in many if row.pk in set(expected)]
    if criteria == Criteria() or len(expected) <= 30:
        down = order is Order.NEWEST
        by_day = [key for _, key in sorted(days, reverse=down)]
        assert together == (expected if order is Order.LOADED else by_day)
    else:
        assert together == expected
    met = [key for page in reversed(backwards) for key in page]
    assert met[-len(together) :] == together[-len(met) :]
    assert set(met) == set(together)


def plainly(row: Article, query: str, asked: dict[str, object]) -> bool:
    text = row.body.text
    words = text.split()
    said: dict[str, Callable[[], bool]] = {
        "": lambda: True,
        '"rapat komisi"': lambda: "rapat komisi" in text,
        "kapal -warga": lambda: "kapal" in words and "warga" not in words,
        "setuju*": lambda: "setuju" in words,
    }
    day = row.published.date() if row.published else None
    return (
        said.get(query, lambda: all(word in words for word in query.split()))()
        and ("source" not in asked or row.source == "Media 1")
        and (
            "since" not in asked
            or (day is not None and date(2024, 3, 1) <= day <= date(2024, 8, 15))
        )
    )


def test_a_phrase_that_is_looked_for_in_too_many_texts_stops_and_goes_on(
    corpus: Corpus, many: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_TEXTS", 20)
    criteria = Criteria(terms=tuple(parse('"komisi 72"')))
    found = find(corpus, criteria, order=Order.LOADED, place=Place(), size=5)
    assert (list(found.keys), found.hits) == ([many[72].pk], 1)  # few hold both words
    criteria = Criteria(terms=tuple(parse('"menteri pesisir menolak usul"')))
    found = find(corpus, criteria, order=Order.LOADED, place=Place(), size=5)
    looked, together = 0, list(found.keys)
    while found.after or found.stopped:
        place = Place(after=found.keys[-1] if found.after else found.stopped)
        found = find(corpus, criteria, order=Order.LOADED, place=place, size=5)
        together += found.keys
        looked += 1
        assert looked < 100
    assert together == [row.pk for row in many if "menteri pesisir menolak usul" in row.body.text]


def test_who_has_no_patience_has_what_was_found_and_the_way_on(
    corpus: Corpus, many: list[Article]
) -> None:
    criteria = Criteria(terms=tuple(parse('"menteri pesisir menolak usul"')))
    wanted = [row.pk for row in many if "menteri pesisir menolak usul" in row.body.text]
    found = find(corpus, criteria, order=Order.LOADED, place=Place(), size=50, patience=0)
    assert found.hurried
    assert 0 < found.stopped < many[-1].pk
    together = list(found.keys)
    while found.stopped:
        assert (found.after, found.hits) == (False, None)
        place = Place(after=found.stopped)
        found = find(corpus, criteria, order=Order.LOADED, place=place, size=50, patience=0)
        together += found.keys
    assert together == wanted
    assert not found.hurried
    whole = find(corpus, criteria, order=Order.LOADED, place=Place(), size=50)
    assert (list(whole.keys), whole.hurried, whole.stopped) == (wanted, False, 0)


def test_the_number_of_queries_does_not_grow_with_the_corpus(
    corpus: Corpus, many: list[Article]
) -> None:
    look(corpus, "selat")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        look(corpus, "rapat")
    assert len(asked) <= 20


def test_articles_that_tell_the_same_story_are_of_one_cluster(corpus: Corpus) -> None:
    story = " ".join(f"kata{number}" for number in range(120))
    first = factories.article(corpus, story)
    other = factories.article(corpus, " ".join(f"lain{number}" for number in range(120)))
    cut = factories.article(corpus, " ".join(story.split()[:100]))
    factories.searchable(corpus)
    retold = factories.article(corpus, f"{story} Tambahan dari redaksi.")
    factories.article(corpus, "Singkat saja.")
    factories.article(corpus, "Singkat saja!")
    factories.searchable(corpus)
    clusters = dict(ArticleCluster.objects.values_list("article", "cluster"))
    assert clusters == {row.pk: first.pk for row in (first, cut, retold)}
    assert keys(corpus, cluster=first.pk) == [first.pk, cut.pk, retold.pk]
    assert other.pk not in clusters


def test_only_what_is_in_ones_hands_is_looked_through(
    corpus: Corpus, annotator_a: User, annotator_b: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [factories.article(corpus, f"Kapal {number} karam.") for number in range(6)]
    factories.searchable(corpus)
    campaign = factories.campaign(corpus, [annotator_a])
    for number, status in enumerate(("open", "reopened", "submitted", "skipped")):
        campaign.assignments.filter(article=made[number]).update(status=status)
    campaign.assignments.filter(article=made[4]).update(withdrawn=True)
    for few in (2_000, 0):
        monkeypatch.setattr(conditions, "_FEW", few)
        for person, hits in ((annotator_a, [0, 1, 5]), (annotator_b, [])):
            criteria = Criteria(terms=parse("kapal"), hands=Hands(campaign.pk, person.pk))
            found = find(corpus, criteria, order=Order.LOADED, place=Place(), size=9)
            assert list(found.keys) == [made[number].pk for number in hits]
            assert Criteria.from_json(json.loads(json.dumps(criteria.as_json()))) == criteria


def test_titles_spelt_alike_are_those_of_the_corpus_alone() -> None:
    corpus, other, empty = (factories.corpus(slug) for slug in ("satu", "dua", "tiga"))
    ours = factories.article(corpus, "Teks.", title="Peluncuran satelit")
    factories.article(corpus, "Teks lain.", title="Banjir di kota")
    factories.article(other, "Teks.", title="Peluncuran satelit")
    factories.searchable(corpus)
    factories.searchable(other)
    assert titles_like(corpus, "pelunkuran satelit", 5) == [ours.pk]
    assert titles_like(empty, "pelunkuran satelit", 5) == []
