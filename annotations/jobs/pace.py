"""How fast a job goes, and how long it still takes: from what its row tells alone."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from annotations.jobs.models import Job, State
from annotations.jobs.pulse import LEASE, RENEW_SECONDS

_MEANINGFUL_SECONDS = 3.0
"""What is measured over less than this says nothing yet."""
_SILENCE = timedelta(seconds=1.5 * RENEW_SECONDS)
"""A worker that lives is heard of more often."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_second` in whatever the job counts; `seconds_left` is None where nobody knows."""

    per_second: float
    seconds_left: float | None


def pace_of(job: Job) -> Pace | None:
    """The pace of a job that runs, on average since this attempt began what it does now; None
    before that means anything, and while its worker is silent. What an earlier attempt did is not
    counted.

    The last news came one lease before the lease ends: by the worker's clock, as the beginning.
    """
    if job.state != State.RUNNING or job.since_at is None or job.lease_until is None:
        return None
    heard = job.lease_until - LEASE
    seconds = (heard - job.since_at).total_seconds()
    gained = job.done - job.since_done
    if seconds < _MEANINGFUL_SECONDS or gained <= 0 or timezone.now() - heard > _SILENCE:
        return None
    left = max(0, job.total - job.done) if job.total else None
    return Pace(gained / seconds, None if left is None else left * seconds / gained)
