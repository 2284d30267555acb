"""A load that may leave things out, in pieces: wherever it is interrupted, it ends as if it were not."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.trash import restore_corpus, withdraw_corpus
from annotations.corpora import copying, handlers, loading, meeting, pieces, reports
from annotations.corpora.journal import Journal
from annotations.corpora.loading import Loading
from annotations.corpora.models import Article, ArticleAppearance, Corpus
from annotations.corpora.pieces import so_far
from annotations.corpora.readers import kinds
from annotations.corpora.reports import LoadReport
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.upkeep import is_behind
from annotations.corpora.uploads import report_path, upload_path
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import Cancelled, LeaseLost, Running, execute
from tests import factories
from tests.corpora.reading import zipped
from tests.corpora.test_load_job import arguments, lines, uploaded

pytestmark = pytest.mark.django_db

KNOWN = "Teks yang sudah ada."
GONE = "Teks di tempat sampah."


class Killed(BaseException):
    """As a signal ends a worker: nobody handles it."""


class Death:
    """Strikes when the load comes to its n-th step, counted over all attempts: before a chunk is
    loaded, before a checkpoint is written, before that is committed, before the files are removed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.deadly: set[int] = set()
        take, save, remove = Loading.take, Running.save_checkpoint, handlers.remove_uploads

        def taking(self_: Loading, *args: Any) -> None:
            self.step()
            take(self_, *args)

        def saving(self_: Running, checkpoint: dict[str, Any]) -> None:
            self.step()
            save(self_, checkpoint)
            self.step()

        def removing(files: Any) -> None:
            self.step()
            remove(files)

        monkeypatch.setattr(Loading, "take", taking)
        monkeypatch.setattr(Running, "save_checkpoint", saving)
        monkeypatch.setattr(handlers, "remove_uploads", removing)

    def step(self) -> None:
        self.steps += 1
        if self.steps in self.deadly:
            raise Killed


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path
    monkeypatch.setattr(pieces, "PIECE_READINGS", 4)
    monkeypatch.setattr(loading, "_CHUNK_ROWS", 2)
    monkeypatch.setattr(loading, "_TOLD_EVERY", 1)


@pytest.fixture
def death(monkeypatch: pytest.MonkeyPatch) -> Death:
    return Death(monkeypatch)


def a_corpus() -> Corpus:
    """It has a text already, and one in its trash."""
    corpus = factories.corpus()
    factories.article(corpus, KNOWN, external_id="lama")
    factories.article(corpus, GONE)
    Article.objects.filter(corpus=corpus, body__text=GONE).update(withdrawn_at=timezone.now())
    return corpus


def difficult_files() -> list[dict[str, str]]:
    """Refused lines, ids that are taken, the same text again in other pieces and files, a file
    without articles, files that are refused whole, two files of one name."""
    first = [
        {"text": "Satu.", "external_id": "1"},
        {"text": KNOWN, "source": "Harian Kota"},
        {"text": "Dua.", "external_id": "1"},
        {"text": 7},
        {"text": "Tiga.", "published": "2024-10-31"},
        {"text": "Satu.", "source": "Kabar"},
        {"text": "Empat.", "external_id": "lama"},
        {"text": GONE},
        {"text": "Lima.", "external_id": "5", "metadata": {"x": 1}},
        {"text": "Satu.", "source": "Kabar"},
    ]
    table = "isi,tanggal,sumber\n" + "".join(
        f"Baris {number}.,0{number}/03/2024,Warta\n" for number in range(1, 6)
    )
    members = {
        "a.txt": b"Teks a.",
        "b.txt": b"",
        "b.json": b"[]",
        "c.html": b"<html><body><article><p>Halaman panjang tentang sidang.</p></article></body>",
        "d.exe": b"MZ",
        "e.zip": b"PK",
        "f.txt": "naïf".encode("latin-1"),
        "g.jsonl": b'{"text": "Satu."}\n{"text": "Tujuh."}\n{\n{"text": "Delapan."}\n',
        "h.json": b'[{"text": "Sembilan."}, {"text": 1}]',
        "i.txt": b"Teks i.",
        "j.txt": b"Teks a.",
    }
    return [
        uploaded("".join(json.dumps(line) + "\n" for line in first).encode(), "a.jsonl"),
        uploaded(table.encode(), "b.csv"),
        uploaded(zipped(members), "c.zip"),
        uploaded(b'{"text": "Lain."}\n{"text": "Dua."}\n', "a.jsonl"),
    ]


def entered(corpus: Corpus, *files: dict[str, str], by: User | None = None) -> Job:
    return Job.objects.create(
        kind="load_articles",
        args=arguments(corpus, *files),
        run_after=timezone.now(),
        requested_by=by,
    )


