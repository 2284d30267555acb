"""A job while it runs: claimed, kept alive by a pulse, finished once.

Every write to the job's row carries the lease token, so a worker that was thought dead and comes
back can change nothing. The pulse writes from a thread and a connection of its own: the handler
may sit in one long transaction meanwhile.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.jobs import log
from annotations.jobs.log import Verb
from annotations.jobs.models import Job, State
from annotations.jobs.pulse import LEASE, Pulse
from annotations.jobs.registry import Result, handler_of

logger = logging.getLogger(__name__)

Progress = Callable[[int, int | None, str], None]


class Refused(Exception):
    """The job cannot be done, and trying again would not help. The message is for the user."""


class Cancelled(Exception):
    """Someone asked for the job to stop."""


class LeaseLost(Exception):
    """Another worker has the job now: this one must write nothing more."""


class _Told(NamedTuple):
    """What a handler said last of how far it is."""

    done: int
    total: int | None
    message: str

    def goes_on_from(self, before: "_Told | None") -> bool:
        """Whether the same thing is counted on; else the pace is measured from here."""
        return before is not None and self[1:] == before[1:] and self.done >= before.done


class Running:
    """What a handler sees of its job."""

    def __init__(self, job: Job, progress: Progress | None = None) -> None:
        self.id: UUID = job.id
        self.args: dict[str, Any] = job.args
        self.by_id: int | None = job.requested_by_id
        self.checkpoint: dict[str, Any] = job.checkpoint
        self.token: int = job.lease_token or 0
        self._progress = progress
        self._news: dict[str, object] = {}
        self._told: _Told | None = None
        self._lock = threading.Lock()
        self.lost = threading.Event()
        self.cancelled = threading.Event()

    def by(self) -> User | None:
        """Who asked for it; None: nobody, or an account that is not there any more. One query."""
        return User.objects.filter(pk=self.by_id).first() if self.by_id else None

    def report(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the job is. Cheap: may be called for every item. Raises Cancelled or
        LeaseLost when the job should stop."""
        told = _Told(done, total, message)
        with self._lock:
            if not told.goes_on_from(self._told):
                self._news.update(since_done=done, since_at=timezone.now())
            self._told = told
            self._news.update(done=done, total=total, message=message)
        if self._progress:
            self._progress(done, total, message)
        self.stop_if_asked()

    def save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Remember where to go on from. To be called in the transaction that did the work."""
        self.checkpoint = checkpoint
        if not self.row().update(checkpoint=checkpoint):
            raise LeaseLost

    def hold(self) -> None:
        """Lock the job's row until the caller's transaction ends, so that what this transaction
        publishes is published by nobody else. Raises LeaseLost where another has the job."""
        if not self.row().select_for_update().exists():
            raise LeaseLost

    def row(self) -> QuerySet[Job]:
        """The job's row, for as long as it is this worker's."""
        return Job.objects.filter(pk=self.id, lease_token=self.token, state=State.RUNNING)

    def stop_if_asked(self) -> None:
        if self.lost.is_set():
            raise LeaseLost
        if self.cancelled.is_set():
            raise Cancelled

    def news(self) -> dict[str, object]:
        """What has been reported since the last call."""
        with self._lock:
            news, self._news = self._news, {}
        return news


@transaction.atomic
def claim(job_id: UUID) -> Job | None:
    """The job belongs to this process for one lease, or None: it is taken, done or not due.
    The attempt is counted now, so that a job that kills its worker does not come back for ever."""
    jobs = Job.objects.raw(
        """UPDATE job SET state = 'running', attempts = attempts + 1,
                  lease_token = nextval('job_lease'), lease_until = clock_timestamp() + %s,
                  started_at = coalesce(started_at, clock_timestamp()), worker = %s, error = '',
                  since_at = NULL
            WHERE id = %s AND state = 'queued' AND run_after <= clock_timestamp() AND attempts < max_attempts
        RETURNING *""",
        [LEASE, f"{socket.gethostname()}:{os.getpid()}", job_id],
    )
    job = next(iter(jobs), None)
    if job:
        log.note(Verb.CLAIMED, job.id, attempt=job.attempts, worker=job.worker)
    return job


def execute(job_id: UUID, progress: Progress | None = None) -> Job | None:
    """Claim the job and do it. Whatever happens is written to its row; nothing is raised but
    a database that is gone, and then the sweeper brings the job back. None: not claimed."""
    job = claim(job_id)
    if job is None:
        return None
    running = Running(job, progress)
    pulse = Pulse(running)
    pulse.start()
    try:
        ending = _ending(job, running)
    finally:
        pulse.stop()
    with transaction.atomic():
        if running.row().update(**(running.news() | ending.columns)):
            log.note(ending.verb, job.id, by=None, **ending.told)
        else:
            logger.warning("job %s: another worker has it; this one's result is dropped", job.id)
    return Job.objects.get(pk=job_id)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How an attempt ended: what its row says then, and what its log."""

    verb: Verb
    columns: dict[str, object]
    told: dict[str, object] = field(default_factory=dict)


def _ending(job: Job, running: Running) -> _Ending:
    """Do the work; return how it ended."""
    try:
        result: Result = handler_of(job.kind)(running)
    except Refused as refusal:
        return _failed(str(refusal))
    except Cancelled:
        message = _("Cancelled.")
        return _Ending(Verb.CANCELLED, _ended(State.CANCELLED) | {"message": message})
    except LeaseLost:
        logger.warning("job %s: lease lost", job.id)
        return _Ending(Verb.CANCELLED, _ended(State.CANCELLED))
    except Exception as error:
        logger.exception("job %s (%s) failed, attempt %s", job.id, job.kind, job.attempts)
        return _fault(job, error)
    return _Ending(Verb.DONE, _ended(State.DONE) | {"result": result, "error": ""})


def _ended(state: State) -> dict[str, object]:
    return {"state": state, "lease_until": None, "finished_at": timezone.now()}


def _failed(why: str, **told: object) -> _Ending:
    return _Ending(Verb.FAILED, _ended(State.FAILED) | {"error": why}, {"error": why} | told)


def _fault(job: Job, error: Exception) -> _Ending:
    """Another try, if one is left. The log names the kind of error and no more: what it says may
    quote what was read, and others see the log than may see that."""
    told: dict[str, object] = {"attempt": job.attempts, "error": type(error).__name__}
    if job.attempts >= job.max_attempts:
        message = _("This failed %(times)s times; the cause is in the server's log.")
        return _failed(message % {"times": job.attempts}, **told)
    pause = timedelta(seconds=2 * 4 ** (job.attempts - 1))
    waits = {"lease_until": None, "run_after": timezone.now() + pause}
    return _Ending(Verb.TRIED, {"state": State.QUEUED, **waits}, told)
