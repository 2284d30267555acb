"""A corpus that is being filled beside others: the planner counted those, and takes it for empty."""

import pytest
from django.db import connection, transaction

from annotations.corpora import copying
from annotations.corpora.meeting import there
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers import drafts
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.finding import Order, Place, find
from annotations.corpora.searching.reading import following, read
from annotations.corpora.services import load
from tests import factories
from tests.corpora.reading import source
from tests.plans import count_rows, plans_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def fresh() -> Corpus:
    """A corpus of some articles, filled after the planner counted those of another."""
    fill(factories.corpus("counted"), 36_000)  # from here on one index is deeper than another
    count_rows("article", "article_text")
    corpus = factories.corpus("fresh")
    fill(corpus, 1_500)
    return corpus


def test_what_is_checked_of_each_article_takes_as_long_however_many_there_are() -> None:
    """Also where the session has loaded before, when there was next to nothing: it keeps the plans
    that the database made then for its own checks, and those read all there is."""
    count_rows("article", "article_text")
    corpus = factories.corpus("grown")
    fill(corpus, 20)
    with transaction.atomic(), connection.cursor() as cursor:
        load(corpus, [source("b.jsonl", numbered(20, 3_020))], by=None)
        cursor.execute(
            "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'article'"
        )
        # the first thousand meet the twenty, by their text and by their name: twenty rows are read
        assert cursor.fetchone()[0] < 2 * 20 * 1_000 + 3_000


def fill(corpus: Corpus, count: int) -> None:
    report = load(corpus, [source("a.jsonl", numbered(0, count))], by=None)
    assert report.loaded == count


def numbered(first: int, end: int) -> bytes:
    lines = (
        f'{{"id": "a{number}", "text": "Rania setuju {number}."}}\n' for number in range(first, end)
    )
    return "".join(lines).encode()


def test_its_rows_are_read_in_the_order_of_an_index_and_never_all(fresh: Corpus) -> None:
    plan = plans_of(lambda: ask(fresh))
    assert len([line for line in plan if "on article" in line]) > 10
    assert not [line for line in plan if "Sort" in line or "Seq Scan on article" in line]


def ask(corpus: Corpus) -> None:
    there(corpus.pk, [drafted("Baru.")])
    read("id", following(corpus.pk, 0))
    middle = Article.objects.filter(corpus=corpus).latest("pk").pk - 700
    for order in Order:
        for place in (Place(), Place(after=middle), Place(before=middle)):
            find(corpus, Criteria(), order=order, place=place, size=20)


def drafted(text: str) -> copying.Fresh:
    place = drafts.Place("b.jsonl", 1, 0)
    draft = drafts.ArticleDraft(place, "utf-8", text, text.encode(), external_id="a7")
    return copying.fresh(draft, title_in_text=False)
