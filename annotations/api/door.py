"""Who knocks: the bearer token of a request, and the JSON every answer is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from annotations.accounts.models import User
from annotations.accounts.services import user_of_token
from annotations.spans.protocol import Answer, too_large

View = Callable[..., Answer | StreamingHttpResponse]


def door(*methods: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """The view is called with the user whose token the request carries, for these methods.

    401 without a good token, 405 for another method, 413 for a body too large. No cookie is
    ever looked at, so no other site can make a browser act here.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **words: Any) -> HttpResponseBase:
            user = _user(request)
            answer: Answer | StreamingHttpResponse
            if user is None:
                answer = refused(401, "signed_out", _("A bearer token is needed."))
            elif request.method not in methods:
                answer = refused(405, "method", _("This address does not do that."))
            else:
                answer = _asked(view, user, request, words)
            return _said(answer, methods)

        return guarded

    return decorate


def refused(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"error": error, "message": message})


def not_found() -> Answer:
    return refused(404, "not_found", _("There is no such thing here."))


def body_of(request: HttpRequest, shape: type[Any]) -> Any:
    """The request's body as `shape`. Raises msgspec.MsgspecError where it is not one."""
    return msgspec.json.decode(request.body or b"{}", type=shape)


def _asked(
    view: View, user: User, request: HttpRequest, words: dict[str, Any]
) -> Answer | StreamingHttpResponse:
    try:
        return view(user, request, **words)
    except RequestDataTooBig:
        return too_large()
    except (msgspec.MsgspecError, RecursionError) as error:
        return refused(400, "malformed", str(error))


def _user(request: HttpRequest) -> User | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    return user_of_token(token.strip())


def _said(
    answer: Answer | StreamingHttpResponse, methods: tuple[str, ...]
) -> HttpResponse | StreamingHttpResponse:
    if isinstance(answer, StreamingHttpResponse):
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    body = b"" if answer.status == 204 else msgspec.json.encode(answer.payload)
    response = HttpResponse(body, status=answer.status, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    if answer.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if answer.status == 405:
        response["Allow"] = ", ".join(methods)
    return response
