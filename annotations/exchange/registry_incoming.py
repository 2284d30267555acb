"""A registry from a file: looked into first, then brought in, as one step or not at all.

What the file adds is added, what it says differently is changed; nothing is taken away. A line that
cannot be is left out and named. What is done is exactly what was found out before: both are one
function's answer for the registry as it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from annotations.accounts.models import User
from annotations.exchange.registry_checking import (
    AT_ONCE,
    Name,
    Refused,
    TooManyLines,
    Wanted,
    known_to,
    possible,
    rows_of,
    wanted_of,
)
from annotations.exchange.registry_heirs import ways_of
from annotations.exchange.registry_records import entities
from annotations.history import services as history
from annotations.history.models import Event
from annotations.registry.editing import Description
from annotations.registry.merging import own_name, passed_on
from annotations.registry.models import Alias, Entity, EntityLink, Registry
from annotations.text.names import fold

__all__ = ["Plan", "TooManyLines", "bring", "look"]

T = TypeVar("T", bound=Model)
_Key = tuple[int, str, str, str]  # of an alias: its entity, kind, language and text


@dataclass(slots=True)
class Plan:
    """What the file does to the registry. Rows are made, and not saved."""

    fresh: list[tuple[Wanted, Entity]] = field(default_factory=list)
    changed: list[tuple[Entity, Mapping[str, Any]]] = field(default_factory=list)
    same: int = 0
    names: list[Alias] = field(default_factory=list)
    names_again: list[Alias] = field(default_factory=list)
    links: list[EntityLink] = field(default_factory=list)
    links_again: list[EntityLink] = field(default_factory=list)
    merged: list[tuple[Entity, UUID]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def look(registry: Registry, data: bytes, *, is_csv: bool) -> Plan:
    """What the file would do. A few queries for each 2,000 entities; nothing is written. Raises
    TooManyLines."""
    plan = Plan()
    wanted = wanted_of(registry, entities(data, is_csv=is_csv), plan.refused)
    known = known_to(registry, wanted)
    wanted = possible(wanted, known, plan.refused)
    plan.refused.sort(key=lambda one: one.line)
    rows = dict(known)
    for one in wanted:
        entity = known.get(one.uuid)
        if entity is None:
            entity = _entity(registry, one)
            plan.fresh.append((one, entity))
            rows[one.uuid] = entity
            if one.merged_into:
                plan.merged.append((entity, one.merged_into))
        else:
            _compare(entity, one.told, plan)
    _names(wanted, rows, plan)
    _links(registry, wanted, rows, plan)
    return plan


@transaction.atomic
def bring(registry: Registry, data: bytes, *, is_csv: bool, by: User | None) -> Plan:
    """What `look` says is done, and in the history of each entity that is new or changed."""
    Registry.objects.select_for_update().get(pk=registry.pk)
    plan = look(registry, data, is_csv=is_csv)
    fresh = [entity for _, entity in plan.fresh]
    for entity in fresh:
        entity.created_by = by
    _create(Entity, fresh)
    heirs = rows_of(registry, {into for _, into in plan.merged})
    for entity, into in plan.merged:
        entity.merged_into = heirs[into]
    _update(Entity, [entity for entity, _ in plan.merged], ["merged_into"])
    described = ["name", "folded", "type", "description", "wikidata", "attributes"]
    _update(Entity, [entity for entity, _ in plan.changed], described)
    _create(Alias, plan.names)
    _update(Alias, plan.names_again, ["removed", "valid_from", "valid_to", "merged_from"])
    _create(EntityLink, plan.links)
    _update(EntityLink, plan.links_again, ["removed"])
    _write_down(registry, plan, by)
    return plan


def _write_down(registry: Registry, plan: Plan, by: User | None) -> None:
    events = [_event("entity.imported", entity, by, {}) for _, entity in plan.fresh]
    events += [_event("entity.changed", entity, by, dict(was)) for entity, was in plan.changed]
    _create(Event, events)
    counted = {"new": len(plan.fresh), "changed": len(plan.changed), "names": len(plan.names)}
    history.record("registry.imported", registry, by=by, **counted, links=len(plan.links))


def _event(verb: str, entity: Entity, by: User | None, data: dict[str, Any]) -> Event:
    return Event(verb=verb, thing="entity", thing_id=str(entity.pk), by=by, data=data)


def _create(kind: type[T], rows: Sequence[T]) -> None:
    kind._default_manager.bulk_create(rows, batch_size=AT_ONCE)


def _update(kind: type[T], rows: Sequence[T], fields: Sequence[str]) -> None:
    if rows:
        kind._default_manager.bulk_update(rows, fields, batch_size=500)


# --- what differs -----------------------------------------------------------------------------


def _entity(registry: Registry, one: Wanted) -> Entity:
    told = asdict(one.told)
    return Entity(registry=registry, uuid=one.uuid, folded=fold(one.told.name), **told)


def _compare(entity: Entity, told: Description, plan: Plan) -> None:
    wanted = asdict(told)
    before = {key: getattr(entity, key) for key, value in wanted.items()}
    changed = [key for key in wanted if before[key] != wanted[key]]
    if not changed:
        plan.same += 1
        return
    for key in changed:
        setattr(entity, key, wanted[key])
    entity.folded = fold(entity.name)
    was = {"before": {k: before[k] for k in changed}, "after": {k: wanted[k] for k in changed}}
    plan.changed.append((entity, was))


def _names(wanted: Sequence[Wanted], rows: Mapping[UUID, Entity], plan: Plan) -> None:
    ways = ways_of(wanted, rows)
    here = {rows[one.uuid].pk for one in wanted} | {one.pk for way in ways.values() for one in way}
    standing = _standing([key for key in here if key])
    came: dict[UUID, list[Alias]] = {}
    for one in wanted:
        entity = rows[one.uuid]
        came[one.uuid] = names = []
        for name in one.names:
            source = rows[name.merged_from] if name.merged_from else None
            known = standing.get((entity.pk or 0, name.kind, name.language, name.text))
            if known is None:
                names.append(_alias(entity, name, source))
                plan.names.append(names[-1])
                if entity.pk:
                    standing[_key(names[-1])] = names[-1]
            elif _differs(known, name):
                known.removed, known.merged_from = False, source
                known.valid_from, known.valid_to = name.valid.start, name.valid.end
                names.append(known)
                plan.names_again.append(known)
    called = {entity.uuid for _, entity in plan.fresh}
    called |= {entity.uuid for entity, was in plan.changed if "name" in was["after"]}
    for uuid, way in ways.items():
        own = [own_name(rows[uuid])] if uuid in called else []
        _hand_on(rows[uuid], way, came[uuid] + own, standing, plan)


def _standing(entities: Sequence[int]) -> dict[_Key, Alias]:
    """The aliases of these entities that are nobody's proposal, the removed ones too."""
    found: dict[_Key, Alias] = {}
    for start in range(0, len(entities), AT_ONCE):
        some = entities[start : start + AT_ONCE]
        for alias in Alias.objects.filter(entity__in=some, proposed_by=None):
            found[_key(alias)] = alias
    return found


