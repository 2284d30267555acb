"""What a browser sees when Django itself refuses a form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from annotations.web.http import refusal, wants_json


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 and say what to do; `reason` is for the log, which Django writes itself."""
    message = _(
        "This form was too old or came from another site. Please go back, reload, and try again."
    )
    if wants_json(request):
        return refusal(message, error="csrf", status=403)
    return render(request, "403.html", {"exception": message}, status=403)
