"""The job that makes articles searchable: started by the sweeper, stopped anywhere, gone on with."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from annotations.corpora.handlers import index_articles
from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching import indexing, settling
from annotations.corpora.searching.ahead import Ahead
from annotations.corpora.searching.aside import aside
from annotations.corpora.searching.models import ArticleSearch, CorpusSummary
from annotations.corpora.upkeep import make_searchable
from annotations.corpora.withdrawing import restore, withdraw
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.jobs.registry import handler_of
from annotations.jobs.running import Cancelled, Running, execute
from tests import factories


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setattr("annotations.corpora.searching.reading._ARTICLES", 2)
    made = factories.corpus()
    for number in range(5):
        factories.article(made, f"Artikel nomor {number}.")
    return made


@pytest.mark.django_db
def test_the_sweeper_has_new_articles_made_searchable_once(corpus: Corpus) -> None:
    assert handler_of("index_articles") is index_articles
    call_command("sweep", once=True)
    call_command("sweep", once=True)
    job = Job.objects.get(kind="index_articles", args__corpus=corpus.pk)
    done = execute(job.pk)
    assert done is not None
    assert (done.state, done.result) == (State.DONE, {"searchable": 5})
    call_command("sweep", once=True)
    assert Job.objects.filter(args__corpus=corpus.pk).count() == 1


@pytest.mark.django_db
def test_no_words_wait_outside_the_index_when_a_job_has_ended(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waiting() == 0
    with monkeypatch.context() as patch:
        patch.setattr("annotations.corpora.searching.settling.settle", lambda: None)
        factories.searchable(corpus)
    assert waiting() > 0
    factories.article(corpus, "Satu lagi.")
    factories.searchable(corpus)
    assert waiting() == 0


@pytest.mark.django_db
def test_no_words_wait_outside_the_index_when_a_job_was_stopped(corpus: Corpus) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        make_searchable(corpus, progress=stop, hold=lambda: None)
    assert ArticleSearch.objects.filter(corpus=corpus).count() == 2
    assert waiting() == 0


@pytest.mark.django_db
def test_no_words_wait_outside_the_index_when_articles_were_restored(corpus: Corpus) -> None:
    make_searchable(corpus, progress=lambda done, total: None, hold=lambda: None)
    keys = [*Article.objects.filter(corpus=corpus).values_list("pk", flat=True)]
    withdraw(corpus, keys, reason="", by=None)
    restore(corpus, keys, by=None)
    assert ArticleSearch.objects.filter(corpus=corpus).count() == len(keys) > 0
    assert waiting() == 0


@pytest.mark.django_db
def test_words_wait_for_many_others_before_they_are_put_in_and_for_no_more(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(settling, "settle", lambda: told.append("settled"))

    def tell(done: int, total: int) -> None:
        told.append(f"{done} of {total}")

    [size] = {one.size for one in sizes(corpus)[:2]}
    monkeypatch.setattr(settling, "MANY_WAIT", 2 * size)
    make_searchable(corpus, progress=tell, hold=lambda: None)
    assert told[0] == "2 of 5"
    assert sorted(told[1:-1]) == ["4 of 5", "5 of 5", "settled"]
    assert told[-1] == "settled"


@transaction.atomic
def sizes(corpus: Corpus) -> list[indexing.Made]:
    """What the steps of the corpus make, which is undone."""
    with aside() as thread:
        following = Ahead(corpus.pk, corpus.language, thread)
        made = [indexing.store(corpus.pk, following.after(0))]
        while made[-1].count:
            made.append(indexing.store(corpus.pk, following.after(made[-1].last)))
    transaction.set_rollback(True)
    return made


@pytest.mark.django_db
def test_whoever_writes_words_does_not_put_in_what_waits(corpus: Corpus) -> None:
    factories.article(corpus, " ".join(f"kata{number:05}" for number in range(20_000)))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gin_pending_list_limit = 64")  # what an index says goes before it
    sizes(corpus)
    assert waiting() > 64 * 1024 / 8192


@pytest.mark.django_db
def test_the_words_of_an_article_do_not_lie_in_its_row(corpus: Corpus) -> None:
    article = factories.article(corpus, " ".join(f"kata{number}" for number in range(400)))
    factories.searchable(corpus)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_relation_size(reltoastrelid) FROM pg_class
                WHERE oid = 'article_search'::regclass"""
        )
        assert cursor.fetchone() > (0,)
    assert ArticleSearch.objects.filter(article=article, words="kata399").exists()


def waiting() -> int:
    """How many pages of words waited; they do no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settle_article_search()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_what_failed_for_good_rests_before_it_is_tried_again(corpus: Corpus) -> None:
    call_command("sweep", once=True)
    job = Job.objects.get(kind="index_articles", args__corpus=corpus.pk)
    now = "2026-01-01T00:00:00Z"
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, finished_at=now)
    call_command("sweep", once=True)
    assert Job.objects.filter(args__corpus=corpus.pk).count() == 2


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_job_that_dies_in_the_middle_is_gone_on_with_and_makes_nothing_twice(
    corpus: Corpus,
) -> None:
    told: list[tuple[int, int]] = []

    def die(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_searchable(corpus, progress=die, hold=lambda: None)
    assert told == [(2, 5), (4, 5)]
    assert make_searchable(corpus, progress=die, hold=lambda: None) == 1
    assert ArticleSearch.objects.filter(corpus=corpus).count() == 5
    summary = CorpusSummary.objects.get(corpus=corpus)
    assert (summary.articles, summary.searchable) == (5, 5)
    assert summary.searched_to == summary.last_article


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_job_that_is_tried_again_counts_what_was_made_before(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.start("index_articles", {"corpus": corpus.pk}, by=None)
    report = Running.report

    def die(running: Running, done: int, total: int | None = None, message: str = "") -> None:
        report(running, done, total, message)
        if done == 4:
            raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Running, "report", die)
        tried = execute(job.pk)
        assert tried is not None
        assert tried.state == State.QUEUED
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    done = execute(job.pk)
    assert done is not None
    assert done.result == {"searchable": 5}


@pytest.mark.django_db
def test_an_article_with_more_words_than_the_index_takes_is_found_by_its_first_ones(
    corpus: Corpus,
) -> None:
    article = factories.article(corpus, " ".join(f"kata{number:06}" for number in range(90_000)))
    factories.searchable(corpus)
    words = ArticleSearch.objects.filter(article=article)
    assert words.filter(words="kata000001").exists()
    assert not words.filter(words="kata089999").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "'",
        "\\ : ' \" 'a':1A",
        "a" * 5_000,
        "\u200d\u0301",
        "😀 👩‍👩‍👧",
        "\x01\x02 kata",
        "𐀀𐀁 קול",
        "kata ʼn kapal",
    ],
)
def test_no_text_breaks_the_index(corpus: Corpus, text: str) -> None:
    article = factories.article(corpus, text, title=text[:50], source=text[:50], author=text[:50])
    factories.searchable(corpus)
    assert ArticleSearch.objects.filter(article=article).exists()


@pytest.mark.django_db
def test_words_are_found_in_any_case_and_when_no_more_of_them_can_be_remembered(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.corpora.searching.vocabulary.REMEMBERED", 3)
    for text in ("Kapal KAPAL berlayar.", "Rapat kapal, élan.", "berlayar Kapal Rapat Élan"):
        factories.article(corpus, text, language="id")
    factories.searchable(corpus)
    found = ArticleSearch.objects.filter(corpus=corpus)
    counts = {word: found.filter(words=word).count() for word in ("kapal", "elan", "~layar")}
    assert counts == {"kapal": 3, "elan": 2, "~layar": 2}
