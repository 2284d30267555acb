"""The job that loads uploads: run twice, killed in the middle, two at once."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from annotations.accounts.models import User
from annotations.corpora import copying, handlers, services
from annotations.corpora.models import Article, ArticleText, Corpus
from annotations.corpora.reports import LoadReport
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.uploads import kept_until, report_path, suffice, upload_path
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import Cancelled, Running, execute
from annotations.jobs.sweep import sweep
from tests import factories
from tests.corpora.reading import source

GOOD = '{{"text": "Rania setuju – artikel {}."}}\n'


def lines(count: int) -> bytes:
    return "".join(GOOD.format(number) for number in range(count)).encode()


def uploaded(data: bytes, name: str = "a.jsonl") -> dict[str, str]:
    upload = uuid4()
    path = upload_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {"id": str(upload), "name": name}


def arguments(corpus: Corpus, *files: dict[str, str], policy: str = "skip") -> dict[str, object]:
    return {"corpus": corpus.pk, "files": list(files), "policy": policy, "encoding": ""}


@pytest.mark.django_db
def test_the_job_keeps_its_report_and_removes_the_upload(manager: User) -> None:
    file = uploaded(lines(2) + b"[]\n")
    job = jobs.run_here("load_articles", arguments(factories.corpus(), file), by=manager)
    assert job.result is not None
    assert (job.state, job.result["loaded"], job.result["refused"]) == ("done", 2, 1)
    assert report_path(job.pk).read_text().count("\n") == 1
    assert not upload_path(file["id"]).exists()  # type: ignore[arg-type]  # as written in a path


@pytest.mark.django_db
def test_a_job_that_is_run_again_tells_what_it_did_the_first_time(manager: User) -> None:
    """A worker that dies after the commit leaves the checkpoint, and that says everything."""
    args = arguments(factories.corpus(), uploaded(lines(2)))
    job = jobs.run_here("load_articles", args, by=manager)
    again = Running(Job.objects.get(pk=job.pk))
    assert handlers.load_articles(again) == job.result
    assert Article.objects.count() == 2


@pytest.mark.django_db
def test_a_missing_upload_is_a_refusal_in_words() -> None:
    file = {"id": str(uuid4()), "name": "a.txt"}
    job = jobs.run_here("load_articles", arguments(factories.corpus(), file), by=None)
    assert (job.state, "a.txt is not there any more" in job.error) == ("failed", True)


@pytest.mark.django_db
def test_a_load_of_all_or_nothing_that_is_cancelled_leaves_no_article_and_is_tried_again(
    manager: User,
) -> None:
    """Its upload is kept for that; the second time it loads everything, and once."""
    corpus = factories.corpus()
    args = arguments(corpus, uploaded(lines(3_000)), policy="all_or_nothing")
    job = cancelled_at_37_percent(args, manager)
    assert not Article.objects.exists()
    assert not report_path(job.pk).exists()
    assert jobs.retry(job.pk, by=manager)
    done = execute(job.pk)
    assert done is not None
    assert (done.state, (done.result or {})["loaded"]) == ("done", 3_000)
    assert Article.objects.count() == ArticleText.objects.count() == 3_000
    assert Event.objects.filter(verb="corpus.loaded").count() == 1
    assert not suffice(job.args, {})


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_load_of_all_or_nothing_that_keeps_nothing_says_why() -> None:
    """Its report has a transaction of its own: that of the load is undone."""
    args = arguments(factories.corpus(), uploaded(lines(2) + b"[]\n"), policy="all_or_nothing")
    job = jobs.run_here("load_articles", args, by=None)
    assert job.result is not None
    assert (job.state, job.result["kept"], job.result["refused"]) == ("done", False, 1)
    assert report_path(job.pk).read_text().count("\n") == 1
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_the_upload_of_a_cancelled_load_is_removed_by_the_sweeper_after_a_week(
    manager: User, settings: Any, tmp_path: Path
) -> None:
    settings.UPLOAD_DIR = tmp_path
    job = cancelled_at_37_percent(arguments(factories.corpus(), uploaded(lines(3_000))), manager)
    path = upload_path(UUID(job.args["files"][0]["id"]))
    day = 86_400
    for days, is_kept in ((6.9, True), (7.1, False)):
        os.utime(path, (0, time.time() - days * day))
        call_command("sweep", once=True)
        assert path.is_file() == suffice(job.args, {}) == is_kept
    assert kept_until(job.args) is None


def cancelled_at_37_percent(args: dict[str, object], by: User) -> Job:
    def stop(done: int, total: int | None, message: str) -> None:
        if total and done / total > 0.37:
            raise Cancelled

    job = jobs.run_here("load_articles", args, by=by, progress=stop)
    assert (job.state, job.done > 0) == ("cancelled", True)
    return job


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_loads_of_one_file_at_once_make_one_set_of_articles() -> None:
    corpus = factories.corpus()
    reports: list[LoadReport] = []

    def load() -> None:
        reports.append(services.load(corpus, [source("a.jsonl", lines(3_000))], by=None))
        connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((r.loaded, r.already) for r in reports) == [(0, 3_000), (3_000, 0)]
    assert Article.objects.count() == ArticleText.objects.count() == 3_000


LOADER = """
import sys
import django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = sys.argv[1]
from pathlib import Path
from annotations.corpora import services
from annotations.corpora.models import Corpus
from annotations.corpora.readers.sources import source_at
told = lambda done, total: done > 1_000_000 and sys.stdout.write(".") and sys.stdout.flush()
services.load(Corpus.objects.get(), [source_at(Path(sys.argv[2]))], by=None, progress=told)
"""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_load_killed_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    corpus = factories.corpus()
    (tmp_path / "a.jsonl").write_bytes(lines(60_000))
    name = str(connection.settings_dict["NAME"])
    loader = subprocess.Popen(
        [sys.executable, "-c", LOADER, name, str(tmp_path / "a.jsonl")],
        stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "workbench.settings"},
    )
    with loader:
        assert loader.stdout is not None
        assert loader.stdout.read(1) == b"."
        loader.send_signal(signal.SIGKILL)
    time.sleep(0.2)
    assert not Article.objects.exists()
    assert services.load(corpus, [source("a.jsonl", lines(10))], by=None).loaded == 10


WORKER = """
import sys
import django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = sys.argv[1]
from django.conf import settings
settings.UPLOAD_DIR = sys.argv[3]
from annotations import tasks
from annotations.jobs.running import execute
def told(done, total, message):
    if total and done / total > 0.37:
        sys.stdout.write(".")
        sys.stdout.flush()
