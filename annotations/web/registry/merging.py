"""Merging two entities, splitting them back, and splitting names off: doors for managers."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotations import policy
from annotations.registry import merging
from annotations.registry.models import Alias, Entity
from annotations.registry.services import BadEntity
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page
from annotations.web.registry import choosing, entity_page
from annotations.web.registry.editing import shown_again
from annotations.web.registry.forms import SplitForm


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ENTITY)
def merge(request: HtmxRequest, entity: Entity) -> HttpResponse:
    """Choose the entity that this one goes on as."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    choice = choosing.choice(request, entity)
    if form.is_valid() and choice.chosen:
        try:
            merging.merge(entity, choice.chosen, by=request.user)
        except BadEntity as bad:
            form.add_error(None, str(bad))
        else:
            told = {"one": entity.name, "other": choice.chosen.name}
            messages.success(request, _("“%(one)s” goes on as “%(other)s”.") % told)
            return shown_again(request, choice.chosen)
    known = {"form": form, "registry": entity.registry, "entity": entity, "choice": choice}
    return page(request, "registry/merge.html", known, status=422 if form.is_bound else 200)


@require_POST
@may(policy.MANAGE_ENTITY)
def split_back(request: HtmxRequest, entity: Entity) -> HttpResponse:
    try:
        merging.split_back(entity, by=request.user)
    except BadEntity as bad:
        messages.error(request, str(bad))
    else:
        messages.success(request, _("“%(name)s” stands for itself again.") % {"name": entity})
    return shown_again(request, entity)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ENTITY)
def split(request: HtmxRequest, entity: Entity) -> HttpResponse:
    """Choose the names that belong to somebody else."""
    form = SplitForm(
        request.POST if request.method == "POST" else None,
        aliases=_splittable(request, entity),
        initial={"type": entity.type},
    )
    if form.is_valid():
        told = form.cleaned_data
        keys = [int(key) for key in told["aliases"]]
        fields = {"name": told["name"], "type": told["type"]}
        try:
            fresh = merging.split(entity, **fields, aliases=keys, by=request.user)
        except BadEntity as bad:
            form.add_error(None, str(bad))
        else:
            return shown_again(request, fresh)
    known = {"form": form, "registry": entity.registry, "entity": entity}
    return page(request, "registry/split.html", known, status=422 if form.is_bound else 200)


def _splittable(request: HtmxRequest, entity: Entity) -> list[Alias]:
    sees = policy.SEE_PROPOSALS.allows(request.user, entity.registry)
    shown = entity_page.aliases_shown(entity, request.user, sees_proposals=sees)
    return list(shown.order_by("pk")[: entity_page.MOST_SHOWN])
