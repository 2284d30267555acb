from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from annotations import policy
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.jobs.telling import log_of
from annotations.web.progress import shown


@require_safe
@may(policy.SEE_JOB)
def show(request: HtmxRequest, job: Job) -> HttpResponse:
    return page(request, "jobs/page.html", _watched(request, job) | {"log": log_of(job)})


@require_safe
@may(policy.SEE_JOB)
def progress(request: HtmxRequest, job: Job) -> HttpResponse:
    """The fragment asks for itself again while the job lives, and says `job-finished` after."""
    watched = _watched(request, job)
    response = fragment(request, "jobs/_progress.html", watched)
    if watched["job"].live:
        return response
    return trigger_client_event(response, "job-finished", {"id": str(job.pk)})


@require_safe
@may(policy.SEE_JOB)
def log(request: HtmxRequest, job: Job) -> HttpResponse:
    """The fragment asks for itself again while the job lives."""
    return fragment(request, "jobs/_log.html", {"job": shown(job), "log": log_of(job)})


@require_POST
@may(policy.CANCEL_JOB)
def cancel(request: HtmxRequest, job: Job) -> HttpResponse:
    jobs.cancel(job.pk, by=request.user)
    job.refresh_from_db()
    if request.htmx:
        return fragment(request, "jobs/_progress.html", _watched(request, job))
    return see_other(request, "job", job.pk)


def _watched(request: HtmxRequest, job: Job) -> dict[str, Any]:
    watched = shown(job)
    may_stop = watched.live and policy.CANCEL_JOB.allows(request.user, job)
    return {"job": watched, "may_stop": may_stop}
