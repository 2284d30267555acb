"""The list of jobs as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations import policy
from annotations.accounts.models import User
from annotations.jobs.listing import by_age
from annotations.jobs.models import Job, State
from annotations.web.jobs.about import Thing, Things, things_of
from annotations.web.jobs.outcomes import outcome
from annotations.web.progress import TITLES, WatchedJob, shown


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; "" and None where it is not, or is nothing we know."""

    state: str
    kind: str
    after: UUID | None
    before: UUID | None


@dataclass(frozen=True, slots=True)
class Row:
    """One job. `result`: what came of it, or how far it is; `took` is "" where it did not end."""

    job: WatchedJob
    about: Thing | None
    by: str
    at: datetime
    took: str
    result: str
    report: str


@dataclass(frozen=True, slots=True)
class Listing:
    rows: Sequence[Row]
    after: UUID | None
    before: UUID | None


def asked_in(query: QueryDict) -> Asked:
    state, kind = query.get("state", ""), query.get("kind", "")
    return Asked(
        state=state if state in State.values else "",
        kind=kind if kind in TITLES else "",
        after=_uuid(query.get("after", "")),
        before=_uuid(query.get("before", "")),
    )


def jobs_seen(user: User, asked: Asked) -> Listing:
    """A page of the jobs that this person may see. Two queries at most for the jobs, and three for
    what they are about."""
    seen = policy.jobs_seen_by(user).select_related("requested_by")
    filters: Mapping[str, str] = {"state": asked.state, "kind": asked.kind}
    seen = seen.filter(**{name: value for name, value in filters.items() if value})
    page = by_age(seen, after=asked.after, before=asked.before)
    things = things_of(page.rows, user)
    return Listing([_row(job, things) for job in page.rows], page.after, page.before)


def _row(job: Job, things: Things) -> Row:
    watched = shown(job)
    return Row(
        job=watched,
        about=things.of(job),
        by=str(job.requested_by or ""),
        at=job.created_at,
        took=_took(job),
        result=watched.figures if watched.live else outcome(job),
        report=things.report(job),
    )


def _took(job: Job) -> str:
    if job.started_at is None or job.finished_at is None:
        return ""
    return duration(job.finished_at - job.started_at)


def duration(time: timedelta) -> str:
    """Return a length of time in its largest unit: seconds, minutes or hours."""
    seconds = max(0, round(time.total_seconds()))
    if seconds == 0:
        return _("less than a second")
    if seconds < 90:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
