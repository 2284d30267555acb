"""Files of formats that need all lines for their first byte: made whole or not at all, kept while they
are asked for, gone with their snapshot."""

import errno
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.exchange import making
from annotations.exchange.converting import NoSpace, Told, Unreadable, conversion
from annotations.exchange.expiring import expire, is_anything_due
from annotations.exchange.handlers import CONVERT, EXPORT
from annotations.exchange.models import Export
from annotations.exchange.store import made_folder, path_of
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from tests import factories
from tests.exchange.kutip_lines import TEXT, article_of, layer, line, load, span, write_file

pytestmark = pytest.mark.django_db

NETWORK = ("network-csv", {"network": "actors"})


@pytest.fixture
def export(annotator_a: User, tmp_path: Path, settings: Any) -> Export:
    settings.EXPORT_DIR = tmp_path / "exports"
    corpus = factories.corpus("berita")
    article_of(corpus, line())
    campaign = factories.campaign(corpus, [annotator_a], slug="kutipan")
    stance = span(TEXT, "menolak", label="STANCE")
    load(campaign, write_file(tmp_path, line(TEXT, layer("annotator_a", stance))))
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": False}
    return Export.objects.get(job=jobs.run_here(EXPORT, args, by=None))


def make(export: Export, told: Told = lambda _read: None) -> making.Made:
    return making.make(export, *NETWORK, told)


def sha256(export: Export) -> bytes:
    return bytes(export.sha256 or b"")


def kept(settings: Any) -> list[Path]:
    """All files but the snapshot."""
    files = (path for path in Path(settings.EXPORT_DIR).rglob("*") if path.is_file())
    return [path for path in files if path.suffix != ".jsonl"]


def age(path: Path, days: int) -> None:
    os.utime(path, (then := time.time() - days * 86_400, then))


def test_what_is_made_is_what_would_be_written(export: Export) -> None:
    written = conversion(export, *NETWORK)
    expected = b"".join(written.pieces())
    done = make(export)
    assert done.path.read_bytes() == expected
    assert done.converted.document() == written.document()


def test_what_was_made_is_neither_made_nor_its_snapshot_read_again(export: Export) -> None:
    assert making.made(export, *NETWORK) is None
    done = make(export)
    path_of(sha256(export)).write_bytes(b"damaged")
    found = making.made_soon(export, *NETWORK)
    assert (found.path, found.kept) == (done.path, done.kept)
    assert making.counted(export, *NETWORK).document() == done.converted.document()
    assert found.converted.report.lost
    with pytest.raises(Unreadable):
        making.made_soon(export, "network-csv", {})


