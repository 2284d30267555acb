from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.accounts import services as accounts
from annotations.accounts.models import Role, User
from annotations.history.services import record
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.people import presenters
from annotations.web.people.forms import InviteForm, RoleForm


@require_safe
@may(policy.SEE_PEOPLE)
def everyone(request: HtmxRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = presenters.listing(request.user, query=query, number=request.GET.get("page"))
    corpora = policy.corpora_managed_by(request.user).order_by("name")
    context = {"page": found.page, "rows": found.rows, "query": query, "corpora": corpora}
    return page(request, "people/page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.INVITE)
def invite(request: HtmxRequest) -> HttpResponse:
    """Make the account and show its link, once: there is no page to see it on again."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method != "POST" or not form.is_valid():
        return _invitation(request, form)
    try:
        with transaction.atomic():
            person = accounts.invite(form.newcomer())
            record("person.invited", person, by=request.user, role=person.role)
            path = accounts.make_sign_in_link(person, "invitation", request.user)
    except accounts.Refused as refused:
        form.add_error(None, str(refused))
        return _invitation(request, form)
    return _link_once(request, person, path)


@require_safe
@may(policy.MANAGE_PERSON)
def show(request: HtmxRequest, person: User) -> HttpResponse:
    form = RoleForm(initial={"role": person.role}, by=request.user)
    return _person(request, person, form)


@require_POST
@may(policy.MANAGE_PERSON)
def change_role(request: HtmxRequest, person: User) -> HttpResponse:
    form = RoleForm(request.POST, by=request.user)
    if not form.is_valid():
        return _person(request, person, form)
    before, role = person.role, Role(form.cleaned_data["role"])
    with transaction.atomic():
        accounts.change_role(person, role)
        record("person.role-changed", person, by=request.user, before=before, after=role)
    messages.success(
        request, _("%(name)s is now: %(role)s.") % {"name": person, "role": role.label}
    )
    return see_other(request, "person", person.pk)


@never_cache
@require_POST
@may(policy.MANAGE_PERSON)
def new_link(request: HtmxRequest, person: User) -> HttpResponse:
    if not person.is_active:
        return see_other(request, "person", person.pk)
    with transaction.atomic():
        path = accounts.make_sign_in_link(person, "recovery", request.user)
        record("person.link-made", person, by=request.user)
    return _link_once(request, person, path)


@require_POST
@may(policy.MANAGE_PERSON)
def deactivate(request: HtmxRequest, person: User) -> HttpResponse:
    with transaction.atomic():
        accounts.deactivate(person)
        record("person.deactivated", person, by=request.user)
    messages.success(request, _("The account of %(name)s is closed.") % {"name": person})
    return see_other(request, "person", person.pk)


@never_cache
@require_POST
@may(policy.MANAGE_PERSON)
def reactivate(request: HtmxRequest, person: User) -> HttpResponse:
    """Open the account again; its password is gone, so a link comes with it."""
    with transaction.atomic():
        accounts.reactivate(person)
        record("person.reactivated", person, by=request.user)
        path = accounts.make_sign_in_link(person, "recovery", request.user)
    return _link_once(request, person, path)


def _invitation(request: HtmxRequest, form: InviteForm) -> HttpResponse:
    return page(request, "people/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def _person(request: HtmxRequest, person: User, form: RoleForm) -> HttpResponse:
    known = {"person": person, "form": form, "standing": presenters.standing(person)}
    return page(request, "people/person.html", known, status=422 if form.is_bound else 200)


def _link_once(request: HtmxRequest, person: User, path: str) -> HttpResponse:
    url = request.build_absolute_uri(path)
    return page(request, "people/link.html", {"person": person, "url": url})
