"""Two that are one, and one that is two.

A merge is one pointer, from the entity to the one it goes on as. What is linked to it stays linked
to it, its id answers for ever, and splitting back takes the pointer away. The other takes on its
names, so that it is found by them; with the pointer they go again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.history import services as history
from annotations.registry.models import Alias, AliasKind, Entity, Registry
from annotations.registry.services import BadEntity, refuse_merged, register
from annotations.text.names import fold

_T = TypeVar("_T")
_AT_ONCE = 2_000


class _Name(NamedTuple):
    """What makes an alias the same as another of one entity."""

    kind: str
    language: str
    text: str
    proposed_by: int | None


@transaction.atomic
def merge(source: Entity, into: Entity, *, by: User | None) -> None:
    """`source` goes on as `into`, which takes on its names. No span and no link changes.

    Refuses (BadEntity) an entity and itself, one of another registry, one that was merged already
    (its heir is the one to merge), and a proposal to go on as.
    """
    source, into = _locked(source, into)
    if source.pk == into.pk:
        raise BadEntity(_("An entity cannot be merged into itself."))
    if source.registry_id != into.registry_id:
        raise BadEntity(_("The other entity is of another registry."))
    if source.merged_into_id or into.merged_into_id:
        raise BadEntity(_("One of them was merged already. Merge the one it went into."))
    if into.proposed:
        raise BadEntity(_("“%(name)s” is a proposal: accept it first.") % {"name": into.name})
    source.merged_into = into
    source.save(update_fields=["merged_into"])
    _hand_over(source, into)
    history.record("entity.merged", source, by=by, what=into.name, into=str(into.uuid))
    history.record("entity.took-in", into, by=by, what=source.name, whom=str(source.uuid))


@transaction.atomic
def split_back(source: Entity, *, by: User | None) -> None:
    """`source` stands for itself again, and the names that its heir took on from it are gone from
    there, unless somebody gave them to it since, or another that was merged into it has them.
    Refuses (BadEntity) one that was not merged."""
    [source] = _locked(source)
    into = source.merged_into
    if into is None:
        raise BadEntity(_("It was not merged, or it was split back already."))
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    _take_back(source, into)
    history.record("entity.split-back", source, by=by, what=into.name, into=str(into.uuid))
    history.record("entity.gave-back", into, by=by, what=source.name, whom=str(source.uuid))


@transaction.atomic
def split(
    entity: Entity, *, name: str, type: str, aliases: Collection[int], by: User | None
) -> Entity:
    """A new entity has these of the entity's aliases, and the entity has them no more. What is
    linked stays where it is; merging the new one back undoes it. Refuses (BadEntity) as `register`
    does, an alias that is not there, and an entity that was merged: its heir has its names."""
    [entity] = _locked(entity)
    refuse_merged(entity)
    moved = list(entity.aliases.filter(pk__in=aliases, removed=False).order_by("pk"))
    if len(moved) < len(set(aliases)):
        raise BadEntity(_("One of these names is not there any more. Nothing was split."))
    fresh = register(entity.registry, name=name, type=type, by=by)
    Alias.objects.filter(pk__in=[alias.pk for alias in moved]).update(removed=True)
    Alias.objects.bulk_create(
        copied(alias, fresh) for alias in moved if not _is_its_name(alias, fresh)
    )
    history.record("entity.split", entity, by=by, what=fresh.name, whom=str(fresh.uuid))
    history.record("entity.split-off", fresh, by=by, what=entity.name, whom=str(entity.uuid))
    return fresh


def _locked(*entities: Entity) -> list[Entity]:
    """The rows as they are, held in one order by everybody until the end of the transaction. Behind
    the lock of their registries no other merge changes a chain of heirs that this one follows."""
    registries = {one.registry_id for one in entities}
    list(Registry.objects.select_for_update(no_key=True).filter(pk__in=registries).order_by("pk"))
    keys = {one.pk for one in entities}
    rows = Entity.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    known = {row.pk: row for row in rows}
    return [known[one.pk] for one in entities]


# --- names that go along ----------------------------------------------------------------------


def _hand_over(source: Entity, into: Entity) -> None:
    """What `source` is called, `into` is called too; what it is called already stays its own."""
    known = {_name(alias): alias for alias in into.aliases.all()}
    for alias in passed_on(source, [into], [*_names_of(source)]):
        same = known.get(_name(alias))
        if same is None:
            alias.save(force_insert=True)
        elif same.removed:
            same.removed, same.merged_from = False, source
            same.valid_from, same.valid_to = alias.valid_from, alias.valid_to
            same.save(update_fields=["removed", "merged_from", "valid_from", "valid_to"])


def ways(pointers: Mapping[_T, int], known: Iterable[Entity] = ()) -> dict[_T, list[Entity]]:
    """By each thing that goes on as the entity with this key: that one and what it goes on as, up to the
    last. Some queries for the longest way, none for entities that are `known`."""
    heirs, todo = {one.pk: one for one in known}, set(pointers.values())
    while todo:
        keys = [key for key in todo if key not in heirs]
        for start in range(0, len(keys), _AT_ONCE):
            heirs |= Entity.objects.in_bulk(keys[start : start + _AT_ONCE])
        todo = {into for key in todo if (into := heirs[key].merged_into_id)}
    return {thing: [*_way(heirs, key)] for thing, key in pointers.items()}


def _way(heirs: Mapping[int, Entity], at: int | None) -> Iterator[Entity]:
    while at:
        yield heirs[at]
        at = heirs[at].merged_into_id


def passed_on(source: Entity, way: Iterable[Entity], names: Sequence[Alias]) -> Iterator[Alias]:
    """What each on the way is called because `source` is; not saved."""
    for heir in way:
        for alias in names:
            if alias.text != heir.name or alias.language:
                yield copied(alias, heir, merged_from=source)
        source = heir


def _take_back(source: Entity, into: Entity | None) -> None:
    """Names that `into` took on from `source`, and its heirs from it, are gone from there, unless
    another that was merged into the same has them: then they come from that one."""
    while into is not None:
        had = {_name(alias): alias for alias in _names_of(*into.merged.order_by("-pk"))}
        for alias in into.aliases.filter(merged_from=source, removed=False):
            same = had.get(_name(alias))
            if same is None:
                alias.removed = True
            else:
                alias.merged_from_id = same.entity_id
                alias.valid_from, alias.valid_to = same.valid_from, same.valid_to
            alias.save(update_fields=["removed", "merged_from", "valid_from", "valid_to"])
        source, into = into, into.merged_into


def _names_of(*entities: Entity) -> Iterator[Alias]:
    """The aliases of each that stand, and its name as one more where none of them is the same. One
    query."""
    standing: dict[int, list[Alias]] = {one.pk: [] for one in entities}
    for alias in Alias.objects.filter(entity__in=standing, removed=False).order_by("pk"):
        standing[alias.entity_id].append(alias)
    for one in entities:
        aliases = standing[one.pk]
        if not any(_name(alias) == _name(own_name(one)) for alias in aliases):
            yield own_name(one)
        yield from aliases


def own_name(entity: Entity) -> Alias:
    """The entity's name as one more alias of it; not saved."""
    return Alias(entity=entity, text=entity.name, folded=fold(entity.name), kind=AliasKind.FULL)


def _is_its_name(alias: Alias, entity: Entity) -> bool:
    """The alias says no more than the entity's name does."""
    dated = alias.valid_from or alias.valid_to
    return _name(alias) == _name(own_name(entity)) and not dated


def _name(alias: Alias) -> _Name:
    return _Name(alias.kind, alias.language, alias.text, alias.proposed_by_id)


def copied(alias: Alias, entity: Entity, *, merged_from: Entity | None = None) -> Alias:
    """The alias as one of another entity; not saved."""
    return Alias(
        entity=entity,
        text=alias.text,
        folded=alias.folded,
        language=alias.language,
        kind=alias.kind,
        valid_from=alias.valid_from,
        valid_to=alias.valid_to,
        proposed_by_id=alias.proposed_by_id,
        merged_from=merged_from,
    )