def tried(job: Job) -> Job:
    """The job after one more worker had it, who may die of it."""
    Job.objects.filter(pk=job.pk).update(state="queued", lease_until=None, attempts=0)
    try:
        done = execute(job.pk)
    except Killed:
        done = Job.objects.get(pk=job.pk)
        assert done.state == "running"
    assert done is not None
    return done


def outcome(job: Job) -> tuple[object, ...]:
    """All that a load leaves: its report, its journal, its articles in order, what is counted."""
    assert (job.state, job.error) == ("done", "")
    corpus = Corpus.objects.get(pk=job.args["corpus"])
    articles = Article.objects.filter(corpus=corpus).order_by("pk")
    rows = articles.values_list(
        *("external_id", "title", "source", "published", "metadata", "body__text", "encoding")
    )
    appearances = ArticleAppearance.objects.filter(article__corpus=corpus).order_by("pk")
    summary = CorpusSummary.objects.get(corpus=corpus)
    moments = {article.created_at for article in articles if article.encoding}
    last = articles.last()
    assert last is not None
    return (
        *(job.result, report_path(job.pk).read_bytes(), list(rows)),
        *(list(appearances.values_list("article__body__text", "source")), summary.articles),
        *(len(moments), summary.last_article == last.pk),
    )


def events(corpus: Corpus) -> list[dict[str, int]]:
    told = Event.objects.filter(verb="corpus.loaded", thing_id=str(corpus.pk)).order_by("pk")
    return [event.data for event in told]


