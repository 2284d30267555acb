"""All that a registry knows of one entity, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations import policy
from annotations.accounts.models import User
from annotations.history.models import Event
from annotations.registry.models import (
    Alias,
    AliasKind,
    Entity,
    EntityLink,
    EntityType,
    LinkKind,
)
from annotations.registry.queries import aliases_known_to
from annotations.spans.mentions import counts

MOST_SHOWN = 200
"""Aliases, links and merged entities; more are counted."""
STEPS_SHOWN = 50

Words = str | Promise

_WIKIDATA = "https://www.wikidata.org/wiki/"

_VERBS: Mapping[str, Words] = {
    "entity.registered": _("registered it"),
    "entity.proposed": _("proposed it"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """An alias; `by` is whose proposal it is, "" for one that is everybody's."""

    alias: Alias
    kind: Words
    dates: str
    by: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A link, from the side of the entity that is shown: out to `other`, or in from it."""

    link: EntityLink
    kind: Words
    dates: str
    other: Entity
    outward: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the history."""

    who: str
    did: Words
    what: str
    at: datetime


def context(entity: Entity, user: User) -> Mapping[str, Any]:
    """What the page needs. Eleven queries at most, whatever the entity has."""
    registry = entity.registry
    sees_proposals = policy.SEE_PROPOSALS.allows(user, registry)
    return {
        "entity": entity,
        "registry": registry,
        "type": EntityType(entity.type).label,
        "names": names(entity, user, sees_proposals=sees_proposals),
        "wikidata": f"{_WIKIDATA}{entity.wikidata}",
        "links": _links(entity),
        "into": entity.merged_into,
        "merged": list(entity.merged.order_by("folded", "pk")[:MOST_SHOWN]),
        "uses": counts([entity.pk], policy.layers_seen_by(user)).get(entity.pk, 0),
        "steps": _steps(entity, sees_proposals=sees_proposals),
        "may_manage": policy.MANAGE_ENTITY.allows(user, entity),
    }


def names(entity: Entity, user: User, *, sees_proposals: bool) -> Sequence[Name]:
    known = aliases_known_to(user.pk)
    if sees_proposals:
        known = Alias.objects.filter(removed=False)
    found = known.filter(entity=entity).select_related("proposed_by").order_by("pk")
    return [
        Name(
            alias,
            AliasKind(alias.kind).label,
            dates(alias.valid_from, alias.valid_to),
            str(alias.proposed_by or ""),
        )
        for alias in found[:MOST_SHOWN]
    ]


def _links(entity: Entity) -> Sequence[Tie]:
    found = EntityLink.objects.filter(Q(source=entity) | Q(target=entity), removed=False)
    rows = found.select_related("source", "target").order_by("kind", "valid_from", "pk")
    return [_tie(link, entity) for link in rows[:MOST_SHOWN]]


def _tie(link: EntityLink, entity: Entity) -> Tie:
    outward = link.source_id == entity.pk
    other = link.target if outward else link.source
    told = dates(link.valid_from, link.valid_to)
    return Tie(link, LinkKind(link.kind).label, told, other, outward)


def _steps(entity: Entity, *, sees_proposals: bool) -> Sequence[Step]:
    """The newest steps, without who proposed it where that would tell what they found."""
    events = Event.objects.filter(thing="entity", thing_id=str(entity.pk))
    if not sees_proposals:
        events = events.exclude(verb="entity.proposed")
    return [_step(event) for event in events.select_related("by").order_by("-pk")[:STEPS_SHOWN]]


def _step(event: Event) -> Step:
    did = _VERBS.get(event.verb, event.verb)
    return Step(str(event.by or ""), did, str(event.data.get("what", "")), event.at)


def dates(start: date | None, end: date | None) -> str:
    """A span of time as ``2016-05-20 – 2024-05-20``; "" for always."""
    return f"{start or '…'} – {end or '…'}" if start or end else ""
