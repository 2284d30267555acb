"""Files for one person's eyes."""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

SANDBOX = "sandbox; default-src 'none'"

Response = TypeVar("Response", bound=HttpResponseBase)


def kept_in(response: Response) -> Response:
    """No cache keeps the file for another person, and no browser runs anything in it."""
    patch_cache_control(response, private=True, no_cache=True)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
