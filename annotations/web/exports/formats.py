"""An export in the formats of other tools: what each loses, and the file, made as it is sent."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.exchange.converting import (
    WRITERS,
    Conversion,
    Unreadable,
    Untrue,
    conversion,
    name_of,
)
from annotations.exchange.losing import sentence
from annotations.exchange.models import Export
from annotations.exchange.writers.losses import Where
from annotations.history.services import record
from annotations.web.exports.presenters import file_name
from annotations.web.exports.private import Response, kept_in
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, refusal


@dataclass(frozen=True, slots=True)
class LossRow:
    """One kind of loss: what it means, how often, and where it is first."""

    meaning: str
    count: int
    places: list[Where]


@require_safe
@may(policy.DOWNLOAD)
def show(request: HtmxRequest, export: Export, format: str) -> HttpResponse:
    """What the format loses of this export, counted by writing all of it, and the way to it."""
    converted = _conversion(export, format)
    try:
        report = converted.losses()
    except (Untrue, Unreadable) as error:
        return page(request, "exports/format.html", _about(export, converted) | {"error": error})
    rows = [LossRow(sentence(part), lost.count, lost.places) for part, lost in report.lost.items()]
    return page(request, "exports/format.html", _about(export, converted) | {"losses": rows})


@require_safe
@may(policy.DOWNLOAD)
def losses(request: HtmxRequest, export: Export, format: str) -> HttpResponse:
    """The same as a file."""
    converted = _conversion(export, format)
    try:
        converted.losses()
    except (Untrue, Unreadable) as error:
        return refusal(str(error), error="damaged", status=409)
    response = JsonResponse(converted.document(), json_dumps_params={"ensure_ascii": False})
    return _attached(response, f"{name_of(file_name(export), converted.writer)}.losses.json")


@require_safe
@may(policy.DOWNLOAD)
def download(request: HtmxRequest, export: Export, format: str) -> HttpResponseBase:
    """The file, written while it is sent. Where a line turns out to be wrong the connection is
    broken off, so that nobody takes a part for the whole."""
    converted = _conversion(export, format)
    writer = converted.writer
    pieces = converted.pieces() if request.method == "GET" else iter(())
    response = StreamingHttpResponse(pieces, content_type=writer.media_type)
    if request.method == "GET":
        record(
            "export.downloaded",
            export,
            by=request.user,
            campaign=export.campaign.slug,
            format=writer.key,
        )
    return _attached(response, name_of(file_name(export), writer))


def _conversion(export: Export, format: str) -> Conversion:
    if format not in WRITERS or not export.finished_at:
        raise Http404
    try:
        return conversion(export, format)
    except FileNotFoundError:
        raise Http404 from None


def _about(export: Export, converted: Conversion) -> dict[str, object]:
    return {"campaign": export.campaign, "export": export, "writer": converted.writer}


def _attached(response: Response, name: str) -> Response:
    """The name is made of a slug, a moment and a key: nothing in it needs a quotation mark."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return kept_in(response)
