"""The one-time link, and the password it lets one set."""

import time

from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from annotations import policy
from annotations.accounts import services as accounts
from annotations.accounts.models import SignInLink
from annotations.history.services import record
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.language import in_their_language

BACKEND = "annotations.accounts.backends.Backend"
MAY_SET_PASSWORD = "may_set_password_until"  # noqa: S105 - the name of a session key
MINUTES = 30


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask first, sign in on the button: a preview of the link must not use it up."""
    if request.method != "POST":
        found = accounts.open_link(secret)
        return page(request, "sign_in/link.html", {"link": found}, status=200 if found else 410)
    with transaction.atomic():
        used = accounts.use_link(secret)
        if used:
            record("signed-in-by-link", used.user, by=used.user, purpose=used.purpose)
    if used is None:
        return page(request, "sign_in/link.html", {"link": None}, status=410)
    return _enter(request, used)


def _enter(request: HttpRequest, link: SignInLink) -> HttpResponse:
    """Sign the link's person in under a new session, and on to a password if they need one."""
    request.session.flush()
    login(request, link.user, backend=BACKEND)
    if _needs_no_password(link):
        return in_their_language(see_other(request, "home"), link.user)
    request.session[MAY_SET_PASSWORD] = time.time() + MINUTES * 60
    return in_their_language(see_other(request, "new_password"), link.user)


def _needs_no_password(link: SignInLink) -> bool:
    return link.purpose == "demo" or (
        link.purpose == "invitation" and link.user.has_usable_password()
    )


@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.SIGNED_IN)
def new_password(request: HtmxRequest) -> HttpResponse:
    """Set a password without the old one: only for who has none, or just came by a link."""
    if not _may_set_password(request):
        raise PermissionDenied(_("To change your password, please give the old one."))
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            record("set-password", request.user, by=request.user)
        request.session.pop(MAY_SET_PASSWORD, None)
        update_session_auth_hash(request, request.user)
        return see_other(request, "home")
    status = 422 if form.is_bound else 200
    return page(request, "sign_in/new_password.html", {"form": form}, status=status)


def _may_set_password(request: HtmxRequest) -> bool:
    if not request.user.has_usable_password():
        return True
    until: float = request.session.get(MAY_SET_PASSWORD, 0)
    return time.time() < until
