from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.accounts.models import Role
from annotations.registry.models import AliasKind, Entity, EntityType, Registry
from annotations.registry.proposals import waiting
from annotations.spans.mentions import Place
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page
from annotations.web.registry import entity_page, listing, uses

_DIGITS = 18


@require_safe
@may(policy.SIGNED_IN)
def registries(request: HtmxRequest) -> HttpResponse:
    """The registries one may read; an annotator who may read none does not learn of the page."""
    rows = list(listing.registries(request.user))
    if not rows and request.user.role == Role.ANNOTATOR:
        raise Http404
    return page(request, "registry/page.html", {"rows": rows})


@require_safe
@may(policy.SEE_REGISTRY)
def entities(request: HtmxRequest, registry: Registry) -> HttpResponse:
    asked = _asked(request)
    known = {
        "registry": registry,
        "asked": asked,
        "types": EntityType.choices,
        "listing": listing.entities(registry, request.user, asked),
        "corpora": listing.corpora_of(registry, request.user),
        "may_manage": policy.MANAGE_REGISTRY.allows(request.user, registry),
    }
    if policy.SEE_PROPOSALS.allows(request.user, registry):
        known["waiting"] = waiting(registry)
    if asked.by_use and not asked.query:
        known["counted"] = uses.counted(registry, request.user)
    return page(request, "registry/registry.html", known)


@require_safe
@may(policy.SEE_PROPOSALS)
def proposals(request: HtmxRequest, registry: Registry) -> HttpResponse:
    """What waits to be accepted or merged; whoever labels does not learn of it."""
    found = waiting(registry)
    known = {
        "registry": registry,
        "found": found,
        "entities": [
            (one, EntityType(one.type).label, str(one.created_by or "")) for one in found.entities
        ],
        "names": [(one, AliasKind(one.kind).label) for one in found.names],
        "may_manage": policy.MANAGE_REGISTRY.allows(request.user, registry),
    }
    return page(request, "registry/proposals.html", known)


@require_safe
@may(policy.SEE_ENTITY)
def show(request: HtmxRequest, entity: Entity) -> HttpResponse:
    return page(request, "registry/entity.html", entity_page.context(entity, request.user))


@require_safe
@may(policy.SEE_ENTITY)
def mentions(request: HtmxRequest, entity: Entity) -> HttpResponse:
    """The words that are linked to it, in the layers that one may see."""
    after = _place(request.GET.get("after", ""))
    known = {"entity": entity, "registry": entity.registry}
    found = listing.mentions(entity, request.user, after)
    return page(request, "registry/mentions.html", known | {"found": found})


def _asked(request: HtmxRequest) -> listing.Asked:
    given = request.GET
    type = given.get("type", "")
    return listing.Asked(
        query=given.get("q", "").strip()[:200],
        type=type if type in EntityType.values else "",
        by_use=given.get("order") == "use",
        after=given.get("after", "")[:60],
        before=_uuid(given.get("before", "")),
    )


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _place(given: str) -> Place | None:
    """The mention that a page follows, from ``assignment.span``."""
    assignment, _, span = given.partition(".")
    uuid = _uuid(span)
    return Place(int(assignment), uuid) if uuid and _is_number(assignment) else None


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= _DIGITS
