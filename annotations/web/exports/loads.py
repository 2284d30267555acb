"""Layers into a campaign: the form, the progress, the report."""

import shutil
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.corpora.uploads import upload_path
from annotations.exchange.handlers import IMPORT_LAYERS
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.limits import LIMITS
from annotations.web.exports import presenters
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, is_oversized, page, see_other

LATEST = 10


# Exempt here and protected within: the token stands in the body, whose bytes nobody but a manager
# may make us write to disk.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CAMPAIGN)
def load(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    if request.method != "POST":
        return _form(request, campaign)
    if is_oversized(request):
        message = _("The file may have %(size)s MB. Load larger ones with import_layers.")
        return _form(request, campaign, message % {"size": LIMITS.upload_megabytes}, status=413)
    return _receive(request, campaign=campaign)


@csrf_protect
def _receive(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        return _form(request, campaign, _("Choose a file."), status=422)
    if campaign.status != Campaign.Status.RUNNING:
        message = _("Layers can be loaded only into a campaign that runs.")
        return _form(request, campaign, message, status=422)
    upload = _kept(file)
    args: dict[str, object] = {"campaign": campaign.pk, "upload": str(upload), "name": file.name}
    job = jobs.start(IMPORT_LAYERS, args, by=request.user)
    return see_other(request, "layers_report", campaign.slug, job.pk)


def _kept(file: TemporaryUploadedFile) -> UUID:
    """The file lies among the uploads, under a name of ours."""
    upload = uuid4()
    path = upload_path(upload)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(file.temporary_file_path(), path)
    path.chmod(0o600)
    return upload


@require_safe
@may(policy.MANAGE_CAMPAIGN)
def report(request: HtmxRequest, campaign: Campaign, load: UUID) -> HttpResponse:
    return page(request, "exports/report.html", _known(campaign, load))


@require_safe
@may(policy.MANAGE_CAMPAIGN)
def progress(request: HtmxRequest, campaign: Campaign, load: UUID) -> HttpResponse:
    """The fragment asks for itself again while the load lives, and is the report after."""
    return fragment(request, "exports/_load.html", _known(campaign, load))


def _known(campaign: Campaign, load: UUID) -> dict[str, Any]:
    """Raises Http404 for a job that loads into no layer of this campaign."""
    job: Job | None = presenters.loads_of(campaign).filter(pk=load).first()
    if job is None:
        raise Http404
    row = presenters.load_row(job)
    outcome = job.result if job.state == State.DONE else None
    return {"campaign": campaign, "job": row.job, "report": outcome, "name": row.name}


def _form(
    request: HtmxRequest, campaign: Campaign, error: str = "", *, status: int = 200
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "error": error,
        "limit": LIMITS.upload_megabytes,
        "loads": [presenters.load_row(job) for job in presenters.loads_of(campaign)[:LATEST]],
    }
    return page(request, "exports/load.html", context, status=status)
