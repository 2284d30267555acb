"""Questions and answers: all that are a person's, one thread, a message, that it was read."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.assignments.models import Assignment
from annotations.conversation import protocol, services
from annotations.spans.protocol import Answer, too_large
from annotations.web.guards import may, may_json
from annotations.web.http import HtmxRequest, page, said, see_other
from annotations.web.questions import presenters


@require_safe
@may(policy.SIGNED_IN)
def show(request: HtmxRequest) -> HttpResponse:
    return page(request, "questions/page.html", {"threads": presenters.every(request.user)})


@require_safe
@may(policy.DISCUSS)
def thread(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    return _thread(request, assignment, _span(request.GET.get("span", "")))


@require_POST
@may(policy.DISCUSS)
def say(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Send what was written; where that cannot be, it stands in its field still, with the reason."""
    span = _span(request.POST.get("span", ""))
    key, seen = _uuid(request.POST.get("id", "")), _uuid(request.POST.get("seen", ""))
    if key is None:
        raise Http404
    draft = services.Draft(key, request.POST.get("text", ""), span, seen)
    try:
        services.say(assignment, draft, by=request.user)
    except services.Unsaid as unsaid:
        return _thread(request, assignment, span, draft=draft, fault=str(unsaid))
    messages.success(request, _("Sent."))
    return see_other(request, "questions")


@require_POST
@may(policy.DISCUSS)
def see(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """What was read waits no longer."""
    if (newest := _uuid(request.POST.get("seen", ""))) is not None:
        services.see(assignment, newest, by=request.user)
    return see_other(request, "questions")


@require_http_methods(["GET", "POST"])
@may_json(policy.DISCUSS)
def messages_of(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """The same for the desk, which stays where it is: all messages about a layer, or one more."""
    return said(_answer(request, assignment))


@require_POST
@may_json(policy.DISCUSS)
def mark(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """What was read there waits no longer."""
    return said(protocol.mark(assignment, request.body, by=request.user))


def _answer(request: HtmxRequest, layer: Assignment) -> Answer:
    if request.method == "GET":
        return protocol.read(layer, request.user)
    try:
        return protocol.write(layer, request.body, by=request.user)
    except RequestDataTooBig:
        return too_large()


def _thread(
    request: HtmxRequest,
    layer: Assignment,
    span: UUID | None,
    *,
    draft: services.Draft | None = None,
    fault: str = "",
) -> HttpResponse:
    """One thread. Raises Http404 where the layer never had such a span."""
    found = presenters.one(layer, span, request.user, draft=draft, fault=fault)
    if found is None:
        raise Http404
    status = 422 if fault else 200
    return page(request, "questions/page.html", {"threads": [found], "is_one": True}, status=status)


def _span(given: str) -> UUID | None:
    """The span that is named, none for the article. Raises Http404 for what is no id."""
    if not given:
        return None
    span = _uuid(given)
    if span is None:
        raise Http404
    return span


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
