"""The history of one's own layer, a page at a time."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from annotations import policy
from annotations.assignments.models import Assignment
from annotations.spans.chronicle import LAST, page_before
from annotations.spans.protocol import Answer
from annotations.web.guards import may_json
from annotations.web.http import HtmxRequest, refusal, said


@require_GET
@may_json(policy.LABEL)
def history(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """What was done in the layer, newest first; what ended before operation `before`, if given."""
    given = request.GET.get("before", str(LAST))
    if not given.isascii() or not given.isdecimal() or not 0 < len(given) <= len(str(LAST)):
        message = _("The history goes back by whole numbers only.")
        return refusal(message, error="malformed", status=400)
    page = page_before(assignment, min(int(given), LAST))
    return said(Answer(200, {"revision": page.revision, "groups": page.groups, "more": page.more}))
