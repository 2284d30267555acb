"""A campaign's finished exports, and their files in every format."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.api.door import body_of, door, not_found, refused
from annotations.assignments.models import Campaign
from annotations.exchange.choices.asking import BadChoice, check, choice_of
from annotations.exchange.comparison import Comparison, Unordered
from annotations.exchange.converting import (
    ABSENT,
    WRITERS,
    Conversion,
    Unreadable,
    conversion,
    name_of,
)
from annotations.exchange.handing_out import Handed, Wish, attachment, handed, handed_out
from annotations.exchange.handlers import EXPORT, export_key, start_converting
from annotations.exchange.making import counted, made, make, needs_making
from annotations.exchange.models import Export
from annotations.exchange.ranges import watched
from annotations.exchange.refusals import REFUSED, answer_to
from annotations.exchange.store import path_of
from annotations.exchange.writers.options import Option, Options, options_of
from annotations.history.services import record
from annotations.jobs import services as jobs
from annotations.spans.protocol import Answer

NEWEST = 100
OURS = "jsonl"


@door("GET", "POST")
def exports(user: User, request: HttpRequest, campaign: str) -> Answer:
    """GET: the newest exports of a campaign, the formats each can be had in, and the options of
    these. POST: a new one of the choice that the body says, in the background; 202 names its job,
    422 says what there is not to choose."""
    found = Campaign.objects.select_related("corpus").filter(slug=campaign).first()
    action = policy.EXPORT if request.method == "POST" else policy.SEE_EXPORTS
    if found is None or not action.allows(user, found):
        return not_found()
    if request.method == "POST":
        return _ordered(user, found, body_of(request, dict[str, Any]))
    rows = Export.objects.select_related("campaign").filter(
        campaign=found, finished_at__isnull=False
    )
    newest = rows.order_by("-created_at", "pk")[:NEWEST]
    options = {key: _options(writer.options) for key, writer in WRITERS.items() if writer.options}
    listed = {"exports": [_summary(row) for row in newest], "formats": [OURS, *WRITERS]}
    return Answer(200, listed | {"options": options})


def _ordered(user: User, campaign: Campaign, document: dict[str, Any]) -> Answer:
    try:
        choice = choice_of(document)
        check(choice, campaign)
    except BadChoice as refusal:
        return refused(422, "choice", str(refusal))
    args: dict[str, object] = {"campaign": campaign.pk, "choice": choice.document()}
    job = jobs.start(EXPORT, args, by=user, dedupe_key=export_key(campaign, choice))
    return Answer(202, {"job": str(job.pk), "state": job.state, "choice": choice.document()})


@door("GET", "HEAD", "POST")
def file(
    user: User, request: HttpRequest, export: UUID, format: str
) -> Answer | StreamingHttpResponse:
    """The export in this format, written while it is sent. Of jsonl, which is the snapshot itself, and of
    formats that are made before (networks, dna) a range can be asked for. The query has the options of the
    format. GET waits until what is made before is made; POST does not: 202 names the job, 200 says that the
    file can be had at once."""
    found = _readable(user, export)
    if found is None or format not in (OURS, *WRITERS, *ABSENT):
        return not_found()
    words = request.GET.dict()
    try:
        if request.method == "POST":
            return _ordered_file(user, found, format, words)
        if format == OURS:
            wish = _wish(user, request, found, f"{found.campaign.slug}.jsonl")
            return _handed(user, request, found, format, handed_out(found, wish))
        if needs_making(format):
            return _made(user, request, found, format)
        response = _converted(user, found, conversion(found, format, words))
    except FileNotFoundError:
        return not_found()
    except REFUSED as error:
        return answer_to(error)
    _note(user, request, found, format)
    return response


@door("GET")
def losses(user: User, request: HttpRequest, export: UUID, format: str) -> Answer:
    """What the format has no room for, counted by writing all of it."""
    found = _readable(user, export)
    if found is None or format not in (*WRITERS, *ABSENT):
        return not_found()
    try:
        converted = counted(found, format, request.GET.dict())
    except FileNotFoundError:
        return not_found()
    except REFUSED as error:
        return answer_to(error)
    return Answer(200, converted.document())


def _options(options: Options) -> dict[str, object]:
    """By key what is chosen if nothing is said, and all that could be."""
    return {key: _option(option) for key, option in options_of(options.chosen).items()}


def _option(option: Option) -> dict[str, object]:
    default = option.word(option.default)
    if option.between:
        return {"default": default, "least": option.between.least, "most": option.between.most}
    return {"default": default, "values": list(option.values) or None}


@door("GET")
def difference(
    user: User, request: HttpRequest, export: UUID, other: UUID
) -> Answer | StreamingHttpResponse:
    """What changed from one export to the other, written while it is sent: both were read before, so
    that nothing breaks off."""
    before, after = _readable(user, export), _readable(user, other)
    if before is None or after is None:
        return not_found()
    if before.expired_at or after.expired_at:
        return refused(410, "expired", _("The file of one of these exports was removed."))
    compared = Comparison(_path(before), _path(after))
    try:
        for _change in compared.changes():
            pass
    except FileNotFoundError:
        return not_found()
    except (Unreadable, Unordered) as error:
        return refused(409, "damaged", str(error))
    compared.counts.clear()
    pieces = watched(
        compared.as_json(str(export), str(other)),
        lambda: all(policy.may_still_download(user, each) for each in (before, after)),
    )
    return StreamingHttpResponse(pieces, content_type="application/json")


def _path(export: Export) -> Path:
    return path_of(bytes(export.sha256 or b""))


def _note(user: User, request: HttpRequest, export: Export, format: str) -> None:
    if request.method == "GET":
        slug = export.campaign.slug
        record("export.downloaded", export, by=user, campaign=slug, format=format)


def _summary(export: Export) -> dict[str, object]:
    return {
        "id": str(export.pk),
        "created_at": export.manifest["created_at"],
        "include_open": export.manifest["include_open"],
        "choice": export.manifest.get("choice", {}),
        "expired_at": export.expired_at and export.expired_at.isoformat(),
        "sha256": bytes(export.sha256 or b"").hex(),
        "bytes": export.bytes,
        "counts": export.manifest["counts"],
    }


def _readable(user: User, export: UUID) -> Export | None:
    rows = Export.objects.select_related("campaign").filter(finished_at__isnull=False)
    found = rows.filter(pk=export).first()
    return found if found and policy.DOWNLOAD.allows(user, found) else None


def _ordered_file(user: User, export: Export, format: str, words: Mapping[str, str]) -> Answer:
    if not needs_making(format) or made(export, format, words):
        return Answer(200, {"ready": True})
    job = start_converting(export, format, words, by=user)
    return Answer(202, {"job": str(job.pk), "state": job.state})


def _made(user: User, request: HttpRequest, export: Export, format: str) -> StreamingHttpResponse:
    words = request.GET.dict()
    found = made(export, format, words) or make(export, format, words, lambda _read: None)
    writer = found.converted.writer
    wish = _wish(user, request, export, name_of("export", writer))
    told = handed(found.path, found.kept, writer.media_type, wish)
    return _handed(user, request, export, format, told)


def _wish(user: User, request: HttpRequest, export: Export, name: str) -> Wish:
    allowed = partial(policy.may_still_download, user, export)
    return Wish.told_by(request.method, request.headers, name, allowed)


def _handed(
    user: User, request: HttpRequest, export: Export, format: str, told: Handed
) -> StreamingHttpResponse:
    if told.stream is None:
        return StreamingHttpResponse((), status=told.status, headers=told.headers)
    if told.is_beginning:
        _note(user, request, export, format)
    return FileResponse(told.stream, status=told.status, headers=told.headers)


def _converted(user: User, export: Export, converted: Conversion) -> StreamingHttpResponse:
    pieces = watched(converted.begun(), partial(policy.may_still_download, user, export))
    response = StreamingHttpResponse(pieces, content_type=converted.writer.media_type)
    response.headers["Content-Disposition"] = attachment(name_of("export", converted.writer))
    return response
