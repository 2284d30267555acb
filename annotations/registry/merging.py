"""Two that are one, and one that is two.

A merge is one pointer, from the entity to the one it goes on as. What is linked to it stays linked
to it, its id answers for ever, and splitting back takes the pointer away. The other takes on its
names, so that it is found by them; with the pointer they go again.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.history import services as history
from annotations.registry.models import Alias, AliasKind, Entity
from annotations.registry.services import BadEntity, register
from annotations.text.names import fold


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
    there, unless somebody gave them to it since. Refuses (BadEntity) one that was not merged."""
    source = Entity.objects.select_for_update().get(pk=source.pk)
    into = source.merged_into
    if into is None:
        raise BadEntity(_("It was not merged, or it was split back already."))
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    Alias.objects.filter(entity=into, merged_from=source, removed=False).update(removed=True)
    _take_back(into)
    history.record("entity.split-back", source, by=by, what=into.name, into=str(into.uuid))
    history.record("entity.gave-back", into, by=by, what=source.name, whom=str(source.uuid))


@transaction.atomic
def split(
    entity: Entity, *, name: str, type: str, aliases: Collection[int], by: User | None
) -> Entity:
    """A new entity has these of the entity's aliases, and the entity has them no more. What is
    linked stays where it is; merging the new one back undoes it. Refuses (BadEntity) as `register`
    does, and an alias that is not there."""
    entity = Entity.objects.select_for_update().get(pk=entity.pk)
    moved = list(entity.aliases.filter(pk__in=aliases, removed=False).order_by("pk"))
    if len(moved) < len(set(aliases)):
        raise BadEntity(_("One of these names is not there any more. Nothing was split."))
    fresh = register(entity.registry, name=name, type=type, by=by)
    Alias.objects.filter(pk__in=[alias.pk for alias in moved]).update(removed=True)
    Alias.objects.bulk_create(
        _copy(alias, fresh) for alias in moved if alias.text != fresh.name or alias.language
    )
    history.record("entity.split", entity, by=by, what=fresh.name, whom=str(fresh.uuid))
    history.record("entity.split-off", fresh, by=by, what=entity.name, whom=str(entity.uuid))
    return fresh


def _locked(*entities: Entity) -> list[Entity]:
    """The rows as they are, held in one order by everybody until the end of the transaction."""
    keys = {one.pk for one in entities}
    rows = Entity.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    known = {row.pk: row for row in rows}
    return [known[one.pk] for one in entities]


# --- names that go along ----------------------------------------------------------------------


def _hand_over(source: Entity, into: Entity) -> None:
    """What `source` is called, `into` is called too; what it is called already stays its own."""
    known = {_name(alias): alias for alias in into.aliases.all()}
    for alias in _names_of(source):
        if alias.text == into.name and not alias.language:
            continue
        same = known.get(_name(alias))
        if same is None:
            _copy(alias, into, merged_from=source).save(force_insert=True)
        elif same.removed:
            same.removed, same.merged_from = False, source
            same.valid_from, same.valid_to = alias.valid_from, alias.valid_to
            same.save(update_fields=["removed", "merged_from", "valid_from", "valid_to"])


def _take_back(entity: Entity) -> None:
    """Names that heirs took on from this entity, and that it has no more, are gone from them."""
    while entity.merged_into is not None:
        into = entity.merged_into
        still = {_name(alias) for alias in _names_of(entity)}
        taken = into.aliases.filter(merged_from=entity, removed=False)
        gone = [alias.pk for alias in taken if _name(alias) not in still]
        Alias.objects.filter(pk__in=gone).update(removed=True)
        entity = into


def _names_of(entity: Entity) -> Iterator[Alias]:
    """The aliases that stand, and the name as one more."""
    yield Alias(
        entity=entity, text=entity.name, folded=fold(entity.name), kind=AliasKind.FULL, language=""
    )
    yield from entity.aliases.filter(removed=False).order_by("pk")


def _name(alias: Alias) -> _Name:
    return _Name(alias.kind, alias.language, alias.text, alias.proposed_by_id)


def _copy(alias: Alias, entity: Entity, *, merged_from: Entity | None = None) -> Alias:
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
