"""Corpora, articles and loads as people see them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.accounts.models import User
from annotations.corpora import loading, pieces
from annotations.corpora.handlers import load_articles
from annotations.corpora.looking import LOAD, LOOK
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.uploads import kept_until, report_path
from annotations.jobs.models import Job
from annotations.jobs.registry import handler_of
from annotations.jobs.running import execute
from annotations.limits import LIMITS
from annotations.web import uploads
from annotations.web.library.listing import ARTICLES_A_PAGE
from tests import factories
from tests.corpora.test_load_job import lines, uploaded
from tests.corpora.test_pieces import cancelled_after

pytestmark = pytest.mark.django_db

EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@pytest.fixture(autouse=True)
def upload_dir(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(client: Client, *files: tuple[str, bytes], **more: str) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post("/corpora/sidang/load/", {**more, "files": sent})


def started(client: Client, *files: tuple[str, bytes], **how: str) -> Job:
    """The load of these files, as it waits after they were looked into."""
    where = upload(client, *files).headers["Location"]
    execute(Job.objects.get(kind=LOOK, state="queued").pk)
    answer = client.post(where, {"do": "load", "policy": "all_or_nothing", **how})
    assert answer.status_code == 303
    return Job.objects.get(kind=LOAD, state="queued")


def loaded(client: Client, *files: tuple[str, bytes], **how: str) -> str:
    """The report page after the load is done."""
    job = started(client, *files, **how)
    execute(job.pk)
    return page(client, f"/corpora/sidang/loads/{job.pk}/")


# --- who may come in ---------------------------------------------------------------------------

DOORS = ["", "load/"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_a_corpus_does_not_exist_for_whoever_labels(
    door: str, who: str, request: Any, signed_in: Any, corpus: Corpus
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(f"/corpora/sidang/{door}").status_code == 404
    assert browser.post("/corpora/sidang/load/", {}).status_code == 404
    assert browser.get("/corpora/").status_code == 404


def test_the_manager_of_another_corpus_does_not_get_in(signed_in: Any, corpus: Corpus) -> None:
    other = signed_in(factories.user("lain", role="manager"))
    assert other.get("/corpora/sidang/").status_code == 404
    assert "Sidang" not in page(other, "/corpora/")


def test_an_article_is_not_found_through_another_corpus(client: Client, corpus: Corpus) -> None:
    article = factories.article(factories.corpus("lain"))
    assert client.get(f"/corpora/sidang/articles/{article.pk}/").status_code == 404


def test_an_analyst_reads_but_does_not_load(signed_in: Any, analyst: User, corpus: Corpus) -> None:
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    browser = signed_in(analyst)
    assert "Load articles" not in page(browser, "/corpora/sidang/")
    assert browser.get("/corpora/sidang/load/").status_code == 404


# --- making a corpus ---------------------------------------------------------------------------


def test_a_new_corpus_leads_to_its_load(client: Client, manager: User) -> None:
    answer = client.post("/corpora/new/", {"name": "Sidang Raya", "language": "id"})
    assert answer.headers["Location"] == "/corpora/sidang-raya/load/"
    assert Corpus.objects.get(slug="sidang-raya").created_by == manager


@pytest.mark.parametrize(
    "told",
    [
        {"name": "", "slug": "x", "language": "id"},
        {"name": "日本", "language": "id"},
        {"name": "Sidang", "slug": "new", "language": "id"},
        {"name": "Sidang", "slug": "a b", "language": "id"},
        {"name": "Sidang\u202e", "language": "id"},
        {"name": "Sidang", "language": ""},
        {"name": "Sidang", "language": "bahasa"},
    ],
)
def test_a_corpus_that_cannot_be_is_not_made(client: Client, told: dict[str, str]) -> None:
    assert client.post("/corpora/new/", told).status_code == 422
    assert not Corpus.objects.exists()


def test_a_taken_short_name_is_told_beside_the_form(client: Client, corpus: Corpus) -> None:
    answer = client.post("/corpora/new/", {"name": "X", "slug": "sidang", "language": "id"})
    assert answer.status_code == 422
    assert "is called" in answer.content.decode()


# --- reading -----------------------------------------------------------------------------------


def test_pages_of_articles_follow_and_precede_one_another(client: Client, corpus: Corpus) -> None:
    keys = [factories.article(corpus, f"Isi {n}.", title=f"Judul {n:03}").pk for n in range(120)]
    first = page(client, "/corpora/sidang/")
    second = page(client, f"/corpora/sidang/?after={keys[ARTICLES_A_PAGE - 1]}")
    back = page(client, f"/corpora/sidang/?before={keys[ARTICLES_A_PAGE]}")
    assert "Judul 000" in first
    assert "Judul 049" in first
    assert "Judul 050" in second
    assert "Judul 049" not in second
    assert "Judul 000" in back
    assert 'rel="prev"' not in back
    assert f"after={keys[ARTICLES_A_PAGE - 1]}" in back


def test_the_page_of_articles_costs_the_same_wherever_it_is(client: Client, corpus: Corpus) -> None:
    keys = [factories.article(corpus, f"Isi {n}.").pk for n in range(60)]
    factories.searchable(corpus)
    for query, most in (
        ("", 7),
        (f"?after={keys[40]}", 7),
        (f"?before={keys[40]}", 7),
        ("?q=isi", 13),  # one for the stem of a word that nobody looked for before
        ("?order=newest", 7),
    ):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/corpora/sidang/{query}")
        assert len(asked) <= most, query


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=9" * 30, "before=²", "after="])
def test_a_key_that_is_none_shows_the_first_page(
    client: Client, corpus: Corpus, query: str
) -> None:
    factories.article(corpus, title="Judul")
    assert "Judul" in page(client, f"/corpora/sidang/?{query}")


def test_withdrawn_articles_are_not_listed_and_not_shown(client: Client, corpus: Corpus) -> None:
    article = factories.article(corpus, title="Ditarik", withdrawn_at="2026-01-01T00:00:00Z")
    assert "Ditarik" not in page(client, "/corpora/sidang/")
    assert client.get(f"/corpora/sidang/articles/{article.pk}/").status_code == 404


def test_an_article_shows_its_text_as_text(client: Client, corpus: Corpus) -> None:
    text = "<script>alert(1)</script>\r\n\r\nوقال الوزير: لا.\n  dua  spasi"
    article = factories.article(
        corpus,
        text,
        title="<b>Judul",
        url="javascript:alert(1)",
        metadata={"<i>": ["</dl>"]},
    )
    shown = page(client, f"/corpora/sidang/articles/{article.pk}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert '<p dir="rtl">وقال الوزير: لا.</p>' in shown
    assert "  dua  spasi" in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert 'href="javascript' not in shown


def test_an_address_on_the_web_is_a_link(client: Client, corpus: Corpus) -> None:
    article = factories.article(corpus, url="https://example.org/1")
    assert 'href="https://example.org/1"' in page(client, f"/corpora/sidang/articles/{article.pk}/")


# --- loading -----------------------------------------------------------------------------------


def test_the_job_of_a_load_has_its_handler() -> None:
    assert handler_of("load_articles") is load_articles


def test_uploads_are_loaded_and_removed(client: Client, corpus: Corpus, upload_dir: Path) -> None:
    report = loaded(client, ("a.txt", "Café – satu.".encode()), ("b.jsonl", b'{"text": "dua"}'))
    assert "All loaded" in report
    assert set(Article.objects.values_list("title", flat=True)) == {"a", ""}
    assert {path.suffix for path in upload_dir.iterdir()} <= {".jsonl", ".look"}


def test_an_upload_never_lies_under_the_name_its_user_gave(
    client: Client, corpus: Corpus, upload_dir: Path
) -> None:
    upload(client, ("../../etc/passwd.txt", b"isi"))
    (job,) = Job.objects.all()
    (file,) = job.args["files"]
    assert file["name"] == "passwd.txt"
    assert [path.name for path in upload_dir.iterdir()] == [file["id"]]


def test_the_report_names_file_line_byte_and_reason(client: Client, corpus: Corpus) -> None:
    report = loaded(client, ("a.jsonl", b'{"text": "a"}\n{"text": 7}\n'))
    assert "Nothing was loaded" in report
    assert "“text” must hold text, not a number." in report
    assert 'class="number">2</td>' in report
    assert 'class="number">14</td>' in report
    assert not Article.objects.exists()


def test_bad_lines_may_be_left_out(client: Client, corpus: Corpus) -> None:
    report = loaded(client, ("a.jsonl", b'{"text": "a"}\n{"text": 7}\n'), policy="skip")
    assert "Loaded, but not all" in report
    assert Article.objects.count() == 1
    report = loaded(client, ("b.jsonl", b'{"text": 7}\n'), policy="skip")
    assert "Nothing was loaded" in report
    report = loaded(client, ("c.jsonl", b'{"text": "a"}\n{"text": 7}\n'), policy="skip")
    assert "Nothing new was loaded" in report


def test_the_same_upload_again_says_so(client: Client, corpus: Corpus) -> None:
    loaded(client, ("a.jsonl", b'{"text": "a"}\n'))
    assert "All was there already" in loaded(client, ("a.jsonl", b'{"text": "a"}\n'))


@pytest.mark.parametrize(("name", "data"), [("a.jsonl", b"\n\n"), ("a.zip", EMPTY_ZIP)])
def test_a_file_of_nothing_says_so(client: Client, corpus: Corpus, name: str, data: bytes) -> None:
    assert "There was nothing to load" in loaded(client, (name, data))


def test_the_full_report_is_downloaded(client: Client, corpus: Corpus) -> None:
    loaded(client, ("a.jsonl", b"[]\n"))
    job = Job.objects.get(kind=LOAD)
    answer = client.get(f"/corpora/sidang/loads/{job.pk}/report.jsonl")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    assert json.loads(content)["code"] == "json_not_object"
    assert "attachment" in answer.headers["Content-Disposition"]
    report_path(job.pk).unlink()
    assert client.get(f"/corpora/sidang/loads/{job.pk}/report.jsonl").status_code == 404


def test_a_load_is_not_found_through_another_corpus(client: Client, corpus: Corpus) -> None:
    loaded(client, ("a.txt", b"a"))
    other = factories.corpus("lain")
    Membership.objects.create(
        corpus=other, user=User.objects.get(username="manager"), role="manager"
    )
    job = Job.objects.get(kind=LOAD)
    for door in ("", "progress/", "report.jsonl"):
        assert client.get(f"/corpora/lain/loads/{job.pk}/{door}").status_code == 404
    assert client.post(f"/corpora/lain/loads/{job.pk}/cancel/").status_code == 404


def test_the_progress_asks_for_itself_only_while_the_load_lives(
    client: Client, corpus: Corpus
) -> None:
    job = started(client, ("a.txt", b"a"))
    assert "every 1s" in page(client, f"/corpora/sidang/loads/{job.pk}/progress/")
    execute(job.pk)
    assert "every 1s" not in page(client, f"/corpora/sidang/loads/{job.pk}/progress/")


def test_a_load_that_waits_can_be_cancelled(client: Client, corpus: Corpus) -> None:
    job = started(client, ("a.txt", b"a"))
    client.post(f"/corpora/sidang/loads/{job.pk}/cancel/")
    assert "Nothing was loaded" in page(client, f"/corpora/sidang/loads/{job.pk}/")
    assert execute(job.pk) is None


def test_a_load_that_was_cancelled_can_be_tried_again_where_it_is_shown(
    client: Client, corpus: Corpus, upload_dir: Path
) -> None:
    job = started(client, ("a.txt", b"a"))
    here = f"/corpora/sidang/loads/{job.pk}/"
    client.post(f"{here}cancel/")
    for path in (here, f"/jobs/{job.pk}/"):
        told = page(client, path)
        assert "Its files are kept until" in told
        assert f'datetime="{kept_until(job.args):%Y-%m-%dT%H}' in told
        assert f"/jobs/{job.pk}/retry/" in told
    client.post(f"/jobs/{job.pk}/retry/")
    execute(job.pk)
    assert "All loaded" in page(client, here)
    assert Article.objects.count() == 1


def test_a_cancelled_load_says_when_its_files_are_gone(
    client: Client, corpus: Corpus, upload_dir: Path
) -> None:
    job = started(client, ("a.txt", b"a"))
    client.post(f"/corpora/sidang/loads/{job.pk}/cancel/")
    os.utime(upload_dir / job.args["files"][0]["id"], (0, 0))
    call_command("sweep", once=True)
    told = page(client, f"/corpora/sidang/loads/{job.pk}/")
    assert "This cannot be tried again: its files are not there any more." in told
    assert "/retry/" not in told


def stopped_behind_a_piece(corpus: Corpus, by: User) -> Job:
    """Two articles of six are loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE_READINGS", 2)
        patch.setattr(loading, "_CHUNK_ROWS", 2)
        patch.setattr(loading, "_TOLD_EVERY", 1)
        return cancelled_after(1, uploaded(lines(6)), by=by, corpus=corpus)


