"""Whom the names that a file brings reach besides: what was merged goes on as another."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from annotations.exchange.registry_checking import Wanted
from annotations.registry import merging
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
    return merging.ways(first, [row for row in rows.values() if row.pk])
