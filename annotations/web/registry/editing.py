"""The doors through which managers change a registry: each does one thing and shows the entity."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotations import policy
from annotations.registry import editing
from annotations.registry.models import Alias, Entity, EntityLink, Registry
from annotations.registry.queries import family
from annotations.registry.services import BadEntity
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.registry import choosing, entity_page
from annotations.web.registry.forms import EntityForm, LinkForm, NameForm


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_REGISTRY)
def new(request: HtmxRequest, registry: Registry) -> HttpResponse:
    form = EntityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            entity = editing.create(registry, form.description_told(), by=request.user)
        except BadEntity as bad:
            form.add_error(None, str(bad))
        else:
            return see_other(request, "entity", registry.pk, entity.uuid)
    known = {"form": form, "registry": registry}
    return page(request, "registry/new.html", known, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ENTITY)
def edit(request: HtmxRequest, entity: Entity) -> HttpResponse:
    form = EntityForm(request.POST) if request.method == "POST" else EntityForm.of(entity)
    if form.is_valid():
        try:
            editing.describe(entity, form.description_told(), by=request.user)
        except BadEntity as bad:
            form.add_error(None, str(bad))
        else:
            return shown_again(request, entity)
    known = {"form": form, "registry": entity.registry, "entity": entity}
    return page(request, "registry/edit.html", known, status=422 if form.is_bound else 200)


@require_POST
@may(policy.MANAGE_ENTITY)
def accept(request: HtmxRequest, entity: Entity) -> HttpResponse:
    editing.accept(entity, by=request.user)
    messages.success(request, _("“%(name)s” is in the registry for everybody.") % {"name": entity})
    return _back(request, entity)


# --- names ------------------------------------------------------------------------------------


@require_POST
@may(policy.MANAGE_ENTITY)
def add_name(request: HtmxRequest, entity: Entity) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        fields = {key: told[key] for key in ("text", "kind", "language")}
        try:
            editing.name(entity, **fields, valid=form.valid(), by=request.user)
        except BadEntity as bad:
            form.add_error(None, str(bad))
        else:
            return shown_again(request, entity, "names")
    known = entity_page.context(entity, request.user) | {"name_form": form}
    return page(request, "registry/entity.html", known, status=422)


@require_POST
@may(policy.MANAGE_ENTITY)
def remove_name(request: HtmxRequest, entity: Entity, alias: int) -> HttpResponse:
    _change(request, editing.unname, _alias(request, entity, alias))
    return _back(request, entity, "names")


@require_POST
@may(policy.MANAGE_ENTITY)
def accept_name(request: HtmxRequest, entity: Entity, alias: int) -> HttpResponse:
    _change(request, editing.accept_alias, _alias(request, entity, alias))
    return _back(request, entity, "names")


def _change(request: HtmxRequest, change: Callable[..., None], alias: Alias) -> None:
    """The change is made, or the next page says why it is not."""
    try:
        change(alias, by=request.user)
    except BadEntity as bad:
        messages.error(request, str(bad))


def _alias(request: HtmxRequest, entity: Entity, key: int) -> Alias:
    """The alias, if the one who asks may know of it; else Http404."""
    sees = policy.SEE_PROPOSALS.allows(request.user, entity.registry)
    shown = entity_page.aliases_shown(entity, request.user, sees_proposals=sees)
    alias = shown.filter(pk=key).first()
    if alias is None:
        raise Http404
    return alias


# --- links ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ENTITY)
def add_link(request: HtmxRequest, entity: Entity) -> HttpResponse:
    """Choose the other entity from those that bear the name that was written, and say how."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    choice = choosing.choice(request, entity)
    if form.is_valid() and choice.chosen:
        try:
            valid = form.valid()
            kind = form.cleaned_data["kind"]
            editing.link(entity, kind, choice.chosen, valid=valid, by=request.user)
        except BadEntity as bad:
            form.add_error(None, str(bad))
        else:
            return shown_again(request, entity, "links")
    known = {"form": form, "registry": entity.registry, "entity": entity, "choice": choice}
    return page(request, "registry/link.html", known, status=422 if form.is_bound else 200)


@require_POST
@may(policy.MANAGE_ENTITY)
def remove_link(request: HtmxRequest, entity: Entity, link: int) -> HttpResponse:
    own = family(entity)
    mine = EntityLink.objects.filter(Q(source__in=own) | Q(target__in=own), pk=link)
    found = mine.select_related("source", "target").first()
    if found is None:
        raise Http404
    editing.unlink(found, by=request.user)
    return shown_again(request, entity, "links")


def shown_again(request: HtmxRequest, entity: Entity, part: str = "") -> HttpResponse:
    """The page of the entity, at one of its parts."""
    way = reverse("entity", args=[entity.registry_id, entity.uuid])
    return see_other(request, f"{way}#{part}" if part else way)


def _back(request: HtmxRequest, entity: Entity, part: str = "") -> HttpResponse:
    """To the page of proposals for who came from there, else to the entity."""
    if request.POST.get("back") == "proposals":
        return see_other(request, "proposals", entity.registry_id)
    return shown_again(request, entity, part)
