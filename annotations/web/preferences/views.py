"""A person's preferences: a page that works as a form, and a door where scripts change a few."""

import msgspec
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from annotations import policy
from annotations.accounts.preferences import Refused
from annotations.accounts.services import prefer
from annotations.web import reading
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, refusal, see_other

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a form field


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
@may(policy.SIGNED_IN)
def preferences(request: HtmxRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request)
    return (change if request.content_type == "application/json" else save)(request)


def show(request: HtmxRequest, *, status: int = 200) -> HttpResponse:
    preferred = request.user.preferred
    known = {
        "look": reading.asked([reading.THEME], preferred),
        "article": reading.asked(reading.ARTICLE, preferred),
        "motion": reading.asked([reading.MOTION], preferred),
        "single_keys": reading.asked([reading.SINGLE_KEYS], preferred),
        "state": msgspec.to_builtins(preferred),
    }
    return page(request, "preferences/page.html", known, status=status)


def save(request: HtmxRequest) -> HttpResponse:
    """The answers of the form count, and the page says so."""
    told = {name: value for name, value in request.POST.items() if name != TOKEN}
    try:
        prefer(request.user, told, lax=True)
    except Refused as refused:
        messages.error(request, _in_words(refused))
        return show(request, status=422)
    messages.success(request, _("Your preferences are kept."))
    return see_other(request, "preferences")


def change(request: HtmxRequest) -> HttpResponse:
    """These preferences change, the others stay; answers with all of them. What a page of
    somebody else sends (`of` names them) is not for the one who is signed in now."""
    if request.GET.get("of", str(request.user.pk)) != str(request.user.pk):
        return refusal(_("Please sign in."), error="signed_out", status=401)
    try:
        after = prefer(request.user, msgspec.json.decode(request.body))
    except RequestDataTooBig:
        return refusal(_("This is too much for preferences."), error="too_large", status=413)
    except msgspec.DecodeError:
        return refusal(_("The request holds no JSON."), error="malformed", status=400)
    except Refused as refused:
        return refusal(_in_words(refused), error="preference", status=422)
    return JsonResponse({"preferences": msgspec.to_builtins(after)})


def _in_words(refused: Refused) -> str:
    sentence = _(refused.message) % refused.details
    return _("%(sentence)s Nothing was changed.") % {"sentence": sentence}
