"""Another entity, chosen by its name: what a person wrote, who bears it, and whom they took."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from annotations import policy
from annotations.registry.models import Entity, EntityType
from annotations.registry.queries import Candidate, Reader, candidates
from annotations.web.http import HtmxRequest

OFFERED = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """One who bears the name, as a form offers it."""

    one: Candidate
    type: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """`missing` tells that a form was sent in which nobody was taken."""

    query: str
    offers: Sequence[Offer]
    chosen: Entity | None
    missing: bool


def choice(request: HtmxRequest, entity: Entity) -> Choice:
    """What was written (``q``) and who was taken (``to``): another entity that the reader may
    see, and that was not merged."""
    told = request.POST if request.method == "POST" else request.GET
    query = told.get("q", "").strip()[:200]
    found: Sequence[Candidate] = ()
    if query:
        reader = Reader(request.user.pk)
        found = candidates(entity.registry_id, query, reader, limit=OFFERED + 1)
    chosen = _chosen(request, entity, told.get("to", ""))
    offers = [
        Offer(one, str(EntityType(one.type).label), chosen is not None and one.uuid == chosen.uuid)
        for one in found
        if one.uuid != entity.uuid
    ]
    missing = request.method == "POST" and chosen is None
    return Choice(query, offers[:OFFERED], chosen, missing)


def _chosen(request: HtmxRequest, entity: Entity, given: str) -> Entity | None:
    try:
        uuid = UUID(given)
    except ValueError:
        return None
    others = policy.entities_seen_by(request.user, entity.registry).exclude(pk=entity.pk)
    return others.filter(uuid=uuid, merged_into=None).first()