def _hand_on(
    source: Entity,
    way: Sequence[Entity],
    names: Sequence[Alias],
    standing: dict[_Key, Alias],
    plan: Plan,
) -> None:
    """What `source` is newly called, all on its way to the last heir are called too, as after a
    merge."""
    for alias in passed_on(source, way, names):
        known = standing.setdefault(_key(alias), alias)
        if known is alias:
            plan.names.append(alias)
        elif known.removed:
            known.removed, known.merged_from = False, alias.merged_from
            known.valid_from, known.valid_to = alias.valid_from, alias.valid_to
            plan.names_again.append(known)


def _key(alias: Alias) -> _Key:
    return alias.entity_id, alias.kind, alias.language, alias.text


def _alias(entity: Entity, name: Name, source: Entity | None) -> Alias:
    return Alias(
        entity=entity,
        text=name.text,
        folded=fold(name.text),
        kind=name.kind,
        language=name.language,
        valid_from=name.valid.start,
        valid_to=name.valid.end,
        merged_from=source,
    )


def _differs(alias: Alias, name: Name) -> bool:
    return alias.removed or (alias.valid_from, alias.valid_to) != (name.valid.start, name.valid.end)


def _links(
    registry: Registry, wanted: Sequence[Wanted], rows: Mapping[UUID, Entity], plan: Plan
) -> None:
    here = [rows[one.uuid].pk for one in wanted if one.links and rows[one.uuid].pk]
    standing: dict[tuple[Any, ...], EntityLink] = {}
    for start in range(0, len(here), AT_ONCE):
        for link in EntityLink.objects.filter(source__in=here[start : start + AT_ONCE]):
            key = link.source_id, link.target_id, link.kind, link.valid_from, link.valid_to
            standing[key] = link
    for one in wanted:
        source = rows[one.uuid]
        for tie in one.links:
            target = rows[tie.to]
            dates = (tie.valid.start, tie.valid.end)
            same = standing.get((source.pk or 0, target.pk or 0, tie.kind, *dates))
            if same is None:
                made = EntityLink(registry=registry, source=source, target=target, kind=tie.kind)
                made.valid_from, made.valid_to = dates
                plan.links.append(made)
            elif same.removed:
                same.removed = False
                plan.links_again.append(same)
