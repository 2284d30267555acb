"""The registry at the desk: who may be meant, and a new entity where nobody fits."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotations import policy
from annotations.assignments.models import Assignment
from annotations.registry.models import AliasKind, Entity
from annotations.registry.queries import Candidate, candidates
from annotations.registry.services import BadEntity, add_alias, register
from annotations.spans.models import Span
from annotations.web.guards import may_json
from annotations.web.http import HtmxRequest, refusal

MOST = 8


class Proposal(msgspec.Struct):
    """An entity that an annotator misses. `id` makes a repeat of the request harmless."""

    id: UUID
    name: str
    type: str
    alias: str = ""


@require_http_methods(["GET", "POST"])
@may_json(policy.LABEL)
def entities(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    return (create if request.method == "POST" else search)(request, assignment)


def search(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Candidates for a name, best first; those in the reader's own layer before others."""
    here = list(
        Span.objects.filter(assignment=assignment, removed=False, entity__isnull=False)
        .values_list("entity__uuid", flat=True)
        .distinct()
    )
    registry_id = assignment.corpus.registry_id
    found = candidates(registry_id, request.GET.get("q", "")[:500], here=here, limit=2 * MOST)
    kept = _without_others_proposals(found, request.user.pk, registry_id)
    return JsonResponse({"entities": [_shown(candidate) for candidate in kept[:MOST]]})


def create(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """A new entity is in the registry: proposed until a manager accepts it, at work at once."""
    try:
        proposal = msgspec.json.decode(request.body, type=Proposal)
        entity = _propose(proposal, assignment, request)
    except msgspec.MsgspecError:
        return refusal(_("The request describes no entity."), error="malformed", status=400)
    except BadEntity as bad:
        return refusal(str(bad), error="entity", status=422)
    return JsonResponse(
        {"id": str(entity.uuid), "name": entity.name, "type": entity.type, "proposed": True},
        status=201,
    )


@transaction.atomic
def _propose(proposal: Proposal, assignment: Assignment, request: HtmxRequest) -> Entity:
    entity = register(
        assignment.corpus.registry,
        name=proposal.name,
        type=proposal.type,
        by=request.user,
        uuid=proposal.id,
        proposed=True,
    )
    if proposal.alias:
        add_alias(entity, text=proposal.alias, kind=AliasKind.ABBREVIATION)
    return entity


def _without_others_proposals(
    found: Sequence[Candidate], user_id: int, registry_id: int
) -> list[Candidate]:
    """What another annotator proposed would tell what they found in this very article."""
    proposed = [candidate.uuid for candidate in found if candidate.proposed]
    if not proposed:
        return list(found)
    others = set(
        Entity.objects.filter(registry_id=registry_id, uuid__in=proposed)
        .exclude(created_by_id=user_id)
        .values_list("uuid", flat=True)
    )
    return [candidate for candidate in found if candidate.uuid not in others]


def _shown(candidate: Candidate) -> dict[str, object]:
    return {
        "id": str(candidate.uuid),
        "name": candidate.name,
        "type": candidate.type,
        "aliases": [{"text": text, "kind": kind} for text, kind in candidate.aliases],
        "proposed": candidate.proposed,
        "here": candidate.here,
    }
