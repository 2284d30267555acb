from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching import concordance as kwic
from annotations.corpora.searching import texts as reading
from annotations.corpora.searching.concordance import Line, Sort, concordance, in_order
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.matching import AROUND
from annotations.corpora.searching.query import parse
from annotations.corpora.searching.texts import Sent, bodies, sent_bodies, sent_texts
from annotations.text.tokens import folded, runs
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


@pytest.fixture
def three(corpus: Corpus) -> list[Article]:
    made = [
        factories.article(
            corpus, "Kata menteri 🚢 sidang ditunda. Zaman menteri lama.", title="Menteri"
        ),
        factories.article(corpus, "Para menteri baru setuju."),
        factories.article(corpus, "Tanpa siapa-siapa."),
    ]
    factories.searchable(corpus)
    return made


def lines(
    corpus: Corpus, query: str, sort: Sort = Sort.FOUND, most: int = 1_000
) -> list[tuple[str, str, str]]:
    found = concordance(corpus, Criteria(terms=parse(query)), sort=sort, most=most)
    return [(line.left, line.hit, line.right) for line in found.lines]


def test_every_hit_in_a_text_has_its_context_and_place(
    corpus: Corpus, three: list[Article]
) -> None:
    found = concordance(corpus, Criteria(terms=parse("menteri")), sort=Sort.FOUND)
    assert found.complete
    assert [line.article for line in found.lines] == [three[0].pk, three[0].pk, three[1].pk]
    for line in found.lines:
        text = Article.objects.get(pk=line.article).body.text
        assert text[line.start : line.end] == line.hit
        assert text[: line.start].endswith(line.left)
        assert text[line.end :].startswith(line.right)


def test_hits_are_put_in_the_order_of_their_neighbours(
    corpus: Corpus, three: list[Article]
) -> None:
    assert [left.split()[-1] for left, _, _ in lines(corpus, "menteri", Sort.LEFT)] == [
        "Kata",
        "Para",
        "Zaman",
    ]
    assert [right.split()[-1] for *_, right in lines(corpus, "menteri", Sort.RIGHT)] == [
        "setuju.",
        "lama.",
        "lama.",
    ]
    assert [hit for _, hit, _ in lines(corpus, "s*", Sort.HIT)] == [
        "setuju",
        "siapa",
        "siapa",
        "sidang",
    ]


CONTEXTS = st.text(alphabet="abAZ_9 \n-'’“éÆ北\u0301\x1c", max_size=40)


@pytest.mark.parametrize("sort", list(Sort))
@given(lines=st.lists(st.tuples(CONTEXTS, CONTEXTS, CONTEXTS), max_size=12))
def test_lines_are_compared_by_six_folded_words(
    sort: Sort, lines: list[tuple[str, str, str]]
) -> None:
    def compared(line: Line) -> list[str]:
        left, hit, right = (
            [*map(folded, runs(words))] for words in (line.left, line.hit, line.right)
        )
        by = {Sort.LEFT: left[::-1][:6], Sort.RIGHT: right[:6], Sort.HIT: hit[:6] + right[:6]}
        return by.get(sort, [])

    told = [Line(number, 0, 0, *words) for number, words in enumerate(lines)]
    assert list(in_order(told, sort)) == sorted(told, key=compared)


def test_the_context_is_cut_and_the_list_is_bounded(corpus: Corpus) -> None:
    factories.article(corpus, "kapal " * 500)
    factories.searchable(corpus)
    found = concordance(corpus, Criteria(terms=parse("kapal")), sort=Sort.LEFT, most=100)
    assert (len(found.lines), found.complete) == (100, False)
    assert all(len(line.left) <= AROUND and len(line.right) <= AROUND for line in found.lines)


