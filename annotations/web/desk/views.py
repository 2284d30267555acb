"""The labelling desk: the page, its state, submitting, the next article."""

import msgspec
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST, require_safe

from annotations import policy
from annotations.accounts.models import User
from annotations.adjudication import services as adjudication
from annotations.adjudication.closing import check_whole, close
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Kind, Status
from annotations.spans.protocol import Answer, constraints
from annotations.web.desk.presenters import Desk
from annotations.web.growing import growing
from annotations.web.guards import may, may_json
from annotations.web.http import HtmxRequest, refusal, said, see_other


class Base(msgspec.Struct):
    """The revision that the client submits."""

    base: int


class Active(msgspec.Struct):
    """Seconds since the last report in which the person worked."""

    seconds: int


@require_safe
@ensure_csrf_cookie
@may(policy.LABEL)
def desk(request: HtmxRequest, assignment: Assignment) -> StreamingHttpResponse:
    if assignment.status == Status.WAITING:
        opened = assignments.open_own(assignment, request.user)
        assignment.status, assignment.revision = opened.status, opened.revision
    page = growing(request, "desk/_begin.html", {"desk": Desk(assignment, request.user)})
    # who goes back finds their last work: Firefox shows again, unasked, what it may keep at all
    patch_cache_control(page, no_store=True)
    return page


@require_GET
@may_json(policy.LABEL)
def state(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    content = Desk(assignment, request.user).state_json
    return HttpResponse(content, content_type="application/json")


@require_POST
@may_json(policy.LABEL)
def submit(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Close the layer as it stood at `base`; 422 with what is missing, each with its span."""
    try:
        base = msgspec.json.decode(request.body, type=Base).base
    except msgspec.MsgspecError:
        return refusal(_("The request names no revision."), error="malformed", status=400)
    return said(close(assignment.pk, base, by=request.user, settles=policy.SETTLE.allows))


@require_GET
@may_json(policy.LABEL)
def check(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Everything the schema's constraints find in the layer as it stands; of a gold one, what is
    not settled, too."""
    found = constraints(Desk(assignment, request.user).spec, check_whole(assignment))
    return said(Answer(200, {"constraints": found, "revision": assignment.revision}))


@require_POST
@may(policy.LABEL)
def next_article(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Go on with the next article of the campaign; when there is none, home, or where it is seen how
    far adjudication is."""
    following = _following(assignment, request.user)
    if following is None and assignment.kind == Kind.GOLD:
        messages.success(request, _("No other article is ready to be settled."))
        return see_other(request, "adjudication", assignment.campaign.slug)
    if following is None:
        messages.success(request, _("That was the last article of this campaign for now."))
        return see_other(request, "/")
    return see_other(request, "desk", following.pk)


def _following(assignment: Assignment, user: User) -> Assignment | None:
    """What a person does next in the campaign: settle again, or label again."""
    if assignment.kind == Kind.GOLD:
        return adjudication.claim_next(assignment.campaign, by=user)
    return assignments.claim_next(assignment.campaign, user)


@require_POST
@may(policy.LABEL)
def skip(request: HtmxRequest, assignment: Assignment) -> HttpResponseBase:
    """Set the article aside with a reason, and go on."""
    try:
        assignments.skip(assignment, reason=request.POST.get("reason", ""), by=request.user)
    except assignments.Impossible as impossible:
        messages.error(request, str(impossible))
        return see_other(request, "desk", assignment.pk)
    return next_article(request, assignment=assignment.pk)


@require_POST
@may_json(policy.LABEL)
def active(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Count the seconds a person worked since the last report."""
    try:
        seconds = msgspec.json.decode(request.body, type=Active).seconds
    except msgspec.MsgspecError:
        return refusal(_("The request names no seconds."), error="malformed", status=400)
    assignments.add_active_seconds(assignment.pk, request.user, seconds)
    return HttpResponse(status=204)
