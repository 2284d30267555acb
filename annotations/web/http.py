"""What every screen answers with: a whole page, a fragment of one, or the way to another."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from annotations.accounts.models import User
from annotations.limits import LIMITS
from annotations.spans.protocol import Answer

Context = Mapping[str, Any]

Response = TypeVar("Response", bound=HttpResponseBase)

_FORM_BYTES = 1_048_576


class HtmxRequest(HttpRequest):
    """A request that passed the guards: its user is signed in."""

    user: User
    htmx: HtmxDetails


def page(
    request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200
) -> HttpResponse:
    """Return a whole page. No browser or proxy shows it again without asking first."""
    return private(render(request, template, dict(context or {}), status=status))


def fragment(
    request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200
) -> HttpResponse:
    """Return one element of a page, from a template whose name begins with ``_``."""
    name = template.rpartition("/")[2]
    if not name.startswith("_"):
        raise ValueError(f"{template} is a page, not a fragment")
    return private(render(request, template, dict(context or {}), status=status))


def see_other(request: HttpRequest, to: Any, *args: object, **kwargs: object) -> HttpResponse:
    """Send the browser to the named URL (or model, or path): also when htmx asked."""
    url = resolve_url(to, *args, **kwargs)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def refusal(message: str, *, error: str, status: int) -> JsonResponse:
    """Return the JSON a program gets when it is refused."""
    return JsonResponse({"error": error, "message": message}, status=status)


def said(answer: Answer) -> HttpResponse:
    """Return what a protocol answers a program with."""
    body = msgspec.json.encode(answer.payload)
    return HttpResponse(body, status=answer.status, content_type="application/json")


def is_oversized(request: HttpRequest) -> bool:
    """Whether the body of an upload says that it is larger than one may be, form and all."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > LIMITS.upload_bytes + _FORM_BYTES


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Return where ``next`` points if that is a path of this site, else `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    local = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if local else default


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: it sends JSON or accepts nothing but JSON."""
    accepted = request.headers.get("Accept", "")
    return request.content_type == "application/json" or accepted.startswith("application/json")


def private(response: Response) -> Response:
    """No browser or proxy shows it again without asking first, and none to anybody else."""
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
