"""An export in the formats of other tools: what each loses, and the file, made as it is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.exchange.converting import (
    ABSENT,
    WRITERS,
    BadOption,
    Conversion,
    NoSpace,
    NoTexts,
    NotInstalled,
    TooMany,
    Unreadable,
    Untrue,
    Writer,
    conversion,
    name_of,
)
from annotations.exchange.handing_out import Expired, attachment
from annotations.exchange.losing import sentence
from annotations.exchange.models import Export
from annotations.exchange.refusals import REFUSED, answer_to, no_space, refusal_of
from annotations.exchange.writers.losses import Part, Where
from annotations.history.services import record
from annotations.web.exports.options import groups_of
from annotations.web.exports.presenters import file_name
from annotations.web.exports.private import Response, kept_in
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other


@dataclass(frozen=True, slots=True)
class LossRow:
    """One kind of loss: what it means, how often, and where it is first."""

    meaning: str
    count: int
    places: list[Where]


@require_safe
@may(policy.DOWNLOAD)
def show(request: HtmxRequest, export: Export, format: str) -> HttpResponse:
    """What the format loses of this export, counted by writing all of it, and the way to it; where the
    format has choices, these, with what the address says of them."""
    writer, asked = _writer(export, format), request.GET.dict()
    about = {
        "campaign": export.campaign,
        "export": export,
        "writer": writer,
        "groups": groups_of(writer, asked),
        "query": request.GET.urlencode(),
    }
    try:
        lost = _conversion(export, format, asked).losses().lost
    except (BadOption, TooMany) as error:
        refused = about | {"refusal": refusal_of(error)}
        return page(request, "exports/format.html", refused, status=422)
    except Expired:
        raise Http404 from None
    except NoTexts as missing:
        return page(request, "exports/format.html", about | {"without_texts": missing})
    except NotInstalled as error:
        return page(request, "exports/format.html", about | {"refusal": error}, status=501)
    except NoSpace:
        refused = about | {"refusal": no_space()}
        return page(request, "exports/format.html", refused, status=507)
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
        converted = _conversion(export, format, request.GET.dict())
        converted.losses()
    except REFUSED as error:
        return _refusal(error)
    response = JsonResponse(converted.document(), json_dumps_params={"ensure_ascii": False})
    return _attached(response, f"{name_of(file_name(export), writer)}.losses.json")


@require_safe
@may(policy.DOWNLOAD)
def download(request: HtmxRequest, export: Export, format: str) -> HttpResponseBase:
    """The file, written while it is sent; a snapshot that is damaged is refused before, and so is
    what would break before the first byte. Choices that make no sense lead back to their form."""
    writer = _writer(export, format)
    pieces: Iterator[bytes] = iter(())
    try:
        converted = _conversion(export, format, request.GET.dict())
        if request.method == "GET":
            pieces = converted.begun()
    except (BadOption, TooMany):
        asked = reverse("export_format", args=[export.campaign.slug, export.pk, format])
        return see_other(request, f"{asked}?{request.GET.urlencode()}")
    except REFUSED as error:
        return _refusal(error)
    if request.method == "GET":
        about: dict[str, object] = {"campaign": export.campaign.slug, "format": writer.key}
        if converted.writer.chosen:
            about["options"] = dict(converted.writer.chosen)
        record("export.downloaded", export, by=request.user, **about)
    response = StreamingHttpResponse(pieces, content_type=writer.media_type)
    return _attached(response, name_of(file_name(export), writer))


def _refusal(error: Exception) -> HttpResponse:
    answer = answer_to(error)
    return JsonResponse(answer.payload, status=answer.status)


def _writer(export: Export, format: str) -> Writer:
    known = {**WRITERS, **ABSENT}
    if format not in known or not export.has_file:
        raise Http404
    return known[format]


def _conversion(export: Export, format: str, words: Mapping[str, str]) -> Conversion:
    try:
        return conversion(export, format, words)
    except FileNotFoundError:
        raise Http404 from None


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = attachment(name)
    return kept_in(response)
