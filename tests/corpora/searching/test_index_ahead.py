"""The job that makes articles searchable does three things at once: it stores a step, prepares the next
one, and has the words of those before put into their index."""

from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection

from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching import ahead, comparing, indexing, preparing, settling
from annotations.corpora.searching.aside import aside
from annotations.corpora.searching.models import ArticleSearch, CorpusFacet, CorpusSummary
from annotations.corpora.upkeep import make_searchable
from annotations.corpora.versions import succeed
from annotations.corpora.withdrawing import withdraw
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PATIENCE = 20.0


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setattr("annotations.corpora.searching.reading._ARTICLES", 2)
    made = factories.corpus()
    for number in range(6):
        factories.article(made, f"Artikel nomor {number}.", source="Harian Pagi")
    return made


def job(corpus: Corpus, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    return make_searchable(corpus, progress=progress, hold=lambda: None)


def after_two(do: Callable[[], object]) -> Callable[[int, int], None]:
    """A progress that does something when the first two articles can be searched, and the next two
    have been read."""

    def progress(done: int, total: int) -> None:
        if done == 2:
            do()

    return progress


def searchable(corpus: Corpus) -> list[int]:
    found = ArticleSearch.objects.filter(corpus=corpus).order_by("pk")
    return [*found.values_list("pk", flat=True)]


def articles(corpus: Corpus) -> list[int]:
    return [*Article.objects.filter(corpus=corpus).order_by("pk").values_list("pk", flat=True)]


def test_a_step_is_prepared_while_the_one_before_is_stored(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = [Event() for _ in range(3)]
    coming = iter(prepared)
    prepare, compare = preparing.prepare, comparing.compare
    stored = iter(prepared[1:])

    def prepare_and_tell(*told: Any) -> Any:
        made = prepare(*told)
        next(coming, Event()).set()
        return made

    def wait_and_compare(*told: Any) -> None:
        if (following := next(stored, None)) is not None:
            assert following.wait(PATIENCE)
        compare(*told)

    monkeypatch.setattr(ahead, "prepare", prepare_and_tell)
    monkeypatch.setattr(indexing, "compare", wait_and_compare)
    assert job(corpus) == 6


def test_words_are_put_in_while_a_step_is_stored(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, settled = Event(), Event()
    settle, store = settling.settle, indexing.store

    def settling_aside() -> None:
        assert second.wait(PATIENCE)
        settle()
        settled.set()

    def storing(*told: Any) -> Any:
        made = store(*told)
        if searchable(corpus) == articles(corpus)[:4]:
            second.set()
            assert settled.wait(PATIENCE)
        return made

    monkeypatch.setattr(settling, "settle", settling_aside)
    monkeypatch.setattr(settling, "MANY_WAIT", 1)
    monkeypatch.setattr(indexing, "store", storing)
    assert job(corpus) == 6


def test_where_words_come_faster_than_they_are_put_in_they_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[int] = []
    go_on = Event()

    def slowly() -> None:
        begun.append(len(begun))
        go_on.wait(PATIENCE)

    monkeypatch.setattr(settling, "settle", slowly)
    monkeypatch.setattr(settling, "MANY_WAIT", 10)
    with aside() as thread, aside() as other:
        words = settling.Settling(thread)
        for size in (9, 1, 10, 9):  # while ten are put in there is room for nineteen more
            words.add(size)
        more = other.submit(words.add, 1)
        with pytest.raises(TimeoutError):
            more.result(0.2)
        assert begun == [0]
        go_on.set()
        more.result(PATIENCE)
        words.add(9)
        words.end()
    assert begun == [0, 1]


def test_what_is_withdrawn_after_it_was_read_is_not_searchable(corpus: Corpus) -> None:
    first, second, third, *others = articles(corpus)
    assert job(corpus, after_two(lambda: withdraw(corpus, [third], reason="", by=None))) == 5
    assert searchable(corpus) == [first, second, *others]
    summary = CorpusSummary.objects.get(corpus=corpus)
    assert (summary.articles, summary.searchable) == (5, 5)
    assert CorpusFacet.objects.get(corpus=corpus, field="source").articles == 5


def test_what_is_corrected_after_it_was_read_is_found_by_its_new_text_alone(corpus: Corpus) -> None:
    third = Article.objects.get(pk=articles(corpus)[2])
    assert job(corpus, after_two(lambda: succeed(third, "Teks dibetulkan.", by=None))) == 6
    words = ArticleSearch.objects.filter(corpus=corpus)
    assert third.pk not in searchable(corpus)
    assert words.filter(words="dibetulkan").count() == 1
    assert words.count() == 6


def test_what_is_loaded_meanwhile_is_come_to(corpus: Corpus) -> None:
    assert job(corpus, after_two(lambda: factories.article(corpus, "Satu lagi."))) == 7
    assert searchable(corpus) == articles(corpus)


def test_what_fails_while_a_step_is_prepared_ends_the_job_behind_those_before(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = preparing.prepare

    def fail(corpus_id: int, known: Sequence[Any], *told: Any) -> Any:
        if known and known[0].id == articles(corpus)[2]:
            raise RuntimeError("no words")
        return prepare(corpus_id, known, *told)

    with monkeypatch.context() as patch:
        patch.setattr(ahead, "prepare", fail)
        with pytest.raises(RuntimeError, match="no words"):
            job(corpus)
    assert searchable(corpus) == articles(corpus)[:2]
    assert CorpusSummary.objects.get(corpus=corpus).searchable == 2
    assert job(corpus) == 4


def test_what_fails_while_words_are_put_in_ends_the_job(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = settling.settle
    tried: list[int] = []

    def fail_once() -> None:
        tried.append(len(tried))
        if len(tried) == 1:
            raise RuntimeError("no room")
        settle()

    monkeypatch.setattr(settling, "settle", fail_once)
    monkeypatch.setattr(settling, "MANY_WAIT", 1)
    with pytest.raises(RuntimeError, match="no room"):
        job(corpus)
    assert tried == [0, 1]
    assert len(searchable(corpus)) == CorpusSummary.objects.get(corpus=corpus).searchable == 4


@pytest.mark.parametrize("ends_early", [False, True])
def test_no_connection_is_left_open(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, ends_early: bool
) -> None:
    def stop(done: int, total: int) -> None:
        if ends_early and done == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(settling, "MANY_WAIT", 1)
    before = connected()
    if ends_early:
        with pytest.raises(KeyboardInterrupt):
            job(corpus, stop)
    else:
        job(corpus, stop)
    deadline = monotonic() + PATIENCE
    while connected() > before and monotonic() < deadline:
        sleep(0.05)  # a server goes some time after it was told
    assert connected() == before


def connected() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
