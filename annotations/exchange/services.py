"""Make exports, and load layers."""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.exchange import incoming, outgoing
from annotations.exchange.assembly import Lies
from annotations.exchange.choices.asking import (
    BadChoice,
    check,
    choice_of,
    found_by,
    hiding_of,
    parts_of,
)
from annotations.exchange.choices.record import Choice
from annotations.exchange.choices.selecting import Selecting
from annotations.exchange.expiring import keep_others_from_removing
from annotations.exchange.formats import kutip
from annotations.exchange.incoming import BadFile, NotRunning, Plan, Report
from annotations.exchange.manifest import manifest
from annotations.exchange.models import Export
from annotations.exchange.outgoing import Tally, position
from annotations.exchange.records import Line
from annotations.exchange.store import Writing
from annotations.history import services as history

__all__ = [
    "BadChoice",
    "BadFile",
    "Lies",
    "NotRunning",
    "Report",
    "export",
    "import_layers",
    "order",
]

Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much, and what. May raise, to stop."""


def order(campaign: Campaign, choice: Choice, *, job: UUID, by: User | None) -> Export:
    """The export that this job makes, or made: one for each job."""
    made, _ = Export.objects.select_related("campaign__corpus", "campaign__schema").get_or_create(
        job_id=job,
        defaults={"campaign": campaign, "choice": choice.document(), "requested_by": by},
    )
    return made


def export(
    ordered: Export,
    *,
    progress: Progress,
    hold: Callable[[], None],
    about: Callable[[Export], dict[str, object]] = lambda export: {},
) -> Export:
    """The file of an ordered export is complete and on disk, and its row says so.

    One snapshot of the database, constant memory. `about` tells, within the snapshot, what else is
    to stand in the manifest. Raises BadChoice where there is nothing of what was chosen, and Lies
    where something does not cover its text; then, as after whatever `progress` or `hold` raise,
    there is no file.
    """
    if ordered.finished_at:
        return ordered
    tally, choice = Tally(), choice_of(ordered.choice)
    at = timezone.now()
    with Writing(ordered.pk) as writing, _uncollected():
        with outgoing.snapshot():
            check(choice, ordered.campaign)
            told = about(ordered) | {"history": position(ordered.campaign)}
            _write(ordered.campaign, choice, writing, tally, progress)
        whole = manifest(ordered, choice, tally, at) | told
        _finish(ordered, writing, tally, hold, whole)
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


def _write(
    campaign: Campaign, choice: Choice, writing: Writing, tally: Tally, progress: Progress
) -> None:
    found = found_by(choice, campaign, lambda: progress(0, 0, ""))
    with closing(_lines(campaign, choice, found, tally)) as lines:
        for line in lines:
            kutip.write(line, writing.buffer)
            writing.flush()
            progress(tally.articles, len(found), "")


def _lines(
    campaign: Campaign, choice: Choice, found: Sequence[bytes], tally: Tally
) -> Generator[Line]:
    """The lines as they were chosen, counted in `tally`. Lines that go out as they are read are
    counted where they are read."""
    if choice.is_whole:
        yield from outgoing.lines(campaign, found, tally)
        return
    parts = parts_of(found, choice.split) if choice.split else {}
    selecting = Selecting(choice, hiding_of(choice, campaign), parts)
    with closing(outgoing.lines(campaign, found, Tally())) as lines:
        for line in lines:
            chosen = selecting.line(line)
            tally.add_whole(chosen)
            yield chosen
    tally.people = len(selecting.people)


@transaction.atomic
def _finish(
    ordered: Export,
    writing: Writing,
    tally: Tally,
    hold: Callable[[], None],
    about: dict[str, object],
) -> None:
    """The file has its name, and the row says so: under a lock, so that nobody who removes files
    takes the new one for one that no row knows."""
    hold()
    keep_others_from_removing()
    kept = writing.keep()
    ordered.sha256, ordered.bytes, ordered.lines = kept.sha256, kept.size, tally.articles
    ordered.manifest, ordered.finished_at = about, timezone.now()
    ordered.save(update_fields=["sha256", "bytes", "lines", "manifest", "finished_at"])
    history.record(
        "export.made",
        ordered,
        by=ordered.requested_by,
        campaign=ordered.campaign.slug,
        choice=ordered.choice,
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