def test_a_load_that_ended_in_the_middle_says_what_is_loaded_already(
    client: Client, corpus: Corpus, upload_dir: Path, manager: User
) -> None:
    job = stopped_behind_a_piece(corpus, manager)
    here = f"/corpora/sidang/loads/{job.pk}/"
    for path in (here, f"/jobs/{job.pk}/"):
        told = page(client, path)
        assert "2 articles of this load are in the corpus already, and stay there." in told
        assert "Tried again, the load goes on from there." in told
        assert f"/jobs/{job.pk}/retry/" in told
    assert "Not all was loaded" in page(client, here)
    assert "Nothing was loaded" not in page(client, here)
    assert '<td class="number">2</td>' in page(client, "/corpora/sidang/load/")
    assert "2 loaded" in page(client, "/jobs/")
    client.post(f"/jobs/{job.pk}/retry/")
    execute(job.pk)
    assert "All loaded" in page(client, here)
    assert "in the corpus already" not in page(client, f"/jobs/{job.pk}/")


def test_a_load_whose_files_are_gone_does_not_promise_to_go_on(
    client: Client, corpus: Corpus, upload_dir: Path, manager: User
) -> None:
    job = stopped_behind_a_piece(corpus, manager)
    (upload_dir / job.args["files"][0]["id"]).unlink()
    for path in (f"/corpora/sidang/loads/{job.pk}/", f"/jobs/{job.pk}/"):
        told = page(client, path)
        assert "2 articles of this load are in the corpus already, and stay there." in told
        assert "goes on from there" not in told
        assert "This cannot be tried again: its files are not there any more." in told


