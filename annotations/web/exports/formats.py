"""An export in the formats of other tools: what each loses, and the file, made as it is sent or, where
its first byte needs all lines, before."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

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
from annotations.exchange.handing_out import Expired, attachment, handed
from annotations.exchange.handlers import start_converting
from annotations.exchange.losing import sentence
from annotations.exchange.making import TakesLong, counted, made_soon, needs_making
from annotations.exchange.models import Export
from annotations.exchange.ranges import watched
from annotations.exchange.refusals import REFUSED, answer_to, no_space, refusal_of
from annotations.exchange.writers.losses import Part, Where
from annotations.history.services import record
from annotations.web.exports import presenters
from annotations.web.exports.options import groups_of
from annotations.web.exports.private import Response, answered, kept_in
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other


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
    about: dict[str, object] = {
        "campaign": export.campaign,
        "export": export,
        "writer": writer,
        "groups": groups_of(writer, asked),
        "query": request.GET.urlencode(),
    }
    try:
        about["job"] = job = presenters.converting_under_way(export, format, asked)
        if job and job.live:
            return page(request, "exports/format.html", about | {"is_to_come": True})
        lost = _counted(export, format, asked).report.lost
    except TakesLong:
        return page(request, "exports/format.html", about | {"is_to_come": True})
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
        converted = counted(export, format, request.GET.dict())
    except FileNotFoundError:
        raise Http404 from None
    except REFUSED as error:
        return _refusal(error)
    response = JsonResponse(converted.document(), json_dumps_params={"ensure_ascii": False})
    return _attached(response, f"{name_of(presenters.file_name(export), writer)}.losses.json")


@require_safe
@may(policy.DOWNLOAD)
def download(request: HtmxRequest, export: Export, format: str) -> HttpResponseBase:
    """The file; a snapshot that is damaged is refused before its first byte, and so is what would break
    by then. Choices that make no sense lead back to their form, and so does a file that is not made yet
    and takes a while."""
    _writer(export, format)
    try:
        if needs_making(format):
            return _made(request, export, format)
        return _written(request, export, format)
    except (BadOption, TooMany, TakesLong):
        return _to_form(request, export, format, request.GET.dict())
    except FileNotFoundError:
        raise Http404 from None
    except REFUSED as error:
        return _refusal(error)


@require_POST
@may(policy.DOWNLOAD)
def make(request: HtmxRequest, export: Export, format: str) -> HttpResponse:
    """The file with these options is being made, if it has to be."""
    _writer(export, format)
    words = request.POST.dict()
    words.pop("csrfmiddlewaretoken", None)
    try:
        if needs_making(format):
            start_converting(export, format, words, by=request.user)
    except FileNotFoundError:
        raise Http404 from None
    except REFUSED:
        pass  # the form says why
    return _to_form(request, export, format, words)


@require_safe
@may(policy.DOWNLOAD)
def progress(request: HtmxRequest, export: Export, format: str) -> HttpResponse:
    """The fragment asks for itself while the job lives; after it, the page has news to show."""
    try:
        job = presenters.converting_under_way(export, format, request.GET.dict())
    except (*REFUSED, FileNotFoundError):
        job = None
    if job is None or not job.live:
        return HttpResponseClientRefresh()
    about = {"export": export, "format": format, "job": job, "query": request.GET.urlencode()}
    return fragment(request, "exports/_converting.html", about | {"campaign": export.campaign})


def _made(request: HtmxRequest, export: Export, format: str) -> HttpResponseBase:
    """The file that was made, or is made in no time, or the range of it that is asked for."""
    found = made_soon(export, format, request.GET.dict())
    writer = found.converted.writer
    wish = presenters.wish_of(request, export, name_of(presenters.file_name(export), writer))
    told = handed(found.path, found.kept, writer.media_type, wish)
    if told.is_beginning:
        _note(request, export, writer)
    return answered(told)


def _written(request: HtmxRequest, export: Export, format: str) -> HttpResponseBase:
    """The file, written while it is sent."""
    converted = conversion(export, format, request.GET.dict())
    pieces = converted.begun() if request.method == "GET" else iter(())
    _note(request, export, converted.writer)
    allowed = partial(policy.may_still_download, request.user, export)
    response = StreamingHttpResponse(
        watched(pieces, allowed), content_type=converted.writer.media_type
    )
    return _attached(response, name_of(presenters.file_name(export), converted.writer))


def _note(request: HtmxRequest, export: Export, writer: Writer) -> None:
    if request.method == "GET":
        about: dict[str, object] = {"campaign": export.campaign.slug, "format": writer.key}
        if writer.chosen:
            about["options"] = dict(writer.chosen)
        record("export.downloaded", export, by=request.user, **about)


def _to_form(
    request: HtmxRequest, export: Export, format: str, words: Mapping[str, str]
) -> HttpResponse:
    asked = reverse("export_format", args=[export.campaign.slug, export.pk, format])
    query = urlencode(words)
    return see_other(request, f"{asked}?{query}" if query else asked)


def _refusal(error: Exception) -> HttpResponse:
    answer = answer_to(error)
    return JsonResponse(answer.payload, status=answer.status)


def _writer(export: Export, format: str) -> Writer:
    known = {**WRITERS, **ABSENT}
    if format not in known or not export.has_file:
        raise Http404
    return known[format]


def _counted(export: Export, format: str, words: Mapping[str, str]) -> Conversion:
    """With its report complete. Raises TakesLong where that has to be waited for."""
    try:
        if needs_making(format):
            return made_soon(export, format, words).converted
        return counted(export, format, words)
    except FileNotFoundError:
        raise Http404 from None


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = attachment(name)
    return kept_in(response)
