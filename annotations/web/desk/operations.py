"""The desk's door for every change of a layer."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from annotations import policy
from annotations.spans.protocol import operate, too_large
from annotations.web.guards import may_json
from annotations.web.http import HtmxRequest, said


@require_POST
@may_json(policy.SIGNED_IN)
def operations(request: HtmxRequest, assignment: int) -> HttpResponse:
    """Apply a batch of operations. Whose assignment it is, is asked by the statement that locks
    it: the fewest queries a save can cost."""
    try:
        answer = operate(assignment, request.body, by=request.user, settles=policy.SETTLE.allows)
    except RequestDataTooBig:
        answer = too_large()
    return said(answer)
