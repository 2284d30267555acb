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
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, connections
from django.db.utils import Error as DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.jobs.models import Job, State
from annotations.jobs.registry import Result, handler_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a job belongs to a worker that says nothing."""
PULSE_SECONDS = 0.5
RENEW_SECONDS = 8.0
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
        if not _mine(self).update(checkpoint=checkpoint):
            raise LeaseLost

    def hold(self) -> None:
        """Lock the job's row until the caller's transaction ends, so that what this transaction
        publishes is published by nobody else. Raises LeaseLost where another has the job."""
        if not _mine(self).select_for_update().exists():
            raise LeaseLost

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


def _mine(running: Running) -> Any:
    return Job.objects.filter(pk=running.id, lease_token=running.token, state=State.RUNNING)


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
    return next(iter(jobs), None)


def execute(job_id: UUID, progress: Progress | None = None) -> Job | None:
    """Claim the job and do it. Whatever happens is written to its row; nothing is raised but
    a database that is gone, and then the sweeper brings the job back. None: not claimed."""
    job = claim(job_id)
    if job is None:
        return None
    running = Running(job, progress)
    pulse = _Pulse(running)
    pulse.start()
    try:
        outcome = _outcome(job, running)
    finally:
        pulse.stop()
    if not _mine(running).update(**(running.news() | outcome)):
        logger.warning("job %s: another worker has it; this one's result is dropped", job.id)
    return Job.objects.get(pk=job_id)


def _outcome(job: Job, running: Running) -> dict[str, object]:
    """Do the work; return the columns that say how it ended."""
    ended: dict[str, object] = {"lease_until": None, "finished_at": timezone.now()}
    try:
        result: Result = handler_of(job.kind)(running)
    except Refused as refusal:
        ended |= {"state": State.FAILED, "error": str(refusal)}
    except Cancelled:
        ended |= {"state": State.CANCELLED, "message": _("Cancelled.")}
    except LeaseLost:
        logger.warning("job %s: lease lost", job.id)
        ended |= {"state": State.CANCELLED}
    except Exception:
        logger.exception("job %s (%s) failed, attempt %s", job.id, job.kind, job.attempts)
        ended |= _another_try(job)
    else:
        ended |= {"state": State.DONE, "result": result, "error": ""}
    return ended | ({"finished_at": timezone.now()} if ended.get("finished_at") else {})


def _another_try(job: Job) -> dict[str, object]:
    if job.attempts >= job.max_attempts:
        message = _("This failed %(times)s times; the cause is in the server's log.")
        return {"state": State.FAILED, "error": message % {"times": job.attempts}}
    pause = timedelta(seconds=2 * 4 ** (job.attempts - 1))
    return {"state": State.QUEUED, "finished_at": None, "run_after": timezone.now() + pause}


class _Pulse(threading.Thread):
    """Renews the lease and carries the progress while the handler works.

    Inside a caller's transaction the job's row is visible to nobody else: no pulse then.
    """

    def __init__(self, running: Running) -> None:
        super().__init__(name=f"pulse of {running.id}", daemon=True)
        self._running = running
        self._end = threading.Event()
        self._needed = not connection.in_atomic_block

    def start(self) -> None:
        if self._needed:
            super().start()

    def stop(self) -> None:
        self._end.set()
        if self._needed:
            self.join()

    def run(self) -> None:
        since_renewed = 0.0
        while not self._end.wait(PULSE_SECONDS):
            since_renewed += PULSE_SECONDS
            news = self._running.news()
            if news or since_renewed >= RENEW_SECONDS:
                since_renewed = 0.0
                self._beat(news)
        connections.close_all()

    def _beat(self, news: dict[str, object]) -> None:
        try:
            row = _mine(self._running)
            if not row.update(lease_until=timezone.now() + LEASE, **news):
                self._running.lost.set()
            elif row.filter(cancel_requested=True).exists():
                self._running.cancelled.set()
        except DatabaseError:
            # The database is away: the handler will notice by itself, or the lease runs out.
            logger.warning("job %s: no pulse, the database does not answer", self._running.id)
            connections.close_all()
