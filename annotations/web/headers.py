"""Headers that stand on every answer beside the content policy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=(), clipboard-write=(self)",
}
OPENER = "Cross-Origin-Opener-Policy"
_OPENED_BY_US = frozenset({"none", "same-origin"})


class MoreHeaders:
    """No other site embeds what we answer, no page of ours may use a device, and no site that opened
    one keeps a hold on it.

    That last header makes a browser begin again in a new process once it has read it: in a new tab
    anything is seen two to three times as late. So it stands where it protects: not where the browser
    says that no other site had a part in it (an address that was typed or kept, a page of ours).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.headers.get("Sec-Fetch-Site") not in _OPENED_BY_US:
            response.headers.setdefault(OPENER, "same-origin")
        return response
