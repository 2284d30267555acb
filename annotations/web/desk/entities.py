"""The registry at the desk: who may be meant, a new entity where nobody fits, a name to remember."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.contrib.postgres.aggregates import BoolOr
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotations import policy
from annotations.assignments.models import Assignment
from annotations.registry.models import AliasKind, Entity
from annotations.registry.queries import Candidate, Reader, candidates, seen_by, shown
from annotations.registry.services import MAX_NAME, BadEntity, add_alias, register
from annotations.spans.models import Relation, Span
from annotations.web.guards import may_json
from annotations.web.http import HtmxRequest, refusal

REMEMBERED = 50
"""How many of a person's newest articles of a corpus tell whom that corpus is about."""


class Proposal(msgspec.Struct):
    """An entity that an annotator misses, with an alias the text gives it. `id` makes a repeat of
    the request harmless."""

    id: UUID
    name: str
    type: str
    alias: str = ""
    kind: str = AliasKind.ABBREVIATION.value


class Naming(msgspec.Struct):
    """A text that an entity of the registry answers to, too."""

    entity: UUID
    alias: str
    kind: str


@require_http_methods(["GET", "POST"])
@may_json(policy.LABEL)
def entities(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    return (change if request.method == "POST" else search)(request, assignment)


def search(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Candidates for a name, best first; those the reader linked before, before others."""
    query = request.GET.get("q", "")[:MAX_NAME]
    found = candidates(assignment.corpus.registry_id, query, _reader(request.user.pk, assignment))
    return JsonResponse({"entities": [_candidate(one) for one in found]})


def change(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """A new entity or alias is in the registry: proposed until a manager accepts it, at work at
    once for who proposed it."""
    try:
        asked = msgspec.json.decode(request.body)
        act = name if isinstance(asked, dict) and "entity" in asked else create
        return act(asked, request, assignment)
    except msgspec.MsgspecError:
        message = _("The request describes neither an entity nor an alias.")
        return refusal(message, error="malformed", status=400)
    except BadEntity as bad:
        return refusal(str(bad), error="entity", status=422)


@transaction.atomic
def create(asked: object, request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    proposal = msgspec.convert(asked, Proposal)
    entity = register(
        assignment.corpus.registry,
        name=proposal.name,
        type=proposal.type,
        by=request.user,
        uuid=proposal.id,
        proposed=True,
    )
    if proposal.alias:
        add_alias(entity, text=proposal.alias, kind=proposal.kind, proposed_by=request.user)
    return _answer(entity, request.user.pk)


def name(asked: object, request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    naming = msgspec.convert(asked, Naming)
    known = seen_by(request.user.pk, assignment.corpus.registry_id)
    entity = known.filter(uuid=naming.entity).first()
    if entity is None:
        message = _("The registry has no such entity any more. Nothing was remembered.")
        return refusal(message, error="gone", status=404)
    add_alias(entity, text=naming.alias, kind=naming.kind, proposed_by=request.user)
    return _answer(entity, request.user.pk)


def _reader(user_id: int, assignment: Assignment) -> Reader:
    """Whom this person linked themselves, here and in their newest other articles of the corpus:
    never what others linked, as a gold layer does."""
    mine = Assignment.objects.filter(
        annotator=user_id, corpus=assignment.corpus_id, kind=assignment.kind
    )
    newest = mine.exclude(touched_at=None).order_by("-touched_at").values_list("pk", flat=True)
    there = Q(assignment__in=[assignment.pk, *newest[:REMEMBERED]], removed=False)
    here = BoolOr(Q(assignment=assignment))
    spans = Span.objects.filter(there, entity__isnull=False).values_list("entity")
    roles = Relation.objects.filter(there, to_entity__isnull=False).values_list("to_entity")
    rows = spans.annotate(here=here).union(roles.annotate(here=here), all=True)
    linked = list(rows)
    article = {pk for pk, is_here in linked if is_here}
    return Reader(user_id, article, {pk for pk, _ in linked} - article)


def _answer(entity: Entity, user_id: int) -> JsonResponse:
    [one] = shown(entity.registry_id, [entity.uuid], user_id=user_id)
    aliases = [(alias.text, alias.kind) for alias in one.aliases.all()]
    return JsonResponse(_entity(one, aliases), status=201)


def _candidate(found: Candidate) -> dict[str, object]:
    return _entity(found, found.aliases) | {"rank": found.rank, "alias": found.alias}


def _entity(entity: Entity | Candidate, aliases: Iterable[tuple[str, str]]) -> dict[str, object]:
    return {
        "id": str(entity.uuid),
        "name": entity.name,
        "type": entity.type,
        "aliases": [{"text": text, "kind": kind} for text, kind in aliases],
        "proposed": entity.proposed,
    }
