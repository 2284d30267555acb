"""Articles taken out of a corpus and put back, with all that hangs on them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments import withdrawing
from annotations.assignments.models import Assignment
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers.sources import source_at
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.finding import Order, Place, find
from annotations.corpora.searching.models import CorpusFacet, CorpusSummary
from annotations.corpora.searching.query import parse
from annotations.corpora.services import load
from annotations.corpora.withdrawing import in_trash
from annotations.history.models import Event
from annotations.limits import LIMITS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


@pytest.fixture
def two(corpus: Corpus) -> list[Article]:
    made = [
        factories.article(
            corpus, f"Menteri nomor {number}.", source="Pagi", external_id=f"a{number}"
        )
        for number in range(2)
    ]
    factories.searchable(corpus)
    return made


def counts(corpus: Corpus) -> tuple[int, int]:
    summary = CorpusSummary.objects.get(corpus=corpus)
    return summary.articles, summary.searchable


def found(corpus: Corpus) -> list[int]:
    criteria = Criteria(terms=parse("menteri"))
    return list(find(corpus, criteria, order=Order.LOADED, place=Place(), size=50).keys)


def facets(corpus: Corpus) -> dict[str, int]:
    return dict(CorpusFacet.objects.filter(corpus=corpus).values_list("value", "articles"))


def test_a_withdrawn_article_is_found_and_counted_no_more_until_it_is_restored(
    corpus: Corpus, two: list[Article], manager: User
) -> None:
    keys = [article.pk for article in two]
    assert withdrawing.withdraw(corpus, keys[:1], reason="ganda", by=manager) == 1
    assert withdrawing.withdraw(corpus, keys[:1], reason="ganda", by=manager) == 0
    assert (found(corpus), counts(corpus), facets(corpus)) == (
        keys[1:],
        (1, 1),
        {"Pagi": 1, "id": 1},
    )
    assert [article.pk for article in in_trash(corpus)] == keys[:1]
    restored = withdrawing.restore(corpus, keys, by=manager)
    assert (restored.articles, restored.refused) == (keys[:1], [])
    assert (found(corpus), counts(corpus), facets(corpus)) == (keys, (2, 2), {"Pagi": 2, "id": 2})
    events = Event.objects.filter(thing="article", thing_id=str(keys[0])).order_by("pk")
    assert [(event.verb, event.data) for event in events] == [
        ("article.withdrawn", {"reason": "ganda"}),
        ("article.restored", {}),
    ]


def test_its_layers_wait_unchanged(annotator_a: User, manager: User) -> None:
    assignment = factories.assignment(annotator_a)
    corpus = assignment.corpus
    opened = assignments.claim_next(assignment.campaign, annotator_a)
    assert opened is not None
    withdrawing.withdraw(corpus, [assignment.article_id], reason="", by=manager)
    assert not policy.assignments_of(annotator_a).exists()
    held = Assignment.objects.get(pk=assignment.pk)
    assert not policy.LABEL.allows(annotator_a, held)
    assert assignments.claim_next(assignment.campaign, annotator_a) is None
    withdrawing.restore(corpus, [assignment.article_id], by=manager)
    assert policy.assignments_of(annotator_a).get().status == opened.status
    assert assignments.claim_next(assignment.campaign, annotator_a) == opened


def test_what_the_job_has_not_come_to_is_left_to_it(corpus: Corpus, manager: User) -> None:
    article = factories.article(corpus, "Menteri baru.")
    withdrawing.withdraw(corpus, [article.pk], reason="", by=manager)
    withdrawing.restore(corpus, [article.pk], by=manager)
    assert counts(corpus) == (1, 0)
    factories.searchable(corpus)
    assert (found(corpus), counts(corpus)) == ([article.pk], (1, 1))


def test_an_article_whose_id_was_given_away_stays_in_the_trash(
    corpus: Corpus, two: list[Article], manager: User
) -> None:
    withdrawing.withdraw(corpus, [two[0].pk], reason="", by=manager)
    factories.article(corpus, "Teks lain.", external_id="a0")
    restored = withdrawing.restore(corpus, [two[0].pk], by=manager)
    assert (restored.articles, restored.refused) == ([], [two[0].pk])
    assert [article.pk for article in in_trash(corpus)] == [two[0].pk]


def test_after_thirty_days_an_article_is_not_restored(
    corpus: Corpus, two: list[Article], manager: User
) -> None:
    withdrawing.withdraw(corpus, [two[0].pk], reason="", by=manager)
    late = timezone.now() - timedelta(days=LIMITS.trash_days, minutes=1)
    Article.objects.filter(pk=two[0].pk).update(withdrawn_at=late)
    assert not in_trash(corpus).exists()
    assert withdrawing.restore(corpus, [two[0].pk], by=manager).articles == []


def test_articles_of_another_corpus_are_never_touched(
    corpus: Corpus, two: list[Article], manager: User
) -> None:
    other = factories.corpus()
    assert withdrawing.withdraw(other, [two[0].pk], reason="", by=manager) == 0
    withdrawing.withdraw(corpus, [two[0].pk], reason="", by=manager)
    assert withdrawing.restore(other, [two[0].pk], by=manager).articles == []


def test_a_withdrawn_text_is_not_loaded_again_unseen(
    corpus: Corpus, two: list[Article], tmp_path: Path
) -> None:
    withdrawing.withdraw(corpus, [two[0].pk], reason="", by=None)
    file = tmp_path / "lagi.txt"
    file.write_text("Menteri nomor 0.")
    report = load(corpus, [source_at(file)], by=None)
    assert [refusal.reason.code for refusal in report.refusals] == ["in_trash"]
    assert not report.kept
