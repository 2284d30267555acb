"""The guards at the doors: who is signed out signs in first, who is a stranger learns nothing.

`@may(policy.X)` reads the thing that the URL names (`<slug:campaign>`, `<int:assignment>`, ...),
asks the policy, and hands the view the thing itself. Things that are not there and things that
are not yours answer alike: 404. An action on no thing at all answers 403 with a reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django_htmx.http import HttpResponseClientRedirect

from annotations.accounts.models import User
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article, Corpus, Membership
from annotations.exchange.models import Export
from annotations.jobs.models import Job
from annotations.policy import Action
from annotations.prepared.rows import OneRow
from annotations.registry.models import Entity, Registry
from annotations.web.http import refusal, wants_json

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Thing:
    """How a thing is read by the words of its URL: its own word, and those of its parents."""

    rows: OneRow[Any]
    by: Mapping[str, str]


THINGS: Mapping[str, Thing] = {
    "corpus": Thing(OneRow(Corpus, "registry"), {"corpus": "slug"}),
    "article": Thing(OneRow(Article, "corpus"), {"article": "pk", "corpus": "corpus__slug"}),
    "campaign": Thing(
        OneRow(Campaign, "corpus", "schema"), {"campaign": "slug", "corpus": "corpus__slug"}
    ),
    "assignment": Thing(
        # the schema's document is long, and every process knows it already (schema.services.spec_of)
        OneRow(Assignment, "campaign", "corpus", "schema", "article", without=["schema__spec"]),
        {"assignment": "pk", "campaign": "campaign__slug"},
    ),
    "run": Thing(
        OneRow(AgreementRun, "campaign", "campaign__corpus"),
        {"run": "pk", "campaign": "campaign__slug"},
    ),
    "export": Thing(
        OneRow(Export, "campaign", "campaign__corpus"),
        {"export": "pk", "campaign": "campaign__slug"},
    ),
    "registry": Thing(OneRow(Registry), {"registry": "pk"}),
    "entity": Thing(OneRow(Entity, "registry"), {"entity": "uuid", "registry": "registry"}),
    "job": Thing(OneRow(Job), {"job": "pk"}),
    "member": Thing(OneRow(Membership, "corpus"), {"member": "pk"}),
    "person": Thing(OneRow(User), {"person": "pk"}),
}


def may(action: Action[Any]) -> Callable[[View], View]:
    """Let the view run only for who may do `action`; a signed-out person signs in first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **words: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            return view(request, **admitted(request.user, action, words))

        guarded.action = action  # type: ignore[attr-defined]  # read by the test of all doors
        return guarded

    return decorate


def may_json(action: Action[Any]) -> Callable[[View], View]:
    """The same for a program's door: 401, 404 and 403 as JSON, and 401 before any CSRF refusal."""

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **words: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return refusal(_("Please sign in."), error="signed_out", status=401)
            try:
                known = admitted(request.user, action, words)
            except Http404:
                return refusal(_("There is no such thing here."), error="not_found", status=404)
            return protected(request, **known)

        guarded.action = action  # type: ignore[attr-defined]  # read by the test of all doors
        return guarded

    return decorate


def admitted(user: User, action: Action[Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the view's arguments: the URL's words with the thing in the place of its name.

    Raises Http404 for a thing that is missing, belongs to another parent, or may not be known;
    PermissionDenied for an action on nothing that this user's role does not include.
    """
    if not action.on:
        if not action.allows(user, None):
            raise PermissionDenied
        return dict(words)
    thing = _named(action.on, words)
    if thing is None or not action.allows(user, thing):
        raise Http404
    return {word: value for word, value in words.items() if word not in THINGS[action.on].by} | {
        action.on: thing
    }


def _named(kind: str, words: Mapping[str, Any]) -> Model | None:
    thing = THINGS[kind]
    asked = {field: words[word] for word, field in thing.by.items() if word in words}
    found: Model | None = thing.rows.find(**asked)
    return found


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return refusal(_("Please sign in."), error="signed_out", status=401)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(sign_in_url(_page_of(request)))
    return HttpResponseRedirect(sign_in_url(request.get_full_path()))


def sign_in_url(back_to: str) -> str:
    """The sign-in page, with the way back."""
    return f"{reverse('account_login')}?{urlencode({'next': back_to})}"


def _page_of(request: Any) -> str:
    """The page an htmx request came from, as a path."""
    return request.htmx.current_url_abs_path or "/"
