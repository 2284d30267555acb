"""Exports as files: whole or not there, named after their content, with everything beside them."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.uploads import upload_path
from annotations.exchange import services
from annotations.exchange.choices.record import Choice, Split
from annotations.exchange.handlers import EXPORT, IMPORT_LAYERS
from annotations.exchange.manifest import companions, schema_document
from annotations.exchange.models import Export
from annotations.exchange.store import Writing, path_of
from annotations.history.models import Event
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import Cancelled, Running, execute
from tests import factories
from tests.exchange.kutip_lines import (
    TEXT,
    article_of,
    exported,
    layer,
    line,
    load,
    span,
    write_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    corpus = factories.corpus("berita")
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [factories.user("ani")], slug="kutipan")
    load(campaign, write_file(tmp_path, line(TEXT, layer("ani", span(TEXT, "Menteri", "Laras")))))
    return campaign


def made(campaign: Campaign, by: User | None = None, *, include_open: bool = False) -> Export:
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": include_open}
    job = jobs.run_here(EXPORT, args, by=by)
    assert job.state == "done", job.error
    assert job.result is not None
    return Export.objects.get(pk=job.result["export"])


def file_of(export: Export) -> Path:
    return path_of(bytes(export.sha256 or b""))


def test_the_file_is_what_its_row_says(campaign: Campaign, manager: User) -> None:
    export = made(campaign, manager)
    data = file_of(export).read_bytes()
    assert data == exported(campaign)
    assert hashlib.sha256(data).digest() == bytes(export.sha256 or b"")
    assert (export.bytes, export.lines, export.requested_by) == (len(data), 1, manager)
    assert export.finished_at is not None
    assert Event.objects.get(verb="export.made").by == manager


def test_the_same_layers_make_the_same_file(campaign: Campaign) -> None:
    first, second = made(campaign), made(campaign)
    assert first.pk != second.pk
    assert bytes(first.sha256 or b"") == bytes(second.sha256 or b"")
    assert file_of(first).is_file()


def test_a_job_that_is_run_again_makes_one_export(campaign: Campaign) -> None:
    """A worker that dies after the file was named leaves the row that says so."""
    export = made(campaign)
    again = Running(Job.objects.get(pk=export.job_id))
    from annotations.exchange.handlers import export as handler

    assert handler(again)["export"] == str(export.pk)
    assert Export.objects.count() == 1


def test_what_stops_an_export_leaves_no_file(campaign: Campaign, settings: Any) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int, message: str) -> None:
        raise Stop

    ordered = services.order(campaign, Choice(), job=job_row(), by=None)
    with pytest.raises(Stop):
        services.export(ordered, progress=stop, hold=lambda: None)
    assert [path for path in Path(settings.EXPORT_DIR).rglob("*") if path.is_file()] == []
    ordered.refresh_from_db()
    assert (ordered.sha256, ordered.finished_at) == (None, None)


def test_whatever_step_it_stops_at_there_is_all_of_it_or_nothing(
    campaign: Campaign, settings: Any
) -> None:
    """Each call of what may stop it is a step; the last one is that of the transaction in which the
    file gets its name."""

    class Stop(BaseException):
        pass

    factories.searchable(campaign.corpus)
    choice = Choice(layers=("annotators", "majority"), split=Split())
    ordered = services.order(campaign, choice, job=job_row(), by=None)

    stopped = 0
    for last in range(1, 20):
        steps = iter(range(1, last))

        def step(*told: object, steps: Iterator[int] = steps) -> None:
            if next(steps, None) is None:
                raise Stop

        try:
            services.export(ordered, progress=step, hold=step)
        except Stop:
            stopped += 1
            ordered.refresh_from_db()
            assert ordered.finished_at is None
            assert not [path for path in Path(settings.EXPORT_DIR).rglob("*") if path.is_file()]
        else:
            break
    assert stopped == 2  # the only line, and the end
    assert file_of(ordered).is_file()
    assert [each.suffix for each in Path(settings.EXPORT_DIR).rglob("*.*")] == [".jsonl"]


def job_row() -> Any:
    from django.utils import timezone

    return Job.objects.create(kind=EXPORT, run_after=timezone.now()).pk


def test_a_full_disk_is_said_and_leaves_nothing(
    campaign: Campaign, settings: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "exports" / "parts"
    folder.mkdir(parents=True)
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": False}
    job = jobs.run_here(EXPORT, args, by=None, progress=lambda *told: full_disk())
    assert (job.state, job.error) == ("failed", "There is not enough space on the disk.")
    assert list(folder.iterdir()) == []


def full_disk() -> None:
    raise OSError(28, "No space left on device")


def test_a_file_has_its_name_only_when_it_is_whole(settings: Any) -> None:
    with Writing(uuid4()) as writing:
        writing.buffer += b"half"
        writing.flush(all_of_it=True)
        [part] = [path for path in Path(settings.EXPORT_DIR).rglob("*") if path.is_file()]
        assert part.suffix == ".part"
        kept = writing.keep()
    assert path_of(kept.sha256).read_bytes() == b"half"
    assert not part.exists()


def test_two_that_write_the_same_at_once_do_not_mix(settings: Any) -> None:
    """A worker that was thought dead may still write when another does its job again."""
    with Writing(key := uuid4()) as dead, Writing(key) as alive:
        for writing, data in ((dead, b"half"), (alive, b"whole"), (dead, b"of it")):
            writing.buffer += data
            writing.flush(all_of_it=True)
        kept = alive.keep()
    assert path_of(kept.sha256).read_bytes() == b"whole"
    assert kept.sha256 == hashlib.sha256(b"whole").digest()


def test_the_manifest_says_where_it_is_from_and_what_it_holds(campaign: Campaign) -> None:
    whole = json.loads(companions(made(campaign), "kutipan.jsonl")[".manifest.json"])
    assert whole["format"] == "kutip/1"
    assert whole["offset_unit"] == "codepoint"
    assert (whole["campaign"]["slug"], whole["corpus"]["slug"]) == ("kutipan", "berita")
    assert whole["schema"] == {"key": "atribusi", "version": "1.0"}
    assert whole["counts"] == {
        "articles": 1,
        "articles_with_layers": 1,
        "code_points": len(TEXT),
        "entities": 0,
        "fragments": 2,
        "layers": 1,
        "relations": 0,
        "spans": 1,
    }
    assert whole["labels"] == {"ACTOR": 1}
    assert whole["annotators"] == {"ani": 1}
    assert whole["file"]["name"] == "kutipan.jsonl"


def test_what_stands_beside_it_is_true(campaign: Campaign) -> None:
    export = made(campaign)
    beside = companions(export, "kutipan.jsonl")
    data = file_of(export).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert beside[".sha256"] == f"{digest}  kutipan.jsonl\n".encode()
    assert beside[".schema.json"] == schema_document()
    Draft202012Validator(json.loads(beside[".schema.json"])).validate(json.loads(data))
    card = beside[".card.md"].decode()
    assert digest in card
    assert "| ACTOR | 1 |" in card


def test_a_name_means_nothing_to_markdown(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(name="[x](javascript:1) <b>")
    card = companions(made(campaign), "a.jsonl")[".card.md"].decode()
    assert card.startswith("# \\[x\\]\\(javascript:1\\) \\<b\\>\n")


# the job that loads -------------------------------------------------------------------------------


def empty(campaign: Campaign) -> Campaign:
    return factories.campaign(campaign.corpus, [factories.user("budi")])


def test_the_load_job_keeps_its_report(campaign: Campaign, manager: User, tmp_path: Path) -> None:
    target = empty(campaign)
    args: dict[str, object] = {
        "campaign": target.pk,
        "path": str(file_of(made(campaign))),
    }
    job = jobs.run_here(IMPORT_LAYERS, args, by=manager)
    assert job.result is not None
    assert (job.state, job.result["layers"], job.result["spans"]) == ("done", 1, 1)
    from annotations.exchange.handlers import import_layers as handler

    assert handler(Running(Job.objects.get(pk=job.pk))) == job.result


def test_a_load_of_layers_that_was_stopped_is_tried_again(
    campaign: Campaign, manager: User, settings: Any, tmp_path: Path
) -> None:
    settings.UPLOAD_DIR = tmp_path
    target, upload = empty(campaign), uuid4()
    copy(file_of(made(campaign)), upload_path(upload))

    def stop(done: int, total: int | None, message: str) -> None:
        raise Cancelled

    args: dict[str, object] = {"campaign": target.pk, "upload": str(upload)}
    job = jobs.run_here(IMPORT_LAYERS, args, by=manager, progress=stop)
    assert (job.state, upload_path(upload).is_file()) == ("cancelled", True)
    assert jobs.retry(job.pk, by=manager)
    done = execute(job.pk)
    assert done is not None
    assert (done.state, (done.result or {})["layers"]) == ("done", 1)
    assert not upload_path(upload).exists()


def test_the_load_job_says_which_line_is_bad(campaign: Campaign, tmp_path: Path) -> None:
    file = write_file(tmp_path, line(), {"format": "other"})
    job = jobs.run_here(IMPORT_LAYERS, {"campaign": campaign.pk, "path": str(file)}, by=None)
    assert job.state == "failed"
    assert job.error.startswith("Line 2: ")


def test_a_file_that_is_gone_is_said(campaign: Campaign, tmp_path: Path) -> None:
    args: dict[str, object] = {"campaign": campaign.pk, "path": str(tmp_path / "none")}
    job = jobs.run_here(IMPORT_LAYERS, args, by=None)
    assert (job.state, job.error) == ("failed", "The file is not there any more.")
