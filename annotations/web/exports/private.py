"""Files for one person's eyes."""

from typing import TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from annotations.exchange.handing_out import Handed

SANDBOX = "sandbox; default-src 'none'"


def answered(told: Handed) -> HttpResponseBase:
    """The file, or the range of it, as an answer."""
    if told.stream is None:
        return HttpResponse(status=told.status, headers=told.headers)
    return kept_in(FileResponse(told.stream, status=told.status, headers=told.headers))


Response = TypeVar("Response", bound=HttpResponseBase)


def kept_in(response: Response) -> Response:
    """No cache keeps the file for another person, and no browser runs anything in it."""
    patch_cache_control(response, private=True, no_cache=True)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
