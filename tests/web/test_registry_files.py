"""Registries go out and come in through the pages: a look first, then a button, then a report."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.corpora.uploads import upload_path
from annotations.exchange import registry_handlers
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from annotations.registry.models import Entity
from tests import factories
from tests.web.test_registry import address, page

pytestmark = pytest.mark.django_db

CSV = "name,type,aliases\nSari Wulan,person,Bu Sari\n,person,\nKorea Utara,country,Korut\n"


@pytest.fixture(autouse=True)
def upload_dir(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    return tmp_path / "uploads"


@pytest.fixture
def corpus(manager: User, analyst: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def sent(client: Client, corpus: Corpus, data: str, name: str = "a.csv") -> Any:
    file = SimpleUploadedFile(name, data.encode())
    return client.post(address(corpus, None, "import/"), {"file": file})


def done(kind: str) -> Job:
    job = Job.objects.get(kind=kind, state="queued")
    execute(job.pk)
    job.refresh_from_db()
    return job


def test_a_look_tells_what_would_be_and_a_button_does_it(client: Client, corpus: Corpus) -> None:
    where = sent(client, corpus, CSV).headers["Location"]
    assert "hx-get" in page(client, where)
    done(registry_handlers.LOOK)
    shown = page(client, where)
    assert "Import the rest" in shown
    assert "missing required field" in shown
    assert not Entity.objects.exists()
    after = client.post(f"{where}bring/").headers["Location"]
    job = done(registry_handlers.BRING)
    assert job.state == "done", job.error
    assert (job.result or {})["new"] == 2
    assert "What was imported" in page(client, after)
    assert set(Entity.objects.values_list("name", flat=True)) == {"Sari Wulan", "Korea Utara"}
    assert not upload_path(job.args["file"]).exists()


def test_the_button_twice_is_one_import(client: Client, corpus: Corpus) -> None:
    where = sent(client, corpus, CSV).headers["Location"]
    done(registry_handlers.LOOK)
    for _press in range(2):
        client.post(f"{where}bring/")
    assert Job.objects.filter(kind=registry_handlers.BRING).count() == 1


def test_an_import_that_died_after_it_wrote_reports_the_same(
    client: Client, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = sent(client, corpus, CSV).headers["Location"]
    done(registry_handlers.LOOK)
    client.post(f"{where}bring/")
    job = Job.objects.get(kind=registry_handlers.BRING)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", lambda *_args, **_how: 1 / 0)
        execute(job.pk)
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, (job.result or {})["new"]) == ("done", 2)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_what_goes_out_comes_in_to_another_registry(
    client: Client, corpus: Corpus, manager: User, kind: str
) -> None:
    sent(client, corpus, CSV)
    other = factories.corpus()
    Membership.objects.create(corpus=other, user=manager, role="manager")
    factories.entity(corpus, "=HYPERLINK(1)")
    answer = client.get(address(corpus, None, f"export.{kind}"))
    data = b"".join(answer).decode()
    assert f".{kind}" in answer.headers["Content-Disposition"]
    Job.objects.all().update(state="done")
    sent(client, other, data, f"a.{kind}")
    done(registry_handlers.LOOK)
    look = Job.objects.filter(kind=registry_handlers.LOOK).latest("created_at")
    client.post(address(other, None, f"import/{look.pk}/bring/"))
    done(registry_handlers.BRING)
    assert b"".join(client.get(address(other, None, f"export.{kind}"))).decode() == data


@pytest.mark.parametrize("name", ["a.xlsx", "a.txt", "a.qdpx", "csv"])
def test_another_kind_of_file_is_refused_and_not_kept(
    client: Client, corpus: Corpus, name: str, upload_dir: Path
) -> None:
    assert sent(client, corpus, CSV, name).status_code == 422
    assert list(upload_dir.iterdir()) == []
    assert client.post(address(corpus, None, "import/"), {}).status_code == 422


def test_a_file_that_is_too_long_gets_a_sentence(
    client: Client, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotations.exchange import registry_checking
    from annotations.limits import Limits

    monkeypatch.setattr(registry_checking, "LIMITS", Limits(registry_lines=2))
    where = sent(client, corpus, CSV).headers["Location"]
    assert done(registry_handlers.LOOK).state == "failed"
    assert "at most 2 entities" in page(client, where)
    monkeypatch.setattr(registry_handlers, "LIMITS", Limits(registry_bytes=10))
    sent(client, corpus, CSV)
    assert "MB" in done(registry_handlers.LOOK).error


def test_who_only_reads_takes_out_and_brings_nothing_in(
    signed_in: Any, analyst: User, stranger: User, corpus: Corpus, client: Client
) -> None:
    where = sent(client, corpus, CSV).headers["Location"]
    done(registry_handlers.LOOK)
    browser = signed_in(analyst)
    assert browser.get(address(corpus, None, "export.csv")).status_code == 200
    assert browser.get(address(corpus, None, "export.xlsx")).status_code == 404
    assert sent(browser, corpus, CSV).status_code == 404
    for door in ("", "progress/"):
        assert browser.get(f"{where}{door}").status_code == 404
    assert browser.post(f"{where}bring/").status_code == 404
    assert signed_in(stranger).get(address(corpus, None, "export.csv")).status_code == 404


def test_a_look_of_another_registry_is_not_there(
    client: Client, corpus: Corpus, manager: User
) -> None:
    other = factories.corpus()
    Membership.objects.create(corpus=other, user=manager, role="manager")
    sent(client, corpus, CSV)
    look = done(registry_handlers.LOOK)
    assert client.get(address(other, None, f"import/{look.pk}/")).status_code == 404
    assert client.post(address(other, None, f"import/{look.pk}/bring/")).status_code == 404


def test_why_a_line_is_left_out_is_said_in_the_language_of_who_asked(
    client: Client, corpus: Corpus, manager: User
) -> None:
    User.objects.filter(pk=manager.pk).update(language="id")
    sent(client, corpus, "name,type\nSari,robot\n")
    assert done(registry_handlers.LOOK).result["lines"] == [[2, "“robot” bukan jenis entitas."]]
