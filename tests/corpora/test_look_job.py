"""The job that looks into uploads before they are loaded."""

import json
from typing import Any

import msgspec
import pytest

from annotations.accounts.models import User
from annotations.corpora.looking import LOAD, LOOK, Look, remembered
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers.columns import KEPT, Wish
from annotations.corpora.readers.heads import Group
from annotations.corpora.uploads import are_kept, look_report_path
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import Cancelled
from tests import factories
from tests.corpora.test_load_job import uploaded

pytestmark = pytest.mark.django_db

CSV = b"judul;isi;tanggal\nA;Sari pergi.;03/05/2024\nB;;\n"


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def arguments(corpus: Corpus, *files: dict[str, str], **more: object) -> dict[str, object]:
    return {"corpus": corpus.pk, "files": list(files), "encoding": "", **more}


def looked(corpus: Corpus, *files: dict[str, str], **more: object) -> tuple[Job, Look]:
    job = jobs.run_here(LOOK, arguments(corpus, *files, **more), by=None)
    assert job.error == ""
    return job, msgspec.convert(job.result, Look)


def test_a_look_counts_and_loads_nothing(corpus: Corpus) -> None:
    files = [uploaded(CSV, "a.csv"), uploaded(b"Sari datang.", "b.txt"), uploaded(b"x", "c.odt")]
    job, found = looked(corpus, *files)
    assert not Article.objects.exists()
    assert (found.report.loaded, found.report.refused) == (2, 2)
    assert [(file.name, file.encoding) for file in found.report.files] == [
        *[("a.csv", "utf-8"), ("b.txt", "utf-8"), ("c.odt", "")]
    ]
    assert [note.code for note in found.report.files[0].notes] == ["dates_assumed_day"]
    assert found.seen.groups[0].names == ["judul", "isi", "tanggal"]
    assert [(row.file, row.values["text"]) for row in found.documents] == [
        ("b.txt", "Sari datang.")
    ]
    assert are_kept(files)
    assert look_report_path(job.pk).read_text().count("\n") == 2


def test_the_beginning_is_known_before_all_is_read(corpus: Corpus) -> None:
    seen: list[Any] = []

    def told(done: int, total: int | None, message: str) -> None:
        if total:
            seen.append(Job.objects.get().checkpoint.get("seen"))

    jobs.run_here(LOOK, arguments(corpus, uploaded(CSV, "a.csv")), by=None, progress=told)
    assert seen[0]["groups"][0]["rows"][0]["values"]["judul"] == "A"


def test_what_was_told_of_columns_counts(corpus: Corpus) -> None:
    wish = Wish({"judul": "text", "isi": KEPT, "tanggal": KEPT}, None, ("judul", "isi", "tanggal"))
    told = [msgspec.to_builtins(wish)]
    _, found = looked(corpus, uploaded(CSV, "a.csv"), wishes=told)
    assert (found.report.loaded, found.report.refused) == (2, 0)
    assert (found.seen.wishes, found.seen.remembered) == ([wish], 0)


def test_what_was_loaded_with_the_same_columns_is_remembered(corpus: Corpus, manager: User) -> None:
    wish = Wish({"judul": "text", "isi": KEPT, "tanggal": KEPT}, None, ("judul", "isi", "tanggal"))
    args = arguments(
        corpus, uploaded(CSV, "a.csv"), policy="skip", wishes=[msgspec.to_builtins(wish)]
    )
    assert jobs.run_here(LOAD, args, by=manager).state == "done"
    assert set(Article.objects.values_list("body__text", flat=True)) == {"A", "B"}
    _, found = looked(corpus, uploaded(CSV, "b.csv"))
    assert (found.seen.wishes, found.seen.remembered, found.report.already) == ([wish], 1, 2)
    _, other = looked(corpus, uploaded(b"isi;judul\nx;y\n", "c.csv"))
    assert other.seen.wishes == []
    _, elsewhere = looked(factories.corpus(), uploaded(CSV, "d.csv"))
    assert elsewhere.seen.wishes == []


def test_what_was_said_of_keys_is_remembered_where_those_keys_are(corpus: Corpus) -> None:
    wish = Wish({"kepala": "title"}, None, ())
    args: dict[str, object] = {"corpus": corpus.pk, "wishes": [msgspec.to_builtins(wish)]}
    loaded = jobs.start(LOAD, args, by=None)
    Job.objects.filter(pk=loaded.pk).update(state="done")
    with_key, without = (Group(True, names, "a.jsonl") for names in (["isi", "kepala"], ["isi"]))
    assert remembered(corpus, [with_key]) == [wish]
    assert remembered(corpus, [without]) == []
    Job.objects.update(args={**args, "wishes": [msgspec.to_builtins(Wish({}, None, ()))]})
    assert remembered(corpus, [with_key]) == []


def test_a_cancelled_look_leaves_no_report_and_the_upload_for_another(corpus: Corpus) -> None:
    def stop(done: int, total: int | None, message: str) -> None:
        raise Cancelled

    file = uploaded(CSV, "a.csv")
    job = jobs.run_here(LOOK, arguments(corpus, file), by=None, progress=stop)
    assert (job.state, look_report_path(job.pk).exists()) == ("cancelled", False)
    assert are_kept([file])


def test_files_that_are_gone_are_a_refusal_in_words(corpus: Corpus) -> None:
    file = {"id": "00000000-0000-4000-8000-000000000000", "name": "a.csv"}
    job = jobs.run_here(LOOK, arguments(corpus, file), by=None)
    assert (job.state, "a.csv is not there any more" in job.error) == ("failed", True)


def test_what_a_load_refused_as_a_whole_stays_to_be_loaded_otherwise(corpus: Corpus) -> None:
    file = uploaded(CSV, "a.csv")
    args = arguments(corpus, file, policy="all_or_nothing")
    job = jobs.run_here(LOAD, args, by=None)
    assert (job.state, (job.result or {})["kept"], are_kept([file])) == ("done", False, True)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_what_no_database_can_hold_does_not_stop_the_look(corpus: Corpus, name: str) -> None:
    cells = ["\x00", "\ud800", "\uffff", "\u202e", "<b>", "x" * 9_000]
    if name == "a.csv":
        rows = "isi,tanggal\n" + "".join(f"{cell},{cell}\n" for cell in cells)
        data = rows.encode("utf-8", "surrogatepass")
    else:
        data = b"".join(
            json.dumps({"isi": cell, cell: cell, "tanggal": cell}).encode() + b"\n"
            for cell in cells
        )
    _, found = looked(corpus, uploaded(data, name))
    assert found.report.refused == len(cells)