def test_what_no_load_came_for_is_removed_after_a_week(
    client: Client, corpus: Corpus, upload_dir: Path
) -> None:
    upload_dir.mkdir()
    for name in ("lupa", "lupa.part", "lupa.report.jsonl"):
        (upload_dir / name).touch()
        os.utime(upload_dir / name, (0, 0))
    upload(client, ("a.txt", b"a"))
    call_command("sweep", once=True)
    left = {path.name for path in upload_dir.iterdir()}
    assert left == {"lupa.report.jsonl", Job.objects.get().args["files"][0]["id"]}


def test_no_file_is_told_beside_the_form(client: Client, corpus: Corpus) -> None:
    assert upload(client).status_code == 422


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_an_upload_from_another_site_is_refused_and_not_kept(
    signed_in: Any, manager: User, corpus: Corpus, upload_dir: Path, token: str
) -> None:
    browser = signed_in(manager, enforce_csrf_checks=True)
    page(browser, "/corpora/sidang/load/")
    assert upload(browser, ("a.txt", b"a"), csrfmiddlewaretoken=token).status_code == 403
    assert not Job.objects.exists()
    assert list(upload_dir.glob("*")) == []


def test_an_upload_over_the_limit_is_refused_by_its_length(client: Client, corpus: Corpus) -> None:
    answer = client.post(
        "/corpora/sidang/load/",
        b"--x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10 * 1024**3),
    )
    assert answer.status_code == 413
    assert "8192 MB" in answer.content.decode()


