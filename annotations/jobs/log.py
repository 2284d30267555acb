"""What happened to a job, in order: lines of the history, written in the transactions that change
its row, so that neither ever says what the other does not."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import TextChoices

from annotations.accounts.models import User
from annotations.history.models import Event

_THING = "job"


class Verb(TextChoices):
    """What can happen. `attempt`, `worker` and `error` stand in the data of those they concern."""

    QUEUED = "job.queued"
    CLAIMED = "job.claimed"
    TRIED = "job.tried"
    """An attempt failed, and another will be made."""
    SILENT = "job.silent"
    """The worker was heard of no more, and the job waits again."""
    LOST = "job.lost"
    """The worker was heard of no more, and it was the last attempt."""
    FAILED = "job.failed"
    STOPPING = "job.stopping"
    """Somebody asked a job that runs to stop."""
    CANCELLED = "job.cancelled"
    RETRIED = "job.retried"
    DONE = "job.done"


def note(verb: Verb, job: UUID, *, by: User | None = None, **data: object) -> None:
    """This happened to the job, by whom. The caller's transaction carries it."""
    Event.objects.create(verb=verb, thing=_THING, thing_id=str(job), by=by, data=data)


def newest(job: UUID, limit: int) -> Sequence[Event]:
    """The last so many lines of a job's log, in order. One query."""
    lines = Event.objects.filter(thing=_THING, thing_id=str(job)).select_related("by")
    return list(lines.order_by("-id")[:limit])[::-1]
