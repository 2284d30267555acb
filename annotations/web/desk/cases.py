"""The cases that an adjudicator settles at the desk."""

import msgspec
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from annotations import policy
from annotations.adjudication.queries import cases_of
from annotations.assignments.models import Assignment
from annotations.web.guards import may_json
from annotations.web.http import HtmxRequest


@require_GET
@may_json(policy.SETTLE)
def cases(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Where the layers of the article differ, in how many versions each, and who has which."""
    found = msgspec.json.encode(cases_of(assignment))
    return HttpResponse(found, content_type="application/json")
