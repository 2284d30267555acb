"""Looking into files of articles before they are loaded, as a manager does it."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.looking import LOAD, LOOK
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.uploads import are_kept
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from tests import factories

CSV = "Judul;Isi;Ringkas;Terbit;Koran\nSatu;Café “A” dibuka.;Pendek;03/05/2024;Kota\n"
ANSWERS = {"policy": "all_or_nothing", "encoding": "", "do": "load"}
SWAPPED = {"column-0-1": "+", "column-0-2": "text"}


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


pytestmark = pytest.mark.django_db


def uploaded(client: Client, *files: tuple[str, bytes]) -> str:
    """The address of the look into these files, which waits."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    answer = client.post("/corpora/sidang/load/", {"files": sent})
    assert answer.status_code == 303
    where: str = answer.headers["Location"]
    return where


def looked(client: Client, name: str = "a.csv", data: bytes = CSV.encode("cp1252")) -> str:
    where = uploaded(client, (name, data))
    execute(Job.objects.get(kind=LOOK, state="queued").pk)
    return where


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_who_manages_the_corpus_gets_in(
    signed_in: Any, client: Client, corpus: Corpus, analyst: User
) -> None:
    where = looked(client)
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    for stranger in (factories.user("lain", role="manager"), analyst):
        browser = signed_in(stranger)
        for path in ("", "progress/", "report.jsonl"):
            assert browser.get(f"{where}{path}").status_code == 404
        for path in ("", "rows/0/", "discard/"):
            assert browser.post(f"{where}{path}", ANSWERS).status_code == 404
    assert not Job.objects.filter(kind=LOAD).exists()
    assert are_kept(Job.objects.get().args["files"])


def test_another_corpus_does_not_show_the_look(
    client: Client, corpus: Corpus, manager: User
) -> None:
    where = looked(client)
    other = factories.corpus("lain")
    Membership.objects.create(corpus=other, user=manager, role="manager")
    assert client.get(where.replace("sidang", "lain")).status_code == 404


def test_all_is_shown_before_anything_is_loaded(client: Client, corpus: Corpus) -> None:
    seen = page(client, looked(client))
    assert "windows-1252 (guessed)" in seen
    assert "Café “A” dibuka." in seen
    assert "3 May 2024" in seen
    assert "Nothing tells whether 03/05/2024 has the day or the month first" in seen
    assert seen.count('<option value="text" selected>') == 1
    assert '<option value="+" selected>keep as metadata' in seen
    assert not Article.objects.exists()


def test_the_articles_are_loaded_as_was_answered(client: Client, corpus: Corpus) -> None:
    where = looked(client)
    answer = client.post(where, {**ANSWERS, **SWAPPED, "column-0-4": "-", "order-0": "month"})
    job = Job.objects.get(kind=LOAD)
    assert answer.headers["Location"] == f"/corpora/sidang/loads/{job.pk}/"
    execute(job.pk)
    (article,) = Article.objects.select_related("body")
    assert (article.body.text, article.title, article.source) == ("Pendek", "Satu", "")
    assert article.metadata == {"Isi": "Café “A” dibuka."}
    assert article.published is not None
    assert (article.published.month, article.published.day) == (3, 5)
    assert not are_kept(job.args["files"])


def test_the_answers_come_back_with_the_same_columns(client: Client, corpus: Corpus) -> None:
    client.post(looked(client), {**ANSWERS, **SWAPPED})
    execute(Job.objects.get(kind=LOAD).pk)
    again = page(client, looked(client, "b.csv"))
    assert "As at the last load of files with these columns." in again
    assert "<dt>there already</dt><dd>1</dd>" in again
    other = page(client, looked(client, "c.csv", b"isi;judul\na;b\n"))
    assert "As at the last load" not in other


def test_a_changed_answer_has_the_rows_read_anew(client: Client, corpus: Corpus) -> None:
    where = looked(client)
    rows = client.post(f"{where}rows/0/", {**SWAPPED, "order-0": "month"}).content.decode()
    assert "Pendek" in rows
    assert "5 Mar 2024" in rows
    assert "Café" not in rows
    assert '<div id="rows-0">' in rows
    twice = client.post(f"{where}rows/0/", {"column-0-2": "text"}).content.decode()
    assert "<bdi>Ringkas</bdi>: Another column was chosen for this already." in twice
    assert client.post(f"{where}rows/1/", {}).status_code == 404


def test_a_row_that_would_be_refused_says_why(client: Client, corpus: Corpus) -> None:
    where = looked(client, "a.csv", b"isi,tanggal,bahasa\na,besok,id\n,,id\nb,,Indonesia\n")
    seen = page(client, where)
    for words in ("“tanggal” (published): “besok” is no date.", "“isi” (text) is missing."):
        assert seen.count(words) == 2  # in its row, and among the refused
    assert seen.count("“Indonesia” is no language code") == 2
    assert "<dt>refused</dt><dd>3</dd>" in seen


