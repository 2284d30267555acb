"""Whom and what a load brings along: annotators nobody knows here, entities and their aliases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from annotations.accounts import services as accounts
from annotations.accounts.models import Role, User
from annotations.exchange.reading import Described, Summary
from annotations.registry import merging
from annotations.registry.models import Alias, Entity, Registry
from annotations.text.names import fold

_AT_ONCE = 2_000
_ASKED = ("uuid", "name", "type", "proposed", "merged_into")


class UnfitLine(Exception):
    """Why a file is refused, and the line (from 1, in the whole file) that is to blame."""

    def __init__(self, line: int, code: str, **values: str | int) -> None:
        super().__init__(f"line {line}: {code}")
        self.line, self.code, self.values = line, code, values


@dataclass(slots=True)
class Named:
    """The entities of a whole file: described, and only named; with lines of the whole file."""

    described: dict[str, Described]
    links: dict[str, int]


def bring_person(name: str, line: int) -> None:
    """An inactive account without a password has this name. Raises UnfitLine for a name that no
    account can have."""
    try:
        accounts.deactivate(accounts.invite(accounts.Newcomer(name, Role.ANNOTATOR)))
    except accounts.Refused as refused:
        raise UnfitLine(line, "layer_annotator", name=name[:80], why=str(refused)) from refused


def named(summaries: Sequence[Summary]) -> Named:
    """The entities of all parts. Raises UnfitLine where two parts differ about one."""
    together, before = Named({}, {}), 0
    for summary in summaries:
        for uuid, entity in summary.entities.items():
            _describe(together.described, uuid, entity, before + entity.line)
        for uuid, line in summary.links.items():
            together.links.setdefault(uuid, before + line)
        before += summary.lines
    return together


def _describe(described: dict[str, Described], uuid: str, entity: Described, line: int) -> None:
    first = described.get(uuid)
    if first is None:
        described[uuid] = msgspec.structs.replace(entity, line=line)
        return
    if differs := first.differs(entity):
        raise UnfitLine(line, differs, entity=uuid, name=first.name[:80])
    first.aliases.extend(alias for alias in entity.aliases if alias not in first.aliases)


def bring_entities(registry: Registry, entities: Named, by: User | None) -> dict[str, int]:
    """The entities that a file describes are in the registry under their ids, with the aliases
    the file gives them. Returns the key of each, and of those it only names.

    What was merged in the file is merged here if it is new here; of what is here the registry
    says what it goes on as.

    Raises UnfitLine where an id names another entity here, or an entity nobody describes, and where
    what is new went into a proposal.
    """
    known = _known(registry, [*entities.described, *entities.links])
    for uuid, entity in entities.described.items():
        if uuid in known and (known[uuid].name, known[uuid].type) != (entity.name, entity.type):
            name = known[uuid].name[:80]
            raise UnfitLine(entity.line, "layer_entity_differs", entity=uuid, name=name)
    for uuid, line in entities.links.items():
        if uuid not in known and uuid not in entities.described:
            raise UnfitLine(line, "layer_entity_unknown", entity=uuid)
    fresh = [uuid for uuid in entities.described if uuid not in known]
    _make(registry, {uuid: entities.described[uuid] for uuid in fresh}, by)
    rows = known | _known(registry, fresh)
    _merge({uuid: entities.described[uuid] for uuid in fresh}, rows)
    keys = {uuid: row.pk for uuid, row in rows.items()}
    merged = {
        uuid: row.merged_into_id
        for uuid, row in known.items()
        if uuid in entities.described and row.merged_into_id
    }
    _add_aliases(entities.described, rows, merging.ways(merged))
    return keys


def _known(registry: Registry, uuids: Sequence[str]) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    for start in range(0, len(uuids), _AT_ONCE):
        some = registry.entities.filter(uuid__in=uuids[start : start + _AT_ONCE])
        found |= {str(row.uuid): row for row in some.only(*_ASKED)}
    return found


def _make(registry: Registry, described: Mapping[str, Described], by: User | None) -> None:
    Entity.objects.bulk_create(
        (
            Entity(
                registry=registry,
                uuid=uuid,
                name=entity.name,
                folded=fold(entity.name),
                type=entity.type,
                created_by=by,
            )
            for uuid, entity in described.items()
        ),
        batch_size=_AT_ONCE,
    )


def _merge(fresh: Mapping[str, Described], rows: Mapping[str, Entity]) -> None:
    """What is new here goes on as what it went into."""
    merged = []
    for uuid, entity in fresh.items():
        if entity.merged_into:
            heir = rows[entity.merged_into]
            if heir.proposed:
                raise UnfitLine(
                    entity.line, "layer_heir_proposed", entity=uuid, name=heir.name[:80]
                )
            rows[uuid].merged_into = heir
            merged.append(rows[uuid])
    Entity.objects.bulk_update(merged, ["merged_into"], batch_size=_AT_ONCE)


def _add_aliases(
    described: Mapping[str, Described],
    rows: Mapping[str, Entity],
    ways: Mapping[str, Sequence[Entity]],
) -> None:
    """Every alias stands with its entity and, where that was merged here, with all on its way, as
    after the merge; those that do so already are left alone."""
    Alias.objects.bulk_create(
        (
            alias
            for uuid, entity in described.items()
            for alias in _aliases(rows[uuid], entity, ways.get(uuid, ()))
        ),
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )


def _aliases(row: Entity, told: Described, way: Sequence[Entity]) -> Iterator[Alias]:
    own = [
        Alias(
            entity=row,
            text=alias.text,
            folded=fold(alias.text),
            language=alias.language,
            kind=alias.kind,
        )
        for alias in told.aliases
    ]
    yield from own
    yield from merging.passed_on(row, way, own)
