"""Make exports, and load layers."""

import gc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.exchange import incoming, outgoing
from annotations.exchange.assembly import Lies
from annotations.exchange.formats import kutip
from annotations.exchange.incoming import BadFile, NotRunning, Plan, Report
from annotations.exchange.manifest import manifest
from annotations.exchange.members import members
from annotations.exchange.models import Export
from annotations.exchange.outgoing import Tally
from annotations.exchange.store import Kept, Writing
from annotations.history import services as history

__all__ = ["BadFile", "Lies", "NotRunning", "Report", "export", "import_layers", "order"]

Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much, and what. May raise, to stop."""


def order(campaign: Campaign, *, include_open: bool, job: UUID, by: User | None) -> Export:
    """The export that this job makes, or made: one for each job."""
    made, _ = Export.objects.select_related("campaign__corpus", "campaign__schema").get_or_create(
        job_id=job,
        defaults={"campaign": campaign, "include_open": include_open, "requested_by": by},
    )
    return made


def export(ordered: Export, *, progress: Progress, hold: Callable[[], None]) -> Export:
    """The file of an ordered export is complete and on disk, and its row says so.

    One snapshot of the database, constant memory. Raises Lies where something does not cover its
    text; then, as after whatever `progress` or `hold` raise, there is no file.
    """
    if ordered.finished_at:
        return ordered
    tally = Tally()
    at = timezone.now()
    with Writing(ordered.pk) as writing, _uncollected():
        _write(ordered, writing, tally, progress)
        kept = writing.keep()
    _finish(ordered, kept, tally, hold, manifest(ordered, tally, at))
    return ordered


@contextmanager
def _uncollected() -> Iterator[None]:
    """The collector of circles rests. Nothing made while an export is written refers to itself,
    and looking through it all for that took a fifth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _write(ordered: Export, writing: Writing, tally: Tally, progress: Progress) -> None:
    statuses = outgoing.WITH_OPEN if ordered.include_open else outgoing.SUBMITTED
    with outgoing.snapshot():
        found = members(ordered.campaign, statuses)
        with closing(outgoing.lines(ordered.campaign, found, tally)) as lines:
            for line in lines:
                kutip.write(line, writing.buffer)
                writing.flush()
                progress(tally.articles, len(found), "")


@transaction.atomic
def _finish(
    ordered: Export, kept: Kept, tally: Tally, hold: Callable[[], None], about: dict[str, object]
) -> None:
    hold()
    ordered.sha256, ordered.bytes, ordered.lines = kept.sha256, kept.size, tally.articles
    ordered.manifest, ordered.finished_at = about, timezone.now()
    ordered.save(update_fields=["sha256", "bytes", "lines", "manifest", "finished_at"])
    history.record(
        "export.made",
        ordered,
        by=ordered.requested_by,
        campaign=ordered.campaign.slug,
        include_open=ordered.include_open,
        sha256=kept.sha256.hex(),
    )


def import_layers(
    campaign: Campaign,
    file: Path,
    *,
    load: UUID,
    by: User | None,
    progress: Progress = lambda done, total, message: None,
    hold: Callable[[], None] = lambda: None,
    finish: Callable[[Report], None] = lambda report: None,
) -> Report:
    """The layers of a kutip/1 file are in the campaign, all at once, but those of annotators who
    have work on the article already: they are skipped and reported.

    `load` is the id the layers' histories know this load by. `hold` and `finish` are called in
    the transaction that makes the layers visible. Raises BadFile (with the first bad line) or
    NotRunning, and nothing has changed. A file of some megabytes is loaded by two processes;
    memory does not grow with the file.
    """
    return incoming.load(Plan(campaign, file, load, by, progress, hold, finish))
