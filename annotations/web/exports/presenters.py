"""Exports and loads as the screens show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.exchange.choices.asking import choice_of
from annotations.exchange.choices.record import Choice
from annotations.exchange.choices.telling import sentences
from annotations.exchange.converting import WRITERS
from annotations.exchange.handing_out import Wish
from annotations.exchange.handlers import (
    CONVERT,
    EXPORT,
    IMPORT_LAYERS,
    convert_key,
    export_key,
)
from annotations.exchange.making import needs_making
from annotations.exchange.models import Export
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.web.progress import WatchedJob, shown

BESIDE: dict[str, tuple[str | Promise, str]] = {
    "manifest.json": (_("Manifest"), "application/json"),
    "schema.json": (_("JSON Schema"), "application/schema+json"),
    "card.md": (_("Data card"), "text/markdown; charset=utf-8"),
    "sha256": (_("Checksum"), "text/plain; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A file beside an export, and where it is."""

    label: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class FormatWay:
    """Another format of an export: where its file is, where it says what is lost, and whether there is
    something to choose."""

    name: str
    url: str
    losses: str
    has_options: bool


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A finished export. `size` is in bytes; `choice` says in words what was chosen. One that is
    `expired` (since when) has no file any more."""

    id: UUID
    made: datetime | None
    by: str
    choice: list[str]
    expired: datetime | None
    articles: int
    layers: int
    spans: int
    relations: int
    size: int | None
    sha256: str
    url: str
    beside: list[Way]
    formats: list[FormatWay]
    again: str


def finished(campaign: Campaign) -> QuerySet[Export]:
    """The exports of the campaign that were finished, the expired ones too, newest first."""
    rows = Export.objects.filter(campaign=campaign, finished_at__isnull=False)
    return rows.select_related("requested_by", "campaign").order_by("-created_at", "pk")


def row(export: Export) -> ExportRow:
    """What the table shows of a finished export; no queries."""
    counts = export.manifest["counts"]
    words = [export.campaign.slug, export.pk]
    choice = choice_of(export.choice)
    return ExportRow(
        id=export.pk,
        made=export.finished_at,
        by=str(export.requested_by or ""),
        choice=sentences(choice),
        expired=export.expired_at,
        articles=counts["articles"],
        layers=counts["layers"],
        spans=counts["spans"],
        relations=counts["relations"],
        size=export.bytes,
        sha256=bytes(export.sha256 or b"").hex(),
        url=reverse("export", args=words),
        beside=[
            Way(label, reverse("export_beside", args=[*words, what]))
            for what, (label, _kind) in BESIDE.items()
        ],
        formats=[
            FormatWay(
                writer.name,
                reverse("export_converted", args=[*words, key]),
                reverse("export_format", args=[*words, key]),
                writer.options is not None,
            )
            for key, writer in WRITERS.items()
            if choice.text or not writer.needs_text
        ],
        again=reverse("export_again", args=words),
    )


def file_name(export: Export) -> str:
    """What an export is called on the disk of whoever downloads it."""
    moment = f"{export.created_at:%Y%m%d-%H%M%S}"
    return f"{export.campaign.slug}-{moment}.jsonl"


def wish_of(request: HttpRequest, export: Export, name: str) -> Wish:
    """What a download of the export, or of a file made of it, is asked for."""
    allowed = partial(policy.may_still_download, cast("User", request.user), export)
    return Wish.told_by(request.method, request.headers, name, allowed)


# the jobs -----------------------------------------------------------------------------------------


def start_export(campaign: Campaign, choice: Choice, *, by: User) -> Job:
    """An export of the campaign is under way; asking for the same again while it is changes
    nothing."""
    document = choice.document()
    args: dict[str, object] = {"campaign": campaign.pk, "choice": document}
    return jobs.start(EXPORT, args, by=by, dedupe_key=export_key(campaign, choice))


def export_under_way(campaign: Campaign) -> WatchedJob | None:
    """The newest export job of the campaign if it lives, or if it failed and none came after."""
    mine = Job.objects.filter(kind=EXPORT, args__campaign=campaign.pk)
    job = mine.filter(dedupe_key__isnull=False).order_by("-created_at").first()
    return _unfinished(job)


def converting_under_way(
    export: Export, format: str, words: Mapping[str, str]
) -> WatchedJob | None:
    """The newest job that makes this file of the export, if it lives or failed. Raises as
    `convert_key`."""
    if not needs_making(format):
        return None
    mine = Job.objects.filter(kind=CONVERT, dedupe_key=convert_key(export, format, words))
    return _unfinished(mine.order_by("-created_at").first())


def _unfinished(job: Job | None) -> WatchedJob | None:
    if job is None or job.state in (State.DONE, State.CANCELLED):
        return None
    return shown(job)


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A load of layers: which file, who loaded it and when, and how it goes."""

    id: UUID
    name: str
    at: datetime
    by: str
    job: WatchedJob


def load_row(job: Job) -> LoadRow:
    """What the table shows of a load; no queries."""
    name = job.args.get("name") or Path(job.args.get("path", "")).name
    return LoadRow(job.pk, name, job.created_at, str(job.requested_by or ""), shown(job))


def loads_of(campaign: Campaign) -> QuerySet[Job]:
    """The jobs that load layers into the campaign, newest first."""
    jobs_here = Job.objects.filter(kind=IMPORT_LAYERS, args__campaign=campaign.pk)
    return jobs_here.select_related("requested_by").order_by("-created_at")
