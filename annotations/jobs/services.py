"""Start background work, run it here, ask it to stop."""

from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from annotations.accounts.models import User
from annotations.jobs import log
from annotations.jobs.bell import ring
from annotations.jobs.log import Verb
from annotations.jobs.models import LIVE, Job, State
from annotations.jobs.running import Cancelled, LeaseLost, Progress, Refused, Running, execute

__all__ = [
    "Cancelled",
    "LeaseLost",
    "Refused",
    "Running",
    "cancel",
    "run_here",
    "start",
]

Args = dict[str, object]


def start(kind: str, args: Args, *, by: User | None, dedupe_key: str | None = None) -> Job:
    """A job waits in the outbox, in the caller's transaction; the bell rings when that commits.
    With a `dedupe_key`, a job of that key that still waits or runs is returned instead."""
    job, made = _enter(kind, args, by, dedupe_key)
    if made:
        transaction.on_commit(partial(ring, job.id), robust=True)
    return job


def run_here(kind: str, args: Args, *, by: User | None, progress: Progress | None = None) -> Job:
    """Do the job in this process, with the same row and the same rules, and return its end."""
    job, _ = _enter(kind, args, by, None)
    return execute(job.id, progress) or Job.objects.get(pk=job.id)


@transaction.atomic
def cancel(job_id: UUID, *, by: User | None) -> None:
    """Ask the job to stop. One that waits stops now; one that runs, at its next report."""
    job = Job.objects.select_for_update().filter(pk=job_id, state__in=LIVE).first()
    if job is None or job.cancel_requested:
        return
    row = Job.objects.filter(pk=job_id)
    if job.state == State.RUNNING:
        row.update(cancel_requested=True)
        log.note(Verb.STOPPING, job_id, by=by)
    else:
        row.update(state=State.CANCELLED, finished_at=timezone.now(), cancel_requested=True)
        log.note(Verb.CANCELLED, job_id, by=by)


def _enter(kind: str, args: Args, by: User | None, dedupe_key: str | None) -> tuple[Job, bool]:
    row = Job(kind=kind, args=args, requested_by=by, dedupe_key=dedupe_key)
    # Due by the database's own clock, which is the one that a claim asks.
    row.run_after = Now()
    while True:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                log.note(Verb.QUEUED, row.id, by=by)
        except IntegrityError:
            live = Job.objects.filter(dedupe_key=dedupe_key, state__in=LIVE).first()
            if live:
                return live, False
        else:
            row.run_after = timezone.now()
            return row, True
