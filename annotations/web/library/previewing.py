"""Looks into files as the templates show them, and what became of an upload."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from annotations.corpora.looking import LOAD, LOOK, Look, Seen
from annotations.corpora.models import Corpus
from annotations.corpora.readers.dates import Order, usual_order
from annotations.corpora.reports import FileReport
from annotations.corpora.uploads import are_kept, look_report_path
from annotations.jobs.models import Job, State
from annotations.web.library import asking, reporting
from annotations.web.progress import WatchedJob, shown

_NEWEST = 20
_ENDED_WITHOUT = (State.FAILED, State.CANCELLED)


# --- an upload: looked into once or more, loaded once ------------------------------------------


def root_of(job: Job) -> str:
    """The first look into the upload, which stands for it."""
    return str(job.args.get("root") or job.pk)


def lock(job: Job) -> None:
    """Until the transaction ends, nobody else loads this upload or throws it away."""
    Job.objects.select_for_update().get(pk=root_of(job))


def looks_into(job: Job) -> QuerySet[Job]:
    root = root_of(job)
    return Job.objects.filter(Q(pk=root) | Q(args__root=root), kind=LOOK)


def load_of(job: Job) -> Job | None:
    """The load of this upload that runs or has kept something, if there is one."""
    return _loads_of([root_of(job)]).get(root_of(job))


def waiting(corpus: Corpus) -> list[tuple[WatchedJob, str, Job]]:
    """The newest look into each upload that is still there and was not loaded. Two queries."""
    newest = Job.objects.filter(kind=LOOK, args__corpus=corpus.pk).order_by("-created_at")
    uploads: dict[str, Job] = {}
    for job in newest.defer("result", "checkpoint")[:_NEWEST]:
        if are_kept(job.args["files"]):
            uploads.setdefault(root_of(job), job)
    loaded = _loads_of(uploads)
    return [(shown(job), names(job), job) for root, job in uploads.items() if root not in loaded]


def _loads_of(roots: Iterable[str]) -> dict[str, Job]:
    """The loads of these uploads that run or have kept something."""
    loads = Job.objects.filter(kind=LOAD, args__root__in=list(roots))
    return {
        job.args["root"]: job
        for job in loads.exclude(state__in=_ENDED_WITHOUT)
        if job.result is None or job.result["kept"]
    }


def names(job: Job) -> str:
    return ", ".join(file["name"] for file in job.args["files"])


# --- what was found -----------------------------------------------------------------------------


def questions(
    corpus: Corpus, job: Job, given: Mapping[str, Any] | None = None
) -> list[asking.Asked]:
    """What to ask of the files of a look that is done, with the answers `given`."""
    found = _found(job)
    return asking.asked(found.seen, _dating(corpus, found.report.files), given)


def begun(corpus: Corpus, job: Job) -> dict[str, Any]:
    """How the files begin, while they are read, if that is known already."""
    seen = msgspec.convert(job.checkpoint.get("seen", {}), Seen)
    groups = asking.asked(seen, _dating(corpus, ()))
    return {"corpus": corpus, "job": shown(job), "begun": groups}


def preview(
    corpus: Corpus, job: Job, asked: Sequence[asking.Asked] | None = None
) -> dict[str, Any]:
    """What the page of a look shows."""
    if job.state != State.DONE:
        return {**begun(corpus, job), "names": names(job)}
    found = _found(job)
    return {
        "corpus": corpus,
        "job": shown(job),
        "names": names(job),
        "instead_of_load": job.args.get("instead_of_load", False),
        "kept": are_kept(job.args["files"]),
        "asked": questions(corpus, job) if asked is None else asked,
        "documents": asking.documents(found.documents),
        "outcome": reporting.outcome_of(found.report, look_report_path(job.pk)),
    }


def _found(job: Job) -> Look:
    return msgspec.convert(job.result, Look)


def _dating(corpus: Corpus, files: Sequence[FileReport]) -> asking.Dating:
    """How the dates of each file were read, as its notes say (`dates_found_day` and the like)."""
    notes = [
        (file.name, *note.code.split("_")[1:])
        for file in files
        for note in file.notes
        if note.code.startswith("dates_")
    ]
    return asking.Dating(
        usual_order(corpus.language),
        {name: Order(order) for name, _, order in notes},
        {name for name, ground, _ in notes if ground != "found"},
    )
