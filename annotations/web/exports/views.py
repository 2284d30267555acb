"""A campaign's exports: the list, a new one, and the files. Every request asks the policy anew."""

from typing import BinaryIO, cast

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.exchange.manifest import companions
from annotations.exchange.models import Export
from annotations.exchange.store import path_of
from annotations.history.services import record
from annotations.web.exports import presenters
from annotations.web.exports.private import kept_in
from annotations.web.exports.ranges import Slice, Span, Unsatisfiable, asked
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other

PER_PAGE = 20


@require_safe
@may(policy.SEE_EXPORTS)
def show(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    numbered = Paginator(presenters.finished(campaign), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "exports": [presenters.row(export) for export in numbered],
        "page": numbered,
        "job": presenters.export_under_way(campaign),
        "may_load": policy.MANAGE_CAMPAIGN.allows(request.user, campaign),
    }
    return page(request, "exports/page.html", context)


@require_POST
@may(policy.EXPORT)
def make(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    presenters.start_export(campaign, include_open="include_open" in request.POST, by=request.user)
    return see_other(request, "exports", campaign.slug)


@require_safe
@may(policy.SEE_EXPORTS)
def progress(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The fragment asks for itself while the job lives; after it, the page has news to show."""
    job = presenters.export_under_way(campaign)
    if job is None or not job.live:
        return HttpResponseClientRefresh()
    return fragment(request, "exports/_running.html", {"campaign": campaign, "job": job})


@require_safe
@may(policy.DOWNLOAD)
def download(request: HtmxRequest, export: Export) -> HttpResponse:
    """The file, or the range of it that a broken download goes on with."""
    stream = _opened(export)
    size, tag = export.bytes or 0, f'"{bytes(export.sha256 or b"").hex()}"'
    try:
        span = asked(_wanted(request, tag), size)
    except Unsatisfiable:
        stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if request.method == "GET" and (span is None or span.start == 0):
        record("export.downloaded", export, by=request.user, campaign=export.campaign.slug)
    return _file(export, stream, span, size, tag)


def _opened(export: Export) -> BinaryIO:
    try:
        return path_of(bytes(export.sha256 or b"")).open("rb")
    except FileNotFoundError:
        raise Http404 from None


def _wanted(request: HtmxRequest, tag: str) -> str:
    """The Range header, if it holds for this very file."""
    return request.headers.get("Range", "") if request.headers.get("If-Range", tag) == tag else ""


def _file(export: Export, stream: BinaryIO, span: Span | None, size: int, tag: str) -> HttpResponse:
    part = Slice(stream, span or Span(0, size))
    response = FileResponse(
        part,
        as_attachment=True,
        filename=presenters.file_name(export),
        content_type="application/jsonl",
        status=206 if span else 200,
    )
    response["Content-Length"] = span.end - span.start if span else size
    if span:
        response["Content-Range"] = span.header(size)
    response["Accept-Ranges"] = "bytes"
    response["Content-Encoding"] = "identity"  # packed on its way, it could not go on at a byte
    response["ETag"] = tag
    return kept_in(cast("HttpResponse", response))  # streamed: only a base in common


@require_safe
@may(policy.DOWNLOAD)
def beside(request: HtmxRequest, export: Export, what: str) -> HttpResponse:
    """A file beside the export: its manifest, schema, data card or checksum."""
    if what not in presenters.BESIDE or not export.finished_at:
        raise Http404
    name = presenters.file_name(export)
    response = HttpResponse(
        companions(export, name)[f".{what}"], content_type=presenters.BESIDE[what][1]
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.{what}"'
    return kept_in(response)
