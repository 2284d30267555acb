"""A corpus that is being filled beside others: the planner counted those, and takes it for empty."""

import pytest

from annotations.corpora import copying
from annotations.corpora.meeting import there
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers import drafts
from annotations.corpora.searching import indexing
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.finding import Order, Place, find
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


def fill(corpus: Corpus, count: int) -> None:
    lines = (
        f'{{"id": "a{number}", "text": "Rania setuju {number}."}}\n' for number in range(count)
    )
    report = load(corpus, [source("a.jsonl", "".join(lines).encode())], by=None)
    assert report.loaded == count


def test_its_rows_are_read_in_the_order_of_an_index_and_never_all(fresh: Corpus) -> None:
    plan = plans_of(lambda: ask(fresh))
    assert len([line for line in plan if "on article" in line]) > 10
    assert not [line for line in plan if "Sort" in line or "Seq Scan on article" in line]


def ask(corpus: Corpus) -> None:
    there(corpus.pk, [drafted("Baru.")])
    indexing._next(corpus.pk, "id", 0)
    middle = Article.objects.filter(corpus=corpus).latest("pk").pk - 700
    for order in Order:
        for place in (Place(), Place(after=middle), Place(before=middle)):
            find(corpus, Criteria(), order=order, place=place, size=20)


def drafted(text: str) -> copying.Fresh:
    place = drafts.Place("b.jsonl", 1, 0)
    draft = drafts.ArticleDraft(place, "utf-8", text, text.encode(), external_id="a7")
    return copying.fresh(draft, title_in_text=False)
