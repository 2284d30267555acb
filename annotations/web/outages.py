"""When the database goes away in the middle of a request: once more, else a kind 503."""

import logging
from collections.abc import Callable

from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from annotations.web.http import wants_json

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = "2"


class DatabaseOutages:
    """Repeats a request whose connection had died, where a repeat cannot do anything twice:
    reads, and the operations of a layer (each carries its id). Others, and a second failure,
    are answered 503 with Retry-After, which the desk's queue waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if getattr(response, "connection_lost", False) and _may_repeat(request):
            response = self._get_response(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.warning("the database did not answer: %s", error)
        lost = connection.connection is None or connection.connection.closed
        connection.close_if_unusable_or_obsolete()
        response = unavailable(request)
        response.connection_lost = lost  # type: ignore[attr-defined]  # read above, on the way out
        return response


def _may_repeat(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") or request.path.endswith("/operations")


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer while the database is away: nothing was changed, try again soon."""
    message = _("The database does not answer just now. Nothing was lost; please try again.")
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse({"error": "unavailable", "message": message}, status=503)
    else:
        response = render(request, "503.html", {"message": message}, status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response
