"""Entities that may be the same, side by side: merged by one button, told apart by another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations import policy
from annotations.registry import duplicates, merging
from annotations.registry.models import Duplicate, Entity, EntityType, Registry
from annotations.registry.services import BadEntity
from annotations.spans.mentions import counts
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other


@dataclass(frozen=True, slots=True)
class Side:
    entity: Entity
    type: str | Promise
    uses: int


@dataclass(frozen=True, slots=True)
class Pair:
    """`shared` is the name both have, "" for names spelt alike. The more used one is `kept`."""

    kept: Side
    other: Side
    shared: str


@require_safe
@may(policy.SEE_REGISTRY)
def show(request: HtmxRequest, registry: Registry) -> HttpResponse:
    proposals = policy.SEE_PROPOSALS.allows(request.user, registry)
    found = duplicates.page(registry.pk, proposals=proposals, after=_number(request))
    known = {
        "registry": registry,
        "pairs": _pairs(found.pairs, request),
        "after": found.after,
        "waiting": duplicates.waiting(registry.pk),
        "most": duplicates.WAITING_TOLD,
        "may_manage": policy.MANAGE_REGISTRY.allows(request.user, registry),
    }
    return page(request, "registry/duplicates.html", known)


@require_POST
@may(policy.MANAGE_REGISTRY)
def settle(request: HtmxRequest, registry: Registry) -> HttpResponse:
    """The first of the two goes on as the other, or they are told apart."""
    one, other = (_entity(request, registry, word) for word in ("one", "other"))
    if request.POST.get("same") != "yes":
        duplicates.tell_apart(one, other, by=request.user)
        told = {"one": one.name, "other": other.name}
        messages.success(request, _("“%(one)s” and “%(other)s” stay apart.") % told)
        return see_other(request, "duplicates", registry.pk)
    try:
        merging.merge(one, other, by=request.user)
    except BadEntity as bad:
        messages.error(request, str(bad))
    else:
        told = {"one": one.name, "other": other.name}
        messages.success(request, _("“%(one)s” goes on as “%(other)s”.") % told)
    return see_other(request, "duplicates", registry.pk)


def _entity(request: HtmxRequest, registry: Registry, word: str) -> Entity:
    uuid = _uuid(request.POST.get(word, ""))
    seen = policy.entities_seen_by(request.user, registry)
    entity = seen.filter(uuid=uuid).first() if uuid else None
    if entity is None:
        raise Http404
    return entity


def _pairs(found: Sequence[Duplicate], request: HtmxRequest) -> Sequence[Pair]:
    """Each pair once, with how often both are used: two queries."""
    once = {(pair.first_id, pair.second_id): pair for pair in reversed(found)}
    keys = {key for ends in once for key in ends}
    sides = {
        one.pk: Side(one, EntityType(one.type).label, uses)
        for one, uses in _with_uses(keys, request)
    }
    return [
        _pair(sides[first], sides[second], once[first, second].name)
        for first, second in reversed(once)
    ]


def _with_uses(keys: Iterable[int], request: HtmxRequest) -> Iterable[tuple[Entity, int]]:
    rows = list(Entity.objects.filter(pk__in=list(keys)))
    uses = counts([row.pk for row in rows], policy.layers_seen_by(request.user))
    return [(row, uses.get(row.pk, 0)) for row in rows]


def _pair(first: Side, second: Side, shared: str) -> Pair:
    """A proposal is never kept before an entity; else the one that is used more is."""
    if (first.entity.proposed, -first.uses) <= (second.entity.proposed, -second.uses):
        return Pair(first, second, shared)
    return Pair(second, first, shared)


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _number(request: HtmxRequest) -> int:
    given = request.GET.get("after", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
