"""All that a registry knows of one entity, as its page shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
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
from annotations.registry.queries import aliases_known_to, family
from annotations.spans.mentions import counts
from annotations.web.registry.forms import NameForm

MOST_SHOWN = 200
"""Aliases, links and merged entities; more are counted."""
STEPS_SHOWN = 50

Words = str | Promise

_WORDS = 60
_WIKIDATA = "https://www.wikidata.org/wiki/"

_VERBS: Mapping[str, Words] = {
    "entity.registered": _("registered it"),
    "entity.proposed": _("proposed it"),
    "entity.imported": _("imported it"),
    "entity.accepted": _("accepted it"),
    "entity.changed": _("changed it:"),
    "entity.named": _("added the name"),
    "entity.unnamed": _("removed the name"),
    "entity.linked": _("linked it to"),
    "entity.unlinked": _("removed the link to"),
    "entity.merged": _("merged it into"),
    "entity.took-in": _("merged into it"),
    "entity.split-back": _("split it back from"),
    "entity.gave-back": _("split back from it"),
    "entity.told-apart": _("told it apart from"),
    "entity.split": _("split off from it"),
    "entity.split-off": _("split it off from"),
}


_FIELDS: Mapping[str, Words] = {
    "name": _("Name"),
    "type": _("Type"),
    "description": _("Description"),
    "wikidata": _("Wikidata"),
    "attributes": _("Attributes"),
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


def context(entity: Entity, user: User) -> dict[str, Any]:
    """What the page needs; as many queries, whatever the entity has."""
    registry = entity.registry
    sees_proposals = policy.SEE_PROPOSALS.allows(user, registry)
    may_manage = policy.MANAGE_ENTITY.allows(user, entity)
    names = _names(aliases_shown(entity, user, sees_proposals=sees_proposals))
    return {
        "entity": entity,
        "registry": registry,
        "type": EntityType(entity.type).label,
        "names": names[:MOST_SHOWN],
        "names_cut": MOST_SHOWN if len(names) > MOST_SHOWN else 0,
        "wikidata": f"{_WIKIDATA}{entity.wikidata}",
        "links": _links(entity, sees_proposals=sees_proposals),
        "into": entity.merged_into,
        "merged": list(entity.merged.order_by("folded", "pk")[:MOST_SHOWN]),
        "uses": counts([entity.pk], policy.layers_seen_by(user)).get(entity.pk, 0),
        "steps": _steps(entity, sees_proposals=sees_proposals),
        "name_form": NameForm(),
        "may_manage": may_manage,
        "may_name": may_manage and entity.merged_into_id is None,
    }


def aliases_shown(entity: Entity, user: User, *, sees_proposals: bool) -> QuerySet[Alias]:
    """The aliases of an entity that this person may see."""
    known = Alias.objects.filter(removed=False) if sees_proposals else aliases_known_to(user.pk)
    return known.filter(entity=entity).select_related("proposed_by", "entity")


def _names(aliases: QuerySet[Alias]) -> Sequence[Name]:
    """The first of them, one more than are shown."""
    return [
        Name(
            alias,
            AliasKind(alias.kind).label,
            dates(alias.valid_from, alias.valid_to),
            str(alias.proposed_by or ""),
        )
        for alias in aliases.order_by("pk")[: MOST_SHOWN + 1]
    ]


def _links(entity: Entity, *, sees_proposals: bool) -> Sequence[Tie]:
    """Its links and those of what was merged into it, but to what the reader may not know of, and
    between two that are one now."""
    own = family(entity)
    found = EntityLink.objects.filter(Q(source__in=own) ^ Q(target__in=own), removed=False)
    rows = found.select_related("source", "target").order_by("kind", "valid_from", "pk")
    ties = [_tie(link, own) for link in rows[:MOST_SHOWN]]
    return [tie for tie in ties if sees_proposals or not tie.other.proposed]


def _tie(link: EntityLink, own: Collection[int]) -> Tie:
    outward = link.source_id in own
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
    changed = event.data.get("before", {})
    after = event.data.get("after", {})
    parts = [
        f"{_FIELDS.get(key, key)}: {_told(key, changed[key])} → {_told(key, after[key])}"
        for key in changed
    ]
    return Step(str(event.by or ""), did, ", ".join(parts) or event.data.get("what", ""), event.at)


def _told(field: str, value: object) -> str:
    """A value of before or after, in a few words."""
    if field == "type" and value in EntityType.values:
        return str(EntityType(value).label)
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {words}" for key, words in value.items())
    words = str(value)
    return "—" if not words else words if len(words) <= _WORDS else f"{words[:_WORDS]}…"


def dates(start: date | None, end: date | None) -> str:
    """A span of time as ``2016-05-20 – 2024-05-20``; "" for always."""
    return f"{start or '…'} – {end or '…'}" if start or end else ""
