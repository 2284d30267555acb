"""Loading what was tagged with another tool, as a manager sees it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.uploads import upload_path
from annotations.exchange.annotated_handlers import BRING, SURVEY
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from annotations.spans.models import Span
from tests import factories

pytestmark = pytest.mark.django_db

ROW = (
    '{"text": "Sari menolak.", "username": "siti", "entities": ['
    '{"id": 1, "label": "<b>PER</b>", "start_offset": 0, "end_offset": 4},'
    '{"id": 2, "label": "CUE", "start_offset": 5, "end_offset": 12},'
    '{"id": 3, "label": "CUE", "start_offset": 5, "end_offset": 5}],'
    '"relations": [{"id": 1, "type": "by", "from_id": 2, "to_id": 1}]}\n'
)
ANSWERS = {"label-0": "+", "label-1": "+", "relation-0": "+", "person-0": "siti"}
NEW = {"name": "Lama", "slug": "lama", **ANSWERS}


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.EXPORT_DIR = tmp_path / "exports"


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def upload(client: Client, *files: tuple[str, str]) -> Any:
    sent = [SimpleUploadedFile(name, data.encode()) for name, data in files]
    return client.post("/corpora/sidang/annotations/", {"files": sent})


def looked(client: Client, name: str = "a.jsonl", data: str = ROW) -> str:
    """The address of what was found in a file."""
    where: str = upload(client, (name, data)).headers["Location"]
    execute(Job.objects.get(kind=SURVEY, state="queued").pk)
    return where


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def loaded(client: Client, where: str, answers: dict[str, str]) -> str:
    """The page of the load, once it is done."""
    answer = client.post(where, answers)
    assert answer.status_code == 303
    execute(Job.objects.get(kind=BRING, state="queued").pk)
    return page(client, answer.headers["Location"])


def test_only_who_manages_the_corpus_gets_in(
    signed_in: Any, client: Client, corpus: Corpus, analyst: User
) -> None:
    where = looked(client)
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    for stranger in (factories.user("lain", role="manager"), analyst):
        browser = signed_in(stranger)
        for path in ("/corpora/sidang/annotations/", where, f"{where}progress/"):
            assert browser.get(path).status_code == 404
        assert browser.post(where, NEW).status_code == 404
    assert not Job.objects.filter(kind=BRING).exists()


def test_another_corpus_does_not_show_what_was_found(
    client: Client, corpus: Corpus, manager: User
) -> None:
    where = looked(client)
    other = factories.corpus("lain")
    Membership.objects.create(corpus=other, user=manager, role="manager")
    assert client.get(where.replace("sidang", "lain")).status_code == 404


def test_what_was_found_is_asked_about_before_anything_is_loaded(
    client: Client, corpus: Corpus
) -> None:
    seen = page(client, looked(client))
    assert "Found: doccano" in seen
    assert "&lt;b&gt;PER&lt;/b&gt;" in seen
    assert "<b>PER" not in seen
    assert "covers nothing. It was left out." in seen
    assert not Article.objects.exists()


def test_all_of_it_is_loaded_into_a_campaign_of_its_own(client: Client, corpus: Corpus) -> None:
    seen = loaded(client, looked(client), NEW)
    assert "To the campaign" in seen
    assert "1 thing could not be taken" in seen
    assert {span.label.key for span in Span.objects.all()} == {"<b>PER</b>", "CUE"}
    job = Job.objects.get(kind=BRING)
    report = client.get(f"/corpora/sidang/annotations/loads/{job.pk}/report.jsonl")
    assert b"".join(report.streaming_content).count(b"\n") == 1  # type: ignore[attr-defined]
    assert not upload_path(job.args["files"][0]["id"]).exists()


def test_a_schema_that_is_there_offers_its_labels(client: Client, corpus: Corpus) -> None:
    where = f"{looked(client)}?into=schema:atribusi@1.0"
    seen = page(client, where)
    assert '<option value="CUE" selected>' in seen
    answers = NEW | {"label-0": "ACTOR", "label-1": "CUE", "relation-0": ""}
    assert "relations of a type that was left out" in loaded(client, where, answers)
    assert str(Campaign.objects.get().schema) == "atribusi@1.0"


def test_the_answers_are_remembered(client: Client, corpus: Corpus) -> None:
    where = f"{looked(client)}?into=schema:atribusi@1.0"
    loaded(client, where, NEW | {"label-0": "ACTOR", "label-1": "", "relation-0": "SPEAKER"})
    again = page(client, f"{looked(client)}?into=campaign:lama")
    assert '<option value="ACTOR" selected>' in again
    assert '<option value="CUE" selected>' not in again
    assert '<option value="SPEAKER" selected>' in again


@pytest.mark.parametrize(
    "wrong",
    [
        {"label-0": "NOPE"},
        {"relation-0": "NOPE"},
        {"person-0": ""},
        {"person-0": "a b"},
        {"name": ""},
        {"slug": "taken"},
        {"slug": "new"},
    ],
)
def test_answers_that_cannot_be_are_shown_again(
    client: Client, corpus: Corpus, wrong: dict[str, str]
) -> None:
    factories.campaign(corpus, [factories.user()], slug="taken")
    answer = client.post(looked(client), NEW | wrong)
    assert answer.status_code == 422
    assert not Job.objects.filter(kind=BRING).exists()


def test_a_load_that_was_asked_for_twice_runs_once(client: Client, corpus: Corpus) -> None:
    where = looked(client)
    first, second = (client.post(where, NEW).headers["Location"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("into", ["schema:none@9", "campaign:none", "x"])
def test_a_target_that_is_not_there_is_not_found(client: Client, corpus: Corpus, into: str) -> None:
    assert client.get(f"{looked(client)}?into={into}").status_code == 404


def test_a_campaign_of_another_corpus_is_no_target(client: Client, corpus: Corpus) -> None:
    factories.campaign(factories.corpus("lain"), [factories.user()], slug="jauh")
    assert client.get(f"{looked(client)}?into=campaign:jauh").status_code == 404


def test_files_without_annotations_are_refused_in_a_sentence(
    client: Client, corpus: Corpus
) -> None:
    seen = page(client, looked(client, "a.txt", "Sari pergi.\n"))
    assert "No annotations of a kind that Kutip reads were found." in seen


def test_no_file_is_a_fault_beside_the_form(client: Client, corpus: Corpus) -> None:
    answer = upload(client)
    assert answer.status_code == 422
    assert "Choose at least one file." in answer.content.decode()


def test_while_it_is_looked_into_the_page_asks_again(client: Client, corpus: Corpus) -> None:
    where = upload(client, ("a.jsonl", ROW)).headers["Location"]
    assert f'hx-get="{where}progress/"' in page(client, where)
    execute(Job.objects.get(kind=SURVEY).pk)
    assert client.get(f"{where}progress/").headers["HX-Refresh"] == "true"


def test_the_page_costs_the_same_for_many_names(
    client: Client, corpus: Corpus, django_assert_max_num_queries: Any
) -> None:
    marks = ",".join(f'[0, 4, "L{number}"]' for number in range(150))
    where = looked(client, data=f'{{"text": "Sari menolak.", "label": [{marks}]}}\n')
    page(client, where)
    with django_assert_max_num_queries(14):
        page(client, where)
