"""Loads as the templates show them: while they run, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from annotations.corpora.models import Corpus
from annotations.corpora.pieces import so_far
from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.reasons import sentence
from annotations.corpora.reports import FileReport, LoadReport, report_from
from annotations.corpora.uploads import are_kept, report_path
from annotations.jobs.models import Job, State
from annotations.web import progress
from annotations.web.library.presenters import encoding_words
from annotations.web.progress import WatchedJob

NEWEST = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal: where, and its sentence. Line and byte are None for a whole file."""

    file: str
    line: int | None
    byte: int | None
    words: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file's counts, with what its reader noted in sentences."""

    name: str
    kind: str
    encoding: str
    loaded: int
    already: int
    refused: int
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load: its counts, its files with their encodings, its first faults."""

    report: LoadReport
    files: Sequence[ShownFile]
    faults: Sequence[Fault]
    more_files: int
    more_faults: int
    full_report: bool

    @property
    def title(self) -> str:
        """What came of it, in a few words."""
        report = self.report
        if not report.kept or (report.refused and not (report.loaded or report.already)):
            return _("Nothing was loaded")
        if report.refused:
            return _("Loaded, but not all") if report.loaded else _("Nothing new was loaded")
        if report.loaded:
            return _("All loaded")
        return _("All was there already") if report.already else _("There was nothing to load")


@dataclass(frozen=True, slots=True)
class ShownLoad:
    id: UUID
    names: str
    state: str | Promise
    chip: str
    live: bool
    job: WatchedJob
    created: datetime
    outcome: Outcome | None
    report: LoadReport | None
    """Its counts: of all, or as far as it has come."""
    look: str
    """The look into its upload, where that is still there to be loaded otherwise; else empty."""


def loads(corpus: Corpus) -> QuerySet[Job]:
    """Return the jobs that load, or loaded, into this corpus."""
    return Job.objects.filter(kind="load_articles", args__corpus=corpus.pk)


def newest(corpus: Corpus) -> Sequence[Job]:
    return list(loads(corpus).order_by("-created_at")[:NEWEST])


def report_file(path: Path, name: str) -> HttpResponse:
    """A full report as a download. Raises Http404 where none was left."""
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/jsonl"
    )
    return cast("HttpResponse", response)  # streamed: Django's classes have only a base in common


def shown(job: Job) -> ShownLoad:
    """Return what the page and the fragment show; no queries."""
    watched = progress.shown(job)
    outcome = _outcome(job) if job.result else None
    begun = so_far(job.checkpoint)
    return ShownLoad(
        id=job.pk,
        names=", ".join(file["name"] for file in job.args["files"]),
        state=_("Refused") if _kept_nothing(job) else State(job.state).label,
        chip=_chip(job),
        live=watched.live,
        job=watched,
        created=job.created_at,
        outcome=outcome,
        report=outcome.report if outcome else begun.report if begun else None,
        look="" if watched.live or not are_kept(job.args["files"]) else job.args.get("look", ""),
    )


def _chip(job: Job) -> str:
    """A load that kept nothing, or left something out, ended, but not well."""
    if _kept_nothing(job):
        return "chip-bad"
    left_out = job.result is not None and job.result["refused"]
    return "chip-warn" if left_out else progress.CHIPS[State(job.state)]


def _kept_nothing(job: Job) -> bool:
    return job.result is not None and not job.result["kept"]


def _outcome(job: Job) -> Outcome:
    return outcome_of(report_from(job.result or {}), report_path(job.pk))


def outcome_of(report: LoadReport, full: Path) -> Outcome:
    """Return a report in words; `full` is where all of it lies."""
    return Outcome(
        report=report,
        files=[_file(file) for file in report.files],
        faults=[_fault(refusal) for refusal in report.refusals],
        more_files=report.file_count - len(report.files),
        more_faults=report.refused - len(report.refusals),
        full_report=bool(report.refused or report.already) and full.is_file(),
    )


def _file(file: FileReport) -> ShownFile:
    return ShownFile(
        name=file.name,
        kind=PurePosixPath(file.name).suffix[1:].upper(),
        encoding=encoding_words(file.encoding) if file.encoding else "—",
        loaded=file.loaded,
        already=file.already,
        refused=file.refused,
        notes=[sentence(note) for note in file.notes],
    )


def _fault(refusal: LineRefusal) -> Fault:
    place = refusal.place
    return Fault(
        file=place.file,
        line=place.line or None,
        byte=place.byte if place.line else None,
        words=sentence(refusal.reason),
    )
