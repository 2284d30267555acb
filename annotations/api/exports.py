"""A campaign's finished exports, and their files in every format."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.api.door import door, not_found, refused
from annotations.assignments.models import Campaign
from annotations.exchange.choosing import refusal_of
from annotations.exchange.converting import (
    WRITERS,
    BadChoice,
    Conversion,
    NoSpace,
    TooMany,
    Unreadable,
    Untrue,
    conversion,
    name_of,
)
from annotations.exchange.models import Export
from annotations.exchange.store import path_of
from annotations.exchange.writers.options import Option, Options, options_of
from annotations.history.services import record
from annotations.spans.protocol import Answer

NEWEST = 100
OURS = "jsonl"
_REFUSED = (BadChoice, TooMany, NoSpace, Unreadable, Untrue)


@door("GET")
def exports(user: User, request: HttpRequest, campaign: str) -> Answer:
    """The newest finished exports of a campaign, the formats each can be had in, and what can be chosen
    of these."""
    found = Campaign.objects.filter(slug=campaign).first()
    if found is None or not policy.SEE_EXPORTS.allows(user, found):
        return not_found()
    rows = Export.objects.filter(campaign=found, finished_at__isnull=False).order_by(
        "-created_at", "pk"
    )[:NEWEST]
    choices = {key: _choices(writer.options) for key, writer in WRITERS.items() if writer.options}
    listed = {"exports": [_summary(row) for row in rows], "formats": [OURS, *WRITERS]}
    return Answer(200, listed | {"choices": choices})


@door("GET")
def file(
    user: User, request: HttpRequest, export: UUID, format: str
) -> Answer | StreamingHttpResponse:
    """The export in this format, written while it is sent; jsonl is the snapshot itself. The query
    has the choices of the format."""
    found = _readable(user, export)
    if found is None or format not in (OURS, *WRITERS):
        return not_found()
    words = request.GET.dict()
    try:
        ours = format == OURS
        response = _snapshot(found) if ours else _converted(conversion(found, format, words))
    except FileNotFoundError:
        return not_found()
    except _REFUSED as error:
        return _refused(error)
    slug = found.campaign.slug
    record("export.downloaded", found, by=user, campaign=slug, format=format)
    return response


@door("GET")
def losses(user: User, request: HttpRequest, export: UUID, format: str) -> Answer:
    """What the format has no room for, counted by writing all of it."""
    found = _readable(user, export)
    if found is None or format not in WRITERS:
        return not_found()
    try:
        converted = conversion(found, format, request.GET.dict())
        converted.losses()
    except FileNotFoundError:
        return not_found()
    except _REFUSED as error:
        return _refused(error)
    return Answer(200, converted.document())


def _choices(options: Options) -> dict[str, object]:
    """By key what is chosen if nothing is said, and all that could be."""
    return {key: _choice(option) for key, option in options_of(options.chosen).items()}


def _choice(option: Option) -> dict[str, object]:
    default = option.word(option.default)
    if option.between:
        return {"default": default, "least": option.between.least, "most": option.between.most}
    return {"default": default, "values": list(option.values) or None}


def _refused(error: Exception) -> Answer:
    if isinstance(error, BadChoice):
        return refused(400, "choice", refusal_of(error))
    if isinstance(error, TooMany):
        return refused(422, "too_many", refusal_of(error))
    if isinstance(error, NoSpace):
        return refused(507, "no_space", _("There is not enough space on the disk."))
    return refused(409, "damaged", str(error))


def _summary(export: Export) -> dict[str, object]:
    return {
        "id": str(export.pk),
        "created_at": export.manifest["created_at"],
        "include_open": export.include_open,
        "sha256": bytes(export.sha256 or b"").hex(),
        "bytes": export.bytes,
        "counts": export.manifest["counts"],
    }


def _readable(user: User, export: UUID) -> Export | None:
    rows = Export.objects.select_related("campaign").filter(finished_at__isnull=False)
    found = rows.filter(pk=export).first()
    return found if found and policy.DOWNLOAD.allows(user, found) else None


def _snapshot(export: Export) -> StreamingHttpResponse:
    stream = path_of(bytes(export.sha256 or b"")).open("rb")
    name = f"{export.campaign.slug}.jsonl"
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/jsonl")


def _converted(converted: Conversion) -> StreamingHttpResponse:
    response = StreamingHttpResponse(converted.begun(), content_type=converted.writer.media_type)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name_of("export", converted.writer)}"'
    )
    return response