def test_dates_that_tell_nothing_open_the_question(client: Client, corpus: Corpus) -> None:
    unsure = "Some dates do not tell the day from the month."
    assert unsure in page(client, looked(client))
    clear = "isi,tanggal\na,03/05/2024\nb,13/05/2024\n"
    seen = page(client, looked(client, "b.csv", clear.encode()))
    assert unsure not in seen
    assert "others in the file show it" in seen


def test_a_date_to_come_is_said_and_asks_nothing(client: Client, corpus: Corpus) -> None:
    seen = page(client, looked(client, "a.csv", b"isi,tanggal\na,2099-01-01\n"))
    assert "Some dates of the file are still to come; the first is 2099-01-01." in seen
    assert "Some dates do not tell the day" not in seen


def test_in_american_english_the_month_comes_first(client: Client, corpus: Corpus) -> None:
    Corpus.objects.update(language="en-US")
    where = looked(client)
    assert "5 Mar 2024" in page(client, where)
    client.post(where, ANSWERS)
    execute(Job.objects.get(kind=LOAD).pk)
    assert [one.published.month for one in Article.objects.all() if one.published] == [3]


def test_a_table_without_a_text_asks_for_it(client: Client, corpus: Corpus) -> None:
    where = looked(client, "a.csv", b"kalimat,x\nSari pergi.,y\n")
    assert "No heading says which column holds the text." in page(client, where)
    client.post(where, {**ANSWERS, "column-0-0": "text"})
    execute(Job.objects.get(kind=LOAD).pk)
    assert Article.objects.get().body.text == "Sari pergi."


@pytest.mark.parametrize(
    "wrong",
    [
        {"column-0-0": "NOPE"},
        {"column-0-0": "text"},
        {"order-0": "year"},
        {"policy": "both"},
        {"encoding": "rot13"},
    ],
)
def test_answers_that_cannot_be_are_shown_again(
    client: Client, corpus: Corpus, wrong: dict[str, str]
) -> None:
    where = looked(client)
    assert client.post(where, {**ANSWERS, **wrong}).status_code == 422
    assert not Job.objects.filter(kind=LOAD).exists()
    assert are_kept(Job.objects.get().args["files"])


def test_it_may_be_counted_again_under_the_answers(client: Client, corpus: Corpus) -> None:
    data = b"isi,tanggal\na,besok\n"
    where = looked(client, "a.csv", data)
    assert "<dt>refused</dt><dd>1</dd>" in page(client, where)
    answer = client.post(where, {**ANSWERS, "column-0-1": "+", "do": "look"})
    execute(Job.objects.get(kind=LOOK, state="queued").pk)
    again = page(client, answer.headers["Location"])
    assert "<dt>new</dt><dd>1</dd>" in again
    assert "As at the last load" not in again
    assert not Article.objects.exists()


def test_another_encoding_is_looked_at_before_it_is_loaded(client: Client, corpus: Corpus) -> None:
    where = looked(client, "a.txt", "Příliš žluťoučký".encode("cp1250"))
    client.post(where, {**ANSWERS, "encoding": "windows-1250"})
    assert not Job.objects.filter(kind=LOAD).exists()
    job = Job.objects.get(kind=LOOK, state="queued")
    execute(job.pk)
    again = f"/corpora/sidang/load/{job.pk}/"
    seen = page(client, again)
    assert "Příliš žluťoučký" in seen
    assert "Nothing was loaded yet: see first" in seen
    client.post(again, {**ANSWERS, "encoding": "windows-1250"})
    execute(Job.objects.get(kind=LOAD).pk)
    assert Article.objects.get().body.text == "Příliš žluťoučký"


def test_what_is_sent_twice_or_late_is_loaded_once(client: Client, corpus: Corpus) -> None:
    where = looked(client)
    again = client.post(where, {**ANSWERS, "do": "look"}).headers["Location"]
    execute(Job.objects.get(kind=LOOK, state="queued").pk)
    first, second = (client.post(where, ANSWERS).headers["Location"] for _ in range(2))
    other = client.post(again, ANSWERS).headers["Location"]
    execute(Job.objects.get(kind=LOAD).pk)
    late = client.post(where, ANSWERS).headers["Location"]
    assert first == second == other == late
    assert client.get(where).headers["Location"] == first
    assert Job.objects.filter(kind=LOAD).count() == 1


def test_a_load_that_kept_nothing_may_be_done_otherwise(client: Client, corpus: Corpus) -> None:
    where = looked(client, "a.jsonl", b'{"isi": "a"}\n[]\n')
    report = client.post(where, ANSWERS).headers["Location"]
    execute(Job.objects.get(kind=LOAD).pk)
    assert f'href="{where}">Load them otherwise' in page(client, report)
    client.post(where, {**ANSWERS, "policy": "skip"})
    execute(Job.objects.get(kind=LOAD, state="queued").pk)
    assert Article.objects.count() == 1


def test_other_files_may_be_chosen(client: Client, corpus: Corpus, upload_dir: Path) -> None:
    where = looked(client)
    assert client.post(f"{where}discard/").headers["Location"] == "/corpora/sidang/load/"
    assert not are_kept(Job.objects.get().args["files"])
    assert "The files are gone" in page(client, where)
    assert client.post(where, ANSWERS).status_code == 200
    assert not Job.objects.filter(kind=LOAD).exists()


