"""The words of scripts: Django's catalogue of them under an address that names its content."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import get_supported_language_variant
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

YEAR = 31_536_000


def catalog_url() -> str:
    """The address of the catalogue in the active language; it changes with every change of words."""
    language = translation.get_language() or "en"
    return reverse("catalog", args=[language, _digest(language)])


@require_safe
def catalog(request: HttpRequest, language: str, digest: str) -> HttpResponse:
    """Answer with the catalogue of `language`; for ever when the address names this content."""
    try:
        known = get_supported_language_variant(language, strict=True)
    except LookupError:
        raise Http404 from None
    response = _render(known)
    if digest == _digest(known):
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response


SCRIPT = """{
const words = %s, form = (n) => Number(%s)
const said = (message) => words[message] ?? message
globalThis.gettext = (message) => [said(message)].flat()[0]
globalThis.ngettext = (one, many, count) => words[one]?.[form(count)] ?? (count === 1 ? one : many)
}
"""


class _Words(JavaScriptCatalog):
    """What `js/lib/words.js` asks for, and no more: Django's own script weighs a kilobyte."""

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        words = json.dumps(context["catalog"], ensure_ascii=False, separators=(",", ":"))
        script = SCRIPT % (words, context["plural"] or "n !== 1")
        return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _render(language: str) -> HttpResponse:
    asking, view = HttpRequest(), _Words()
    view.setup(asking)
    with translation.override(language):
        return view.get(asking)


@lru_cache(maxsize=8)
def _digest(language: str) -> str:
    return hashlib.sha256(_render(language).content).hexdigest()[:16]
