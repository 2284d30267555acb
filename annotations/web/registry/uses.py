"""The count behind the order by use: its age is shown, and it is made anew by a job."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from annotations import policy
from annotations.accounts.models import User
from annotations.jobs import services as jobs
from annotations.jobs.models import LIVE, Job
from annotations.registry.models import Registry
from annotations.spans.handlers import COUNT
from annotations.spans.uses import counted_at
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, see_other
from annotations.web.progress import WatchedJob, shown

FRESH = timedelta(minutes=10)
"""So old a count may be before a look at it has it made anew."""


@dataclass(frozen=True, slots=True)
class Counted:
    """When the mentions were counted, None for never; `job` is the one that counts them anew."""

    at: datetime | None
    job: WatchedJob | None


def counted(registry: Registry, user: User) -> Counted:
    """The state of the count; one that is old, or was never made, is started."""
    at = counted_at(registry)
    if at is None or at < timezone.now() - FRESH:
        return Counted(at, shown(_start(registry, user)))
    return Counted(at, _under_way(registry))


@require_POST
@may(policy.SEE_REGISTRY)
def count(request: HtmxRequest, registry: Registry) -> HttpResponse:
    """Count anew, whatever the age; asking again while one counts changes nothing."""
    _start(registry, request.user)
    response = see_other(request, "registry", registry.pk)
    response["Location"] += "?order=use"
    return response


@require_safe
@may(policy.SEE_REGISTRY)
def progress(request: HtmxRequest, registry: Registry) -> HttpResponse:
    """The fragment asks for itself while the job lives; after it, the page has news to show."""
    job = _under_way(registry)
    if job is None:
        return HttpResponseClientRefresh()
    known = {"registry": registry, "counted": Counted(counted_at(registry), job)}
    return fragment(request, "registry/_counted.html", known)


def _start(registry: Registry, user: User) -> Job:
    return jobs.start(COUNT, {"registry": registry.pk}, by=user, dedupe_key=_key(registry))


def _under_way(registry: Registry) -> WatchedJob | None:
    job = Job.objects.filter(dedupe_key=_key(registry), state__in=LIVE).first()
    return shown(job) if job else None


def _key(registry: Registry) -> str:
    return f"{COUNT}:{registry.pk}"
