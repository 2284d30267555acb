"""Bring back what the broker lost and what dead workers held."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.jobs import log
from annotations.jobs.bell import ring
from annotations.jobs.log import Verb
from annotations.jobs.models import Job, State

RING_AGAIN = timedelta(seconds=10)
"""After a bell that nobody may have heard: both workers may be at work."""
UNRUNG = timedelta(seconds=2)
"""After a job that no bell was rung for at all: whoever entered it rings at once, or could not."""


def sweep() -> list[UUID]:
    """Expired leases are given up, then every job that waits unheard is rung again.
    Returns the jobs rung. Several sweepers do no harm to one another."""
    _give_up_expired()
    now = timezone.now()
    unrung = Q(rung_at=None, created_at__lt=now - UNRUNG)
    # one that paused after a fault was rung before it, and has not been since
    paused = Q(attempts__gt=0, rung_at__lt=F("run_after"))
    waiting = Job.objects.filter(state=State.QUEUED, run_after__lte=now).filter(
        unrung | paused | Q(rung_at__lt=now - RING_AGAIN)
    )
    return [pk for pk in waiting.order_by("run_after").values_list("pk", flat=True) if ring(pk)]


@transaction.atomic
def _give_up_expired() -> None:
    """A job whose worker fell silent waits again, or has failed for good after its last try."""
    expired = Job.objects.select_for_update(skip_locked=True).filter(
        state=State.RUNNING, lease_until__lt=timezone.now()
    )
    rows = list(expired.only("attempts", "max_attempts", "worker"))
    silent = Job.objects.filter(pk__in=[row.pk for row in rows])
    now = timezone.now()
    silent.filter(attempts__lt=F("max_attempts")).update(
        state=State.QUEUED, lease_until=None, rung_at=None, run_after=now
    )
    silent.filter(state=State.RUNNING).update(
        state=State.FAILED,
        lease_until=None,
        finished_at=now,
        error=_("The worker stopped in the middle of this, each time it was tried."),
    )
    for row in rows:
        verb = Verb.SILENT if row.attempts < row.max_attempts else Verb.LOST
        log.note(verb, row.pk, attempt=row.attempts, worker=row.worker)
