"""An export in the formats of other tools: what each loses, and the file, made as it is sent."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.exchange.converting import (
    WRITERS,
    Conversion,
    NoTexts,
    Unreadable,
    Untrue,
    conversion,
    name_of,
)
from annotations.exchange.handing_out import attachment
from annotations.exchange.losing import sentence
from annotations.exchange.models import Export
from annotations.exchange.writers.losses import Part, Where
from annotations.exchange.writers.shape import Writer
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
    about = {"campaign": export.campaign, "export": export, "writer": _writer(export, format)}
    try:
        lost = _conversion(export, format).losses().lost
    except NoTexts as refused:
        return page(request, "exports/format.html", about | {"refused": refused})
    except (Untrue, Unreadable) as error:
        return page(request, "exports/format.html", about | {"error": error})
    rows = [
        LossRow(sentence(part), lost[part].count, lost[part].places)
        for part in Part
        if part in lost
    ]
    return page(request, "exports/format.html", about | {"losses": rows})


@require_safe
@may(policy.DOWNLOAD)
def losses(request: HtmxRequest, export: Export, format: str) -> HttpResponse:
    """The same as a file."""
    writer = _writer(export, format)
    try:
        converted = _conversion(export, format)
        converted.losses()
    except NoTexts as refused:
        return refusal(str(refused), error="no_texts", status=409)
    except (Untrue, Unreadable) as error:
        return refusal(str(error), error="damaged", status=409)
    response = JsonResponse(converted.document(), json_dumps_params={"ensure_ascii": False})
    return _attached(response, f"{name_of(file_name(export), writer)}.losses.json")


@require_safe
@may(policy.DOWNLOAD)
def download(request: HtmxRequest, export: Export, format: str) -> HttpResponseBase:
    """The file, written while it is sent; a snapshot that is damaged is refused before."""
    writer = _writer(export, format)
    try:
        pieces = _conversion(export, format).pieces()
    except NoTexts as refused:
        return refusal(str(refused), error="no_texts", status=409)
    except Unreadable as error:
        return refusal(str(error), error="damaged", status=409)
    if request.method != "GET":
        pieces = iter(())
    else:
        record(
            "export.downloaded",
            export,
            by=request.user,
            campaign=export.campaign.slug,
            format=writer.key,
        )
    response = StreamingHttpResponse(pieces, content_type=writer.media_type)
    return _attached(response, name_of(file_name(export), writer))


def _writer(export: Export, format: str) -> Writer:
    if format not in WRITERS or not export.has_file:
        raise Http404
    return WRITERS[format]


def _conversion(export: Export, format: str) -> Conversion:
    try:
        return conversion(export, format)
    except FileNotFoundError:
        raise Http404 from None


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = attachment(name)
    return kept_in(response)