@pytest.fixture
def expected(monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """What one piece gives."""
    with monkeypatch.context() as one:
        one.setattr(pieces, "PIECE_READINGS", 1_000)
        job = tried(entered(a_corpus(), *difficult_files()))
    assert job.result is not None
    report = job.result
    assert (report["loaded"], report["already"], report["appearances"], report["refused"]) == (
        *(17, 5, 4, 9),
    )
    return outcome(job)


def test_a_load_in_pieces_ends_as_one_in_one_piece(expected: tuple[object, ...]) -> None:
    corpus = a_corpus()
    job = tried(entered(corpus, *difficult_files()))
    assert outcome(job) == expected
    told = events(corpus)
    assert len(told) == 8
    assert {name: sum(event[name] for event in told) for name in told[0]} == {
        name: (job.result or {})[name] for name in ("loaded", "already", "refused")
    }


def test_a_load_that_dies_anywhere_ends_as_one_that_does_not(
    expected: tuple[object, ...], death: Death, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every step of it, the one behind the last commit too. The report shows fewer files than
    were loaded."""
    monkeypatch.setattr(reports, "FILES_SHOWN", 3)
    whole = tried(entered(a_corpus(), *difficult_files()))
    steps = death.steps
    assert steps > 24
    for step in range(1, steps + 1):
        death.steps, death.deadly = 0, {step}
        job = entered(a_corpus(), *difficult_files())
        assert tried(job).state == "running"
        assert outcome(tried(job)) == (whole.result, *expected[1:]), step


def test_a_load_that_dies_again_and_again_ends_as_well(
    expected: tuple[object, ...], death: Death
) -> None:
    """Each worker gets one piece further, and dies at the beginning of the next."""
    job = entered(a_corpus(), *difficult_files())
    attempts = 0
    death.deadly = {5}
    while (now := tried(job)).state == "running":
        death.steps = 0
        attempts += 1
    assert attempts > 6
    assert outcome(now) == expected


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles each statement put into the database."""
    counts: list[int] = []
    insert = copying.insert

    def counted(corpus: int, articles: Any, *more: Any) -> int:
        counts.append(len(articles))
        return insert(corpus, articles, *more)

    monkeypatch.setattr(copying, "insert", counted)
    return counts


def test_what_was_committed_is_not_put_into_the_database_again(
    death: Death, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor asked for there: it is read, and passed by; files that were read to their end are not
    opened again."""
    met: list[int] = []
    meet = meeting.meet
    monkeypatch.setattr(
        meeting, "meet", lambda corpus, few: met.append(len(few)) or meet(corpus, few)
    )
    opened: list[str] = []
    read = kinds.read
    monkeypatch.setattr(kinds, "read", lambda source: opened.append(source.name) or read(source))
    files = [uploaded(lines(11), "a.jsonl"), uploaded(lines(31)[len(lines(11)) :], "b.jsonl")]
    job = entered(factories.corpus(), *files)
    death.deadly = {15}
    dead = tried(job)
    before = so_far(dead.checkpoint)
    assert before is not None
    assert (before.behind.readings, before.report.loaded) == (1, 12)
    assert Article.objects.count() == 12
    for counts in (sent, met, opened):
        counts.clear()
    assert (tried(job).result or {})["loaded"] == 31
    assert (sum(sent), sum(met), opened) == (19, 19, ["b.jsonl"])


def cancelled_after(
    number: int, *files: dict[str, str], by: User, corpus: Corpus | None = None
) -> Job:
    """A load that somebody stopped behind so many pieces."""
    saved: list[object] = []
    save = Running.save_checkpoint

    def saving(job: Running, checkpoint: dict[str, Any]) -> None:
        save(job, checkpoint)
        saved.append(checkpoint)

    def stop(done: int, total: int | None, message: str) -> None:
        if len(saved) == number:
            raise Cancelled

    args = arguments(corpus or factories.corpus(), *files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Running, "save_checkpoint", saving)
        job = jobs.run_here("load_articles", args, by=by, progress=stop)
    assert job.state == "cancelled"
    return job


def test_a_cancelled_load_keeps_its_pieces_and_goes_on_when_it_is_tried_again(
    manager: User,
) -> None:
    job = cancelled_after(2, uploaded(lines(20)), by=manager)
    corpus = Corpus.objects.get(pk=job.args["corpus"])
    summary = CorpusSummary.objects.get(corpus=corpus)
    assert (job.state, Article.objects.count(), summary.articles) == ("cancelled", 8, 8)
    assert is_behind(corpus)
    assert [event["loaded"] for event in events(corpus)] == [4, 4]
    assert jobs.retry(job.pk, by=manager)
    done = execute(job.pk)
    assert done is not None
    assert (done.state, (done.result or {})["loaded"], Article.objects.count()) == ("done", 20, 20)
    assert Event.objects.filter(verb="corpus.loaded", by=manager).count() == 5


def test_progress_begins_where_it_was(manager: User) -> None:
    """What is read again is told of in words, and moves no bar."""
    job = cancelled_after(2, uploaded(lines(20)), by=manager)
    before = so_far(job.checkpoint)
    assert before is not None
    told: list[tuple[int, int | None, str]] = []
    jobs.retry(job.pk, by=manager)
    execute(job.pk, lambda *what: told.append(what))
    assert told[0] == (before.done, len(lines(20)), "Going on where it stopped")
    assert [done for done, *_ in told] == sorted(done for done, *_ in told)
    assert told[-1] == (len(lines(20)), len(lines(20)), "")


def test_a_corpus_that_went_into_the_trash_gets_the_rest_when_it_is_back(manager: User) -> None:
    job = cancelled_after(1, uploaded(lines(20)), by=manager)
    corpus = Corpus.objects.get(pk=job.args["corpus"])
    withdraw_corpus(corpus, by=manager)
    refused = tried(job)
    assert (refused.state, "in the trash" in refused.error) == ("failed", True)
    restore_corpus(corpus, by=manager)
    assert (tried(job).result or {})["loaded"] == 20
    assert Article.objects.count() == 20


def test_a_corpus_that_goes_into_the_trash_between_two_pieces_gets_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corpus = factories.corpus()
    save = Running.save_checkpoint

    def saving(job: Running, checkpoint: dict[str, Any]) -> None:
        save(job, checkpoint)
        Corpus.objects.update(withdrawn_at=timezone.now())

    monkeypatch.setattr(Running, "save_checkpoint", saving)
    job = tried(entered(corpus, uploaded(lines(20))))
    assert (job.state, "in the trash" in job.error) == ("failed", True)
    assert Article.objects.count() == 4


def path_of(job: Job) -> Path:
    return upload_path(UUID(job.args["files"][0]["id"]))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"{}\n",
        lambda data: data.replace(b"artikel 3", b"artikel 9", 1),
    ],
)
def test_files_that_changed_are_refused_in_a_sentence(
    manager: User, change: Callable[[bytes], bytes]
) -> None:
    job = cancelled_after(2, uploaded(lines(20)), by=manager)
    path = path_of(job)
    path.write_bytes(change(path.read_bytes()))
    refused = tried(job)
    assert (refused.state, "not those with which" in refused.error) == ("failed", True)
    assert so_far(refused.checkpoint) == so_far(job.checkpoint)
    assert Article.objects.count() == 8


def titled(*numbers: int) -> bytes:
    made = [{"title": f"Judul {n}", "text": f"Teks {n}."} for n in numbers]
    return "".join(json.dumps(line) + "\n" for line in made).encode()


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize(
    ("file", "was", "now"),
    [(0, b"Teks 12", b"Teks 99"), (1, b"Judul 15", b"Judul 99"), (1, b"Judul 17", b"Judul 99")],
)
def test_files_that_changed_and_kept_their_length_are_refused_in_a_sentence(
    manager: User, file: int, was: bytes, now: bytes, *, archived: bool
) -> None:
    """In a file that was read to its end; before the last article that was loaded; in that."""

    def paths(members: list[bytes]) -> list[dict[str, str]]:
        named = {f"{at}.jsonl": member for at, member in enumerate(members)}
        if archived:
            return [uploaded(zipped(named), "a.zip")]
        return [uploaded(member, name) for name, member in named.items()]

    members = [titled(*range(10, 14)), titled(*range(14, 30))]
    job = cancelled_after(2, *paths(members), by=manager)
    assert Article.objects.filter(title__in=("Judul 17", "Judul 18")).count() == 1
    members[file] = members[file].replace(was, now)
    for old, new in zip(job.args["files"], paths(members), strict=True):
        upload_path(UUID(new["id"])).replace(upload_path(UUID(old["id"])))
    refused = tried(job)
    assert (refused.state, "not those with which" in refused.error) == ("failed", True)
    assert so_far(refused.checkpoint) == so_far(job.checkpoint)
    assert Article.objects.count() == 8


def test_a_file_that_is_gone_is_refused_in_a_sentence(manager: User) -> None:
    job = cancelled_after(2, uploaded(lines(20)), by=manager)
    path_of(job).unlink()
    refused = tried(job)
    assert (refused.state, "not there any more" in refused.error) == ("failed", True)
    assert Article.objects.count() == 8


def test_a_report_that_is_gone_is_refused_in_a_sentence(manager: User) -> None:
    job = cancelled_after(3, uploaded(lines(1) * 8 + lines(20)), by=manager)
    report_path(job.pk).with_suffix(".part").unlink()
    assert (tried(job).state, "not those with which" in tried(job).error) == ("failed", True)


def test_another_load_may_come_between_two_pieces(
    monkeypatch: pytest.MonkeyPatch, death: Death
) -> None:
    """What it has brought is there already then, whether or not the first load was interrupted."""
    corpus = factories.corpus()
    job = entered(corpus, uploaded(lines(12)))
    death.deadly = {5}
    tried(job)
    other = tried(entered(corpus, uploaded(lines(8))))
    done = tried(job)
    assert [((j.result or {})["loaded"], (j.result or {})["already"]) for j in (other, done)] == [
        *[(4, 4), (8, 4)]
    ]
    assert Article.objects.count() == 12


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_loads_at_once_take_turns_by_pieces() -> None:
    """Of the same texts each is there once, and counted as loaded by one of them."""
    corpus = factories.corpus()
    both = [entered(corpus, uploaded(lines(60))) for _ in range(2)]
    done: list[Job] = []

    def load(job: Job) -> None:
        done.append(tried(job))
        connection.close()

    threads = [threading.Thread(target=load, args=(job,)) for job in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results = [job.result or {} for job in done]
    assert [one["loaded"] + one["already"] for one in results] == [60, 60]
    assert sum(one["loaded"] for one in results) == Article.objects.count() == 60
    assert CorpusSummary.objects.get(corpus=corpus).articles == 60


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_worker_that_was_thought_dead_changes_nothing(
    expected: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes back between two pieces, after another worker has taken the job."""
    job = entered(a_corpus(), *difficult_files())
    turn, turns = pieces.take_turn, [0]
    others: list[Job] = []

    def other() -> None:
        others.append(tried(job))
        connection.close()

    def taking(*args: Any) -> None:
        turns[0] += 1
        if turns[0] == 3:
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        turn(*args)

    monkeypatch.setattr(pieces, "take_turn", taking)
    Job.objects.filter(pk=job.pk).update(state="queued")
    execute(job.pk)
    assert turns[0] > 5
    assert outcome(*others) == expected
    assert Job.objects.get(pk=job.pk).state == "done"


def test_whoever_has_lost_the_job_publishes_no_report() -> None:
    """What stands beside its place is the next worker's."""
    job = entered(factories.corpus(), uploaded(lines(1)))
    with Journal(report_path(job.pk)) as journal:
        with pytest.raises(LeaseLost), transaction.atomic():
            handlers._keep(Running(job), journal, LoadReport())
        assert not report_path(job.pk).exists()


def test_slow_files_make_pieces_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is read slowly, a piece holds as much as a few seconds give; while the database writes
    an article, another one is read."""
    monkeypatch.setattr(pieces, "PIECE_READINGS", 1_000)
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0.0)
    monkeypatch.setattr(loading, "_CHUNK_ROWS", 1_000)
    monkeypatch.setattr(loading, "_CHUNK_SECONDS", 0.0)
    corpus = factories.corpus()
    assert (tried(entered(corpus, uploaded(lines(5)))).result or {})["loaded"] == 5
    assert [event["loaded"] for event in events(corpus)] == [1, 2, 2]


def test_one_refusal_leaves_nothing_of_a_load_that_is_all_or_nothing() -> None:
    corpus = factories.corpus()
    args = arguments(corpus, uploaded(lines(30) + b"[]\n"), policy="all_or_nothing")
    job = jobs.run_here("load_articles", args, by=None)
    assert (job.result or {})["kept"] is False
    assert not Article.objects.exists()
    assert so_far(job.checkpoint) is None
