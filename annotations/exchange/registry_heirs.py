"""Whom the names that a file brings reach besides: what was merged goes on as another."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from annotations.exchange.registry_checking import AT_ONCE, Wanted
from annotations.registry.models import Entity


def ways_of(wanted: Sequence[Wanted], rows: Mapping[UUID, Entity]) -> dict[UUID, list[Entity]]:
    """By the id of each that goes on as one that is here, what it goes on as, up to the last. An heir
    that comes with the file is called what its own line says.

    Some queries for the longest way; none where nothing is merged.
    """
    first: dict[UUID, int] = {}
    for one in wanted:
        row = rows[one.uuid]
        comes_into = rows[one.merged_into].pk if one.merged_into and not row.pk else None
        if into := row.merged_into_id or comes_into:
            first[one.uuid] = into
    heirs = {row.pk: row for row in rows.values() if row.pk}
    _follow(set(first.values()), heirs)
    return {uuid: [*_way(heirs, at)] for uuid, at in first.items()}


def _follow(starts: set[int], heirs: dict[int, Entity]) -> None:
    """`heirs` has all on the ways from these, by their keys."""
    todo = starts
    while todo:
        keys = [key for key in todo if key not in heirs]
        for start in range(0, len(keys), AT_ONCE):
            heirs |= Entity.objects.in_bulk(keys[start : start + AT_ONCE])
        todo = {into for key in todo if (into := heirs[key].merged_into_id)}


def _way(heirs: Mapping[int, Entity], at: int | None) -> Iterator[Entity]:
    while at:
        yield heirs[at]
        at = heirs[at].merged_into_id
