from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from annotations import policy
from annotations.corpora.uploads import suffice
from annotations.jobs import services as jobs
from annotations.jobs.models import ENDED_EARLY, Job, State
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.jobs.listing import asked_in, jobs_seen
from annotations.web.jobs.telling import log_of
from annotations.web.progress import TITLES, shown


@require_safe
@may(policy.SIGNED_IN)
def everything(request: HtmxRequest) -> HttpResponse:
    """The jobs that one may see, the newest first."""
    asked = asked_in(request.GET)
    known = {
        "asked": asked,
        "states": State.choices,
        "kinds": sorted(TITLES.items(), key=lambda kind: str(kind[1])),
        "listing": jobs_seen(request.user, asked),
    }
    return page(request, "jobs/list.html", known)


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


@require_POST
@may(policy.RETRY_JOB)
def retry(request: HtmxRequest, job: Job) -> HttpResponse:
    """What ended early waits again; what lives or is done stays as it is."""
    if job.state in ENDED_EARLY and not suffice(job.args, job.checkpoint):
        messages.error(request, _("The files of this job are not there any more: load them again."))
        return see_other(request, "job", job.pk)
    try:
        jobs.retry(job.pk, by=request.user)
    except jobs.UnderWay as refusal:
        messages.error(request, str(refusal))
    return see_other(request, "job", job.pk)


def _watched(request: HtmxRequest, job: Job) -> dict[str, Any]:
    """The job, and what this person may do about it: one query."""
    watched = shown(job)
    if watched.live:
        return {"job": watched, "may_stop": policy.CANCEL_JOB.allows(request.user, job)}
    may_retry = job.state in ENDED_EARLY and policy.RETRY_JOB.allows(request.user, job)
    suffices = may_retry and suffice(job.args, job.checkpoint)
    return {"job": watched, "may_retry": suffices, "files_gone": may_retry and not suffices}
