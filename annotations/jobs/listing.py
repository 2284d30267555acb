"""Jobs, page by page, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from annotations.jobs.models import Job

JOBS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs; `after` and `before` name the pages around them, or are None."""

    rows: Sequence[Job]
    after: UUID | None
    before: UUID | None


def by_age(jobs: QuerySet[Job], *, after: UUID | None, before: UUID | None) -> Page:
    """The page of these jobs that follows `after` or comes before `before`; the first where neither
    is one of them. At most two queries, whose cost does not grow with the page's place."""
    place = before or after
    edge = jobs.filter(pk=place).first() if place else None
    if edge is not None and before is not None:
        newer = Q(created_at__gt=edge.created_at) | Q(pk__gt=edge.pk)
        found = jobs.filter(newer, created_at__gte=edge.created_at)
        rows = list(found.order_by("created_at", "pk")[: JOBS_A_PAGE + 1])
        more, rows = len(rows) > JOBS_A_PAGE, rows[:JOBS_A_PAGE][::-1]
        return Page(rows, rows[-1].pk if rows else None, rows[0].pk if more else None)
    if edge is not None:
        older = Q(created_at__lt=edge.created_at) | Q(pk__lt=edge.pk)
        jobs = jobs.filter(older, created_at__lte=edge.created_at)
    rows = list(jobs.order_by("-created_at", "-pk")[: JOBS_A_PAGE + 1])
    more, rows = len(rows) > JOBS_A_PAGE, rows[:JOBS_A_PAGE]
    began = edge is not None and bool(rows)
    return Page(rows, rows[-1].pk if more else None, rows[0].pk if began else None)
