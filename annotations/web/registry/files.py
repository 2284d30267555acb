"""Registries in files: out as JSONL or CSV; in by a look at what would happen, then by a button."""

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.exchange import registry_outgoing as outgoing
from annotations.exchange.registry_handlers import BRING, LOOK
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.registry.models import Registry
from annotations.web.guards import may
from annotations.web.http import (
    HtmxRequest,
    fragment,
    page,
    private,
    see_other,
)
from annotations.web.progress import shown
from annotations.web.uploads import taken

WRITERS: Mapping[str, tuple[Callable[[Registry], Iterator[bytes]], str]] = {
    "csv": (outgoing.csv, "text/csv; charset=utf-8"),
    "jsonl": (outgoing.jsonl, "application/x-ndjson"),
}


@require_safe
@may(policy.SEE_REGISTRY)
def export(request: HtmxRequest, registry: Registry, kind: str) -> HttpResponseBase:
    """All entities that are no proposals, as they stand."""
    if kind not in WRITERS:
        raise Http404
    writer, content_type = WRITERS[kind]
    response = StreamingHttpResponse(writer(registry), content_type=content_type)
    name = slugify(registry.name) or f"registry-{registry.pk}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return private(response)


# exempt here, and protected once the handler that writes the body to disk is in place
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_REGISTRY)
def choose(request: HtmxRequest, registry: Registry) -> HttpResponse:
    if request.method != "POST":
        return _form(request, registry)
    return taken(
        request,
        form=lambda error, status: _form(request, registry, error, status=status),
        start=lambda files: _started(request, registry, files),
    )


def _started(request: HtmxRequest, registry: Registry, files: list[dict[str, str]]) -> HttpResponse:
    if len(files) != 1:
        return _form(request, registry, _("Choose one file."), status=422)
    [file] = files
    if not file["name"].lower().endswith((".jsonl", ".ndjson", ".csv", ".tsv")):
        return _form(request, registry, _("Choose a file of JSONL or CSV."), status=422)
    return see_other(request, "registry_look", registry.pk, _look(request, registry, file).pk)


@transaction.atomic
def _look(request: HtmxRequest, registry: Registry, file: dict[str, str]) -> Job:
    args: dict[str, object] = {
        "registry": registry.pk,
        "file": file["id"],
        "name": file["name"],
    }
    return jobs.start(LOOK, args, by=request.user)


@require_safe
@may(policy.MANAGE_REGISTRY)
def look(request: HtmxRequest, registry: Registry, look: UUID) -> HttpResponse:
    """What the file would do, or did: nothing is changed before it is said so."""
    return page(request, "registry/look.html", _known(registry, _job(registry, look)))


@require_safe
@may(policy.MANAGE_REGISTRY)
def progress(request: HtmxRequest, registry: Registry, look: UUID) -> HttpResponse:
    """The fragment asks for itself again while the job lives; then the page is read anew."""
    job = _job(registry, look)
    response = fragment(request, "registry/_looking.html", _known(registry, job))
    if job.state == State.DONE:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@may(policy.MANAGE_REGISTRY)
def bring(request: HtmxRequest, registry: Registry, look: UUID) -> HttpResponse:
    looked = _job(registry, look)
    if looked.kind != LOOK or looked.state != State.DONE:
        raise Http404
    with transaction.atomic():
        job = jobs.start(BRING, looked.args, by=request.user, dedupe_key=f"{BRING}:{looked.pk}")
    return see_other(request, "registry_look", registry.pk, job.pk)


def _form(
    request: HtmxRequest, registry: Registry, error: str = "", *, status: int = 200
) -> HttpResponse:
    known = {"registry": registry, "error": error}
    return page(request, "registry/import.html", known, status=status)


def _job(registry: Registry, key: UUID) -> Job:
    job = Job.objects.filter(pk=key, kind__in=(LOOK, BRING), args__registry=registry.pk).first()
    if job is None:
        raise Http404
    return job


def _known(registry: Registry, job: Job) -> dict[str, object]:
    result = job.result or {}
    brings = any(result.get(what) for what in ("new", "changed", "names", "links"))
    return {
        "registry": registry,
        "job": shown(job),
        "name": job.args["name"],
        "result": job.result if job.state == State.DONE else None,
        "is_look": job.kind == LOOK,
        "brings": brings,
    }
