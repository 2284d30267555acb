"""A corrected text, through the doors."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.corpora.models import Article, Membership
from annotations.exchange.handlers import revise_article
from annotations.jobs.models import Job
from annotations.jobs.registry import handler_of
from annotations.jobs.running import execute
from tests import factories
from tests.factories import placed
from tests.spans.test_operations import send

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

OLD = "Baris satu.\n\nMenteri menolak usul <b>itu</b>.\n"


@pytest.fixture(autouse=True)
def upload_dir(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def layer(manager: User, annotator_a: User) -> Assignment:
    made = factories.assignment(annotator_a, OLD)
    Membership.objects.create(corpus=made.corpus, user=manager, role="manager")
    return made


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def address(layer: Assignment) -> str:
    return f"/corpora/{layer.corpus.slug}/articles/{layer.article_id}/correct/"


def test_a_corrected_text_is_a_new_version_with_its_layers(
    client: Client, layer: Assignment, upload_dir: Path
) -> None:
    assert handler_of("revise_article") is revise_article
    send(layer, placed(OLD, "Menteri"), placed(OLD, "usul"))
    shown = client.get(address(layer)).content.decode()
    assert "usul &lt;b&gt;itu&lt;/b&gt;" in shown
    sent = OLD.replace("usul", "rencana").replace("\n", "\r\n")
    answer = client.post(address(layer), {"text": sent})
    again = client.post(address(layer), {"text": sent})
    assert again.headers["Location"] == answer.headers["Location"]
    [job] = Job.objects.filter(kind="revise_article")
    assert "Bringing layers" in client.get(answer.headers["Location"]).content.decode()
    execute(job.pk)
    told = client.get(answer.headers["Location"] + "progress/").content.decode()
    assert "The new version stands" in told
    new = Article.objects.get(previous=layer.article)
    assert new.body.text == OLD.replace("usul", "rencana")
    assert f"/articles/{new.pk}/" in told
    assert list(upload_dir.iterdir()) == []
    page = client.get(f"/corpora/{layer.corpus.slug}/articles/{new.pk}/").content.decode()
    assert 'id="versions"' in page
    assert "Text corrected" in page
    old = client.get(f"/corpora/{layer.corpus.slug}/articles/{layer.article_id}/").content.decode()
    assert "This is an older version" in old
    assert client.get(address(layer)).status_code == 404


def test_the_other_one_of_two_corrections_at_once_is_given_back(
    client: Client, layer: Assignment, upload_dir: Path
) -> None:
    client.post(address(layer), {"text": f"{OLD}Pertama."})
    answer = client.post(address(layer), {"text": f"{OLD}Kedua."})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Another correction of this article is at work." in shown
    assert "Kedua." in shown
    assert len(list(upload_dir.iterdir())) == 1
    execute(Job.objects.get(kind="revise_article").pk)
    assert Article.objects.get(previous=layer.article).body.text == f"{OLD}Pertama."


@pytest.mark.parametrize(("text", "sentence"), [("", "is empty"), (OLD, "nothing was corrected")])
def test_a_text_that_cannot_follow_is_given_back(
    client: Client, layer: Assignment, text: str, sentence: str
) -> None:
    answer = client.post(address(layer), {"text": text})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Job.objects.filter(kind="revise_article").exists()


def test_a_long_text_comes_as_a_file(client: Client, layer: Assignment) -> None:
    file = SimpleUploadedFile("koreksi.txt", "Baris “baru”.\r\nDua.".encode("utf-8-sig"))
    client.post(address(layer), {"text": OLD, "file": file})
    execute(Job.objects.get(kind="revise_article").pk)
    assert Article.objects.get(previous=layer.article).body.text == "Baris “baru”.\r\nDua."


@pytest.mark.parametrize(
    ("data", "sentence"), [(b"\xff\xfe", "not in UTF-8"), (b"x" * 4_000_001, "at most 1000000")]
)
def test_a_file_that_is_no_text_is_refused(
    client: Client, layer: Assignment, data: bytes, sentence: str
) -> None:
    answer = client.post(address(layer), {"file": SimpleUploadedFile("a.txt", data)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_what_came_between_is_said(client: Client, layer: Assignment) -> None:
    answer = client.post(address(layer), {"text": "Teks baru."})
    Article.objects.filter(pk=layer.article_id).update(superseded=True)
    execute(Job.objects.get(kind="revise_article").pk)
    assert "There is a newer version" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("who", ["annotator_a", "analyst", "stranger"])
def test_who_does_not_manage_the_corpus_corrects_nothing(
    who: str, request: Any, signed_in: Any, layer: Assignment
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(address(layer)).status_code == 404
    assert browser.post(address(layer), {"text": "Lain."}).status_code == 404
    assert not Job.objects.filter(kind="revise_article").exists()