execute(sys.argv[2], told)
"""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(
    ("policy", "many", "committed"), [("all_or_nothing", 15_000, 0), ("skip", 36_000, 10_000)]
)
def test_a_load_killed_at_37_percent_goes_on_and_adds_nothing_twice(
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    many: int,
    committed: int,
) -> None:
    """The worker dies, the sweeper takes its job back, another worker does it, behind the pieces
    that are there where it was in pieces; the same file once more adds nothing."""
    settings.UPLOAD_DIR = tmp_path
    corpus = factories.corpus()
    args = arguments(corpus, uploaded(lines(many)), policy=policy)
    job = Job.objects.create(kind="load_articles", args=args, run_after=timezone.now())
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, name, str(job.pk), str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "workbench.settings"},
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.read(1) == b"."
        worker.send_signal(signal.SIGKILL)
    assert Job.objects.get().state == "running"
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    assert Job.objects.get().state == "queued"
    there = Article.objects.count()
    assert committed <= there < many
    assert there % 10_000 == 0
    assert there == CorpusSummary.objects.get(corpus=corpus).articles
    sent: list[int] = []
    insert = copying.insert
    monkeypatch.setattr(
        copying,
        "insert",
        lambda corpus, few, *more: sent.append(len(few)) or insert(corpus, few, *more),  # type: ignore[func-returns-value]  # counts on the way
    )
    done = execute(job.pk)
    assert done is not None
    assert (done.state, done.attempts, (done.result or {})["loaded"]) == ("done", 2, many)
    assert sum(sent) == many - there
    again = jobs.run_here("load_articles", arguments(corpus, uploaded(lines(many))), by=None)
    assert ((again.result or {})["loaded"], (again.result or {})["already"]) == (0, many)
    assert Article.objects.count() == ArticleText.objects.count() == many
    assert sum(sent) == many - there
