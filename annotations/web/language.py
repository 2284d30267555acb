"""The language of the screens: kept in a cookie for the browser, and with the account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from annotations.accounts.models import User
from annotations.web.http import safe_next, see_other

YEAR = 31_536_000


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Every page from here on is in the language chosen; back to where the choice was made."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = see_other(request, safe_next(request))
    return with_language(response, language)


def with_language(response: HttpResponse, language: str) -> HttpResponse:
    """The browser will ask for pages in `language`."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def in_their_language(response: HttpResponse, user: User) -> HttpResponse:
    """The same for a person who chose a language once, on whatever browser."""
    return with_language(response, user.language) if user.language else response