def test_a_look_that_waits_is_cancelled_with_its_files(client: Client, corpus: Corpus) -> None:
    where = uploaded(client, ("a.csv", CSV.encode()))
    client.post(f"{where}discard/")
    assert Job.objects.get().state == "cancelled"
    assert "Choose other files" in page(client, where)


def test_what_is_loaded_is_not_thrown_away(client: Client, corpus: Corpus) -> None:
    where = looked(client)
    client.post(where, ANSWERS)
    client.post(f"{where}discard/")
    job = Job.objects.get(kind=LOAD)
    assert are_kept(job.args["files"])
    execute(job.pk)
    assert Article.objects.count() == 1


def test_while_it_is_read_the_page_asks_again_and_shows_how_it_begins(
    client: Client, corpus: Corpus
) -> None:
    where = uploaded(client, ("a.csv", CSV.encode()))
    job = Job.objects.get()
    assert f'hx-get="{where}progress/"' in page(client, where)
    execute(job.pk)
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(state="queued", result=None)
    assert "Café “A” dibuka." in page(client, f"{where}progress/")
    Job.objects.filter(pk=job.pk).update(state="done", result=job.result)
    assert client.get(f"{where}progress/").headers["HX-Refresh"] == "true"


def test_a_look_that_failed_says_so(client: Client, corpus: Corpus) -> None:
    where = uploaded(client, ("a.csv", CSV.encode()))
    Job.objects.update(state="failed", error="Begitulah.")
    assert "Begitulah." in page(client, where)


def test_looks_that_were_not_loaded_are_listed(client: Client, corpus: Corpus) -> None:
    where = looked(client)
    assert f'href="{where}"' in page(client, "/corpora/sidang/load/")
    client.post(where, ANSWERS)
    assert f'href="{where}"' not in page(client, "/corpora/sidang/load/")


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_a_look_that_ended_early_is_listed_until_it_is_thrown_away(
    client: Client, corpus: Corpus, state: str
) -> None:
    where = uploaded(client, ("a.csv", CSV.encode()))
    Job.objects.update(state=state)
    assert f'href="{where}"' in page(client, "/corpora/sidang/load/")
    client.post(f"{where}discard/")
    assert f'href="{where}"' not in page(client, "/corpora/sidang/load/")


def test_what_would_be_refused_is_downloaded(client: Client, corpus: Corpus) -> None:
    where = looked(client, "a.jsonl", b"[]\n")
    answer = client.get(f"{where}report.jsonl")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    assert json.loads(content)["code"] == "json_not_object"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"<script>alert(1)</script>,isi\na,b\n", "&lt;script&gt;alert(1)"),
        ("\u202ekepala,isi\na,b\n".encode(), "<bdi>\u202ekepala</bdi>"),
        (b"isi,isi,ISI\na,b,c\n", "<bdi>isi (2)</bdi>"),
        (b"isi" + b",x" * 10_000 + b"\n", "The file has 10,001 columns; it may have 500."),
        (b"isi" + b",x" * 499 + b"\n" + b"a" + b"," * 499 + b"\n", "500 columns"),
        (b"isi\n" + b"x" * 20_000_000 + b"\n", "The line is longer than 16,777,216 bytes."),
        (b"", "The file is empty"),
        (b"isi\n", "There is no row that could be shown."),
    ],
)
def test_tables_that_mean_harm_are_shown_or_refused_calmly(
    client: Client, corpus: Corpus, data: bytes, wanted: str
) -> None:
    where = looked(client, "a.csv", data)
    seen = page(client, where)
    assert wanted in seen
    assert "<script>alert" not in seen
    assert client.post(where, ANSWERS).status_code == 303


def test_many_files_cost_the_same(
    client: Client, corpus: Corpus, django_assert_max_num_queries: Any
) -> None:
    files = [(f"{n}.csv", f"isi,c{n}\nx{n},y\n".encode()) for n in range(30)]
    where = uploaded(client, *files)
    execute(Job.objects.get().pk)
    with django_assert_max_num_queries(8):
        page(client, where)
    with django_assert_max_num_queries(10):
        page(client, "/corpora/sidang/load/")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_who_load_the_same_upload_at_once_get_one_load(
    client: Client, corpus: Corpus, manager: User, signed_in: Any
) -> None:
    where = looked(client)
    browsers = [client, signed_in(manager)]
    found: list[str] = []

    def load(browser: Client) -> None:
        found.append(browser.post(where, ANSWERS).headers["Location"])
        connection.close()

    threads = [threading.Thread(target=load, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert Job.objects.filter(kind=LOAD).count() == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2024-05-03", "3 May 2024</time>"),
        ("3 Mei 2024 14.02 WIB", "3 May 2024, 07:02 UTC</time>"),
        ("3 Mei 2024 07.00 WIB", "3 May 2024</time>"),
    ],
)
def test_a_moment_is_shown_as_it_was_read(
    client: Client, corpus: Corpus, written: str, shown: str
) -> None:
    assert shown in page(client, looked(client, "a.csv", f"isi;terbit\na;{written}\n".encode()))
