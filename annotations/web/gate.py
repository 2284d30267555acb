"""The gate of the web: no form field and no query holds what a text may not hold."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from annotations.text.gate import refusal as refused_character
from annotations.web.http import refusal, wants_json

View = Callable[..., HttpResponse]


class TextGate:
    """Answers 400 before the view runs. Doors for programs (csrf_exempt) gate their JSON
    themselves; what slips through anywhere and the database refuses as text is a 400 as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse the request whose query, or whose form, holds a character no text may hold."""
        sent = [request.GET] if getattr(view, "csrf_exempt", False) else [request.GET, request.POST]
        return refuse(request) if any(_unfit(query) for query in sent) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a text that the database or the encoder refused into a 400."""
        return refuse(request) if isinstance(error, DataError | UnicodeEncodeError) else None


def refuse(request: HttpRequest) -> HttpResponse:
    """Return 400 with a sentence, as a page or as JSON."""
    message = _("Something you sent holds a character that no text may hold.")
    if wants_json(request):
        return refusal(message, error="text", status=400)
    return render(request, "400.html", {"message": message}, status=400)


def _unfit(query: QueryDict) -> bool:
    return any(
        refused_character(text) for name, values in query.lists() for text in (name, *values)
    )