def test_equal_choices_are_one_file_and_others_another(export: Export) -> None:
    keys = [
        making.key_of(export, *asked)
        for asked in (
            NETWORK,
            ("network-csv", {"network": "actors", "ties": "subtract"}),  # as if it was not said
            ("network-csv", {"network": "actors", "ties": "conflict"}),
            ("network-gexf", {"network": "actors"}),
        )
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_stopped_anywhere_there_is_no_file(export: Export, settings: Any) -> None:
    class Stopped(Exception):
        pass

    def stopping(at: int) -> Iterator[None]:
        yield from (None for _ in range(at))
        raise Stopped

    for at in range(10):
        calls = stopping(at)
        try:
            make(export, lambda _read, calls=calls: next(calls, None))
        except Stopped:
            assert kept(settings) == []
        else:
            break
    assert at >= 2  # the only line, and the end
    assert len(kept(settings)) == 2


def test_a_full_disk_is_said_and_leaves_nothing(export: Export, settings: Any) -> None:
    def full(_read: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoSpace):
        make(export, full)
    assert kept(settings) == []


@pytest.mark.parametrize("harm", ["no report", "half a report", "half a file", "no file"])
def test_what_a_crash_left_is_not_taken_for_the_file(export: Export, harm: str) -> None:
    whole = make(export)
    beside = whole.path.with_suffix(".json")
    if harm == "no report":
        beside.unlink()
    elif harm == "half a report":
        beside.write_bytes(beside.read_bytes()[:20])
    elif harm == "no file":
        whole.path.unlink()
    else:
        whole.path.write_bytes(b"half")
    assert making.made(export, *NETWORK) is None
    assert make(export).kept == whole.kept
    assert making.made(export, *NETWORK) is not None


def test_who_does_not_want_to_wait_is_told_and_nothing_is_left(
    export: Export, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PATIENCE", -1)
    with pytest.raises(making.TakesLong):
        making.made_soon(export, *NETWORK)
    assert kept(settings) == []
    make(export)
    assert making.made_soon(export, *NETWORK).kept.size > 0


def test_where_only_the_worker_may_write_a_job_is_asked_to(export: Export, settings: Any) -> None:
    parts = Path(settings.EXPORT_DIR, "parts")
    parts.rmdir()
    parts.symlink_to("/sys", target_is_directory=True)  # where not even root makes files
    with pytest.raises(making.TakesLong):
        making.made_soon(export, *NETWORK)
    parts.unlink()
    make(export)
    parts.rmdir()
    parts.symlink_to("/sys", target_is_directory=True)
    assert making.made_soon(export, *NETWORK).kept.size > 0


def test_a_snapshot_that_goes_takes_along_what_was_made(export: Export, settings: Any) -> None:
    make(export)
    settings.EXPORT_DAYS = 1
    Export.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert expire(lambda _done: None) == 1
    assert not made_folder(sha256(export)).exists()
    assert kept(settings) == []


def test_a_snapshot_that_goes_while_something_is_made_leaves_nothing(
    export: Export, settings: Any
) -> None:
    with pytest.raises(FileNotFoundError):
        make(export, lambda _read: path_of(sha256(export)).unlink(missing_ok=True))
    assert kept(settings) == []


def test_what_nobody_asks_for_goes_after_a_day(export: Export, settings: Any) -> None:
    for path in (make(export).path, make(export).path.with_suffix(".json")):
        age(path, 2)
    assert making.made(export, *NETWORK) is not None  # which is to ask for it
    assert not is_anything_due()
    for path in kept(settings):
        age(path, 2)
    assert is_anything_due()
    expire(lambda _done: None)
    assert kept(settings) == []
    assert path_of(sha256(export)).exists()
    assert making.made(export, *NETWORK) is None


def test_what_was_made_of_a_snapshot_that_no_row_knows_goes(export: Export) -> None:
    make(export)
    strange = made_folder(b"\0" * 32)
    strange.mkdir()
    (strange / "file").write_bytes(b"?")
    expire(lambda _done: None)
    assert not strange.exists()
    assert making.made(export, *NETWORK) is not None


# the job ------------------------------------------------------------------------------------------


def convert(export: Export, **more: object) -> Job:
    args = {"campaign": export.campaign_id, "export": str(export.pk), "format": NETWORK[0]}
    return jobs.run_here(CONVERT, args | {"options": NETWORK[1]} | more, by=None)


def test_the_job_makes_the_file(export: Export) -> None:
    job = convert(export)
    found = making.made(export, *NETWORK)
    assert found is not None
    assert job.result == {
        "export": str(export.pk),
        "format": "network-csv",
        "bytes": found.kept.size,
    }


def test_the_job_says_why_there_is_none(export: Export, campaign_of_others: Campaign) -> None:
    assert "It has: network, ties" in convert(export, options={"warna": "merah"}).error
    elsewhere = convert(export, campaign=campaign_of_others.pk)
    assert elsewhere.error == "The file is not there any more."
    path_of(sha256(export)).unlink()
    assert convert(export).error == "The file is not there any more."


@pytest.fixture
def campaign_of_others(export: Export, annotator_b: User) -> Campaign:
    return factories.campaign(export.campaign.corpus, [annotator_b], slug="lain")