class _Small:
    def __getattr__(self, name: str) -> Any:
        return {"upload_bytes": 100_000, "upload_files": 2}.get(name) or getattr(LIMITS, name)


@pytest.mark.parametrize("files", [[("a.txt", bytes(200_000))], [("a.txt", b"a")] * 3])
def test_an_upload_that_grows_over_the_limit_is_stopped(
    client: Client,
    corpus: Corpus,
    upload_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: list[tuple[str, bytes]],
) -> None:
    monkeypatch.setattr(uploads, "LIMITS", _Small())
    assert upload(client, *files).status_code == 413
    assert list(upload_dir.iterdir()) == []
    assert not Job.objects.exists()


def test_as_many_files_as_are_promised_are_taken(client: Client, corpus: Corpus) -> None:
    most = [(f"{number}.txt", b"a") for number in range(LIMITS.upload_files)]
    assert upload(client, *most).status_code == 303
    answer = upload(client, *most, ("more.txt", b"a"), ("and more.txt", b"a"))
    assert answer.status_code == 413
    assert "200 files" in answer.content.decode()


def test_a_body_that_ends_too_soon_is_no_error_of_ours(client: Client, corpus: Corpus) -> None:
    answer = client.post(
        "/corpora/sidang/load/",
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc',
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code in (400, 422)


def test_a_reader_sees_the_shelf(client: Client, corpus: Corpus) -> None:
    factories.article(corpus)
    assert page(client, "/corpora/").count("/corpora/sidang/") == 1
