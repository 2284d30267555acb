"""The log of a job, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.history.models import Event
from annotations.jobs.log import Verb, newest
from annotations.jobs.models import Job

LINES_SHOWN = 100
WORDS: Mapping[str, str | Promise] = {
    Verb.QUEUED: gettext_lazy("Started"),
    Verb.CLAIMED: gettext_lazy("Attempt %(attempt)s, by worker %(worker)s"),
    Verb.TRIED: gettext_lazy("Attempt %(attempt)s failed: %(error)s. It will be tried again."),
    Verb.SILENT: gettext_lazy(
        "Worker %(worker)s fell silent in attempt %(attempt)s. It will be tried again."
    ),
    Verb.LOST: gettext_lazy(
        "Worker %(worker)s fell silent in attempt %(attempt)s, which was the last."
    ),
    Verb.FAILED: gettext_lazy("Failed: %(error)s"),
    Verb.STOPPING: gettext_lazy("Asked to stop"),
    Verb.CANCELLED: gettext_lazy("Cancelled"),
    Verb.RETRIED: gettext_lazy("Put back into the queue"),
    Verb.DONE: gettext_lazy("Done"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log; `by` is "" where no person did it."""

    at: datetime
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Log:
    """The newest lines, in order; `cut` tells that older ones are not shown."""

    lines: Sequence[Line]
    cut: bool


def log_of(job: Job) -> Log:
    """Return what happened to the job, in words. One query."""
    events = newest(job.pk, LINES_SHOWN + 1)
    return Log([_line(event) for event in events[-LINES_SHOWN:]], len(events) > LINES_SHOWN)


def _line(event: Event) -> Line:
    told = {word: event.data.get(word, "?") for word in ("attempt", "worker", "error")}
    words = WORDS[event.verb]
    if event.verb == Verb.FAILED and "attempt" in event.data:
        words = _("Attempt %(attempt)s failed: %(error)s. It was the last.")
    return Line(event.at, str(words) % told, str(event.by or ""))
