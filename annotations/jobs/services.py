"""Start background work, run it here, ask it to stop, put it back into the queue."""

from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.jobs import log
from annotations.jobs.bell import ring
from annotations.jobs.log import Verb
from annotations.jobs.models import ENDED_EARLY, LIVE, Job, State
from annotations.jobs.running import Cancelled, LeaseLost, Progress, Refused, Running, execute

__all__ = [
    "Cancelled",
    "LeaseLost",
    "Refused",
    "Running",
    "UnderWay",
    "cancel",
    "retry",
    "run_here",
    "start",
]

Args = dict[str, object]


class UnderWay(ValueError):
    """A job of the same key lives, and two may not. The message is for people."""


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


def retry(job_id: UUID, *, by: User | None) -> bool:
    """A job that failed or was cancelled waits again, with its checkpoint and all its attempts.
    False where it lives or is done: nothing changes then. Raises UnderWay where another job of its
    `dedupe_key` lives."""
    try:
        with transaction.atomic():
            if not _put_back(job_id):
                return False
            log.note(Verb.RETRIED, job_id, by=by)
            transaction.on_commit(partial(ring, job_id), robust=True)
    except IntegrityError as error:
        raise UnderWay(_("The same work is under way already: wait until it ends.")) from error
    return True


def _put_back(job_id: UUID) -> bool:
    ended = Job.objects.filter(pk=job_id, state__in=ENDED_EARLY)
    count = ended.update(
        state=State.QUEUED,
        attempts=0,
        cancel_requested=False,
        run_after=Now(),
        rung_at=None,
        started_at=None,
        finished_at=None,
        message="",
        error="",
    )
    return count == 1


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