def test_many_articles_are_gone_through_once(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kwic, "_ARTICLES", 2)
    monkeypatch.setattr(kwic, "_MOST_ARTICLES", 3)
    keys = [factories.article(corpus, f"kapal nomor {number}").pk for number in range(20)]
    factories.searchable(corpus)
    found = concordance(corpus, Criteria(terms=parse("kapal")), sort=Sort.FOUND)
    assert [line.article for line in found.lines] == keys
    assert found.complete
    monkeypatch.setattr(kwic, "_TEXTS", 5)
    found = concordance(corpus, Criteria(terms=parse("kapal")), sort=Sort.FOUND)
    assert not found.complete
    assert 5 <= len(found.lines) < 20


def test_a_query_without_words_has_no_places(corpus: Corpus, three: list[Article]) -> None:
    assert lines(corpus, "-menteri") == []


def test_many_texts_are_read_as_few_are(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MANY", 20)
    made = [factories.article(corpus, f"Kapal {number}.", title="Judul") for number in range(25)]
    for some in (made, made[:3], []):
        keys = [article.pk for article in some]
        assert bodies(keys) == {article.pk: article.body.text for article in some}
        sent = {key: text.decode() for texts in sent_texts(keys) for key, text in texts}
        assert sent == {article.pk: f"Judul\n{article.body.text}" for article in some}


def test_many_texts_are_read_as_they_lie_and_few_by_the_index(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MANY", 20)
    keys = [factories.article(corpus, f"Kapal {number}.").pk for number in range(25)]
    with CaptureQueriesContext(connection) as asked:
        bodies(keys)
        bodies(keys[:3])
    told = [query["sql"] for query in asked if query["sql"].startswith("SET LOCAL")]
    assert told == ["SET LOCAL enable_indexscan = off"]


def test_articles_that_have_a_word_in_other_forms_only_are_not_read(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ("Kapal karam.", "Kapalnya karam.", "KAPAL dan kapalnya.", "Kapal yang lain.")
    made = [factories.article(corpus, text, language="id") for text in said]
    factories.searchable(corpus)
    read: list[int] = []

    def recorded(keys: Sequence[int]) -> Iterator[Sequence[Sent]]:
        read.extend(keys)
        return sent_bodies(keys)

    monkeypatch.setattr(kwic, "sent_bodies", recorded)
    assert [hit for _, hit, _ in lines(corpus, "kapal")] == ["Kapal", "KAPAL", "Kapal"]
    assert read == [made[0].pk, made[2].pk, made[3].pk]
    assert [hit for _, hit, _ in lines(corpus, "kapal -lain")] == ["Kapal", "KAPAL"]
    assert [hit for _, hit, _ in lines(corpus, "kapal*")] == [
        *("Kapal", "Kapalnya", "KAPAL", "kapalnya", "Kapal")
    ]
    assert [hit for _, hit, _ in lines(corpus, "yang -karam")] == ["yang"]
    assert len(lines(corpus, "kapal karam")) == 3


def test_who_has_no_patience_gets_what_was_found_so_far(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        factories.article(corpus, f"Kapal {number}.")
    factories.searchable(corpus)
    monkeypatch.setattr(kwic, "_ARTICLES", 2)
    asked = Criteria(terms=parse("kapal"))
    hurried = concordance(corpus, asked, sort=Sort.RIGHT, patience=0)
    assert [line.right for line in hurried.lines] == [" 0.", " 1."]
    assert hurried.hurried
    assert not hurried.complete
    whole = concordance(corpus, asked, sort=Sort.RIGHT)
    assert (len(whole.lines), whole.hurried, whole.complete) == (6, False, True)


@pytest.mark.parametrize("most", [2, 3])
def test_who_found_enough_or_all_was_not_hurried(corpus: Corpus, most: int) -> None:
    for number in range(3):
        factories.article(corpus, f"Kapal {number}.")
    factories.searchable(corpus)
    asked = Criteria(terms=parse("kapal"))
    found = concordance(corpus, asked, sort=Sort.FOUND, most=most, patience=0)
    assert (len(found.lines), found.hurried, found.complete) == (most, False, most == 3)
