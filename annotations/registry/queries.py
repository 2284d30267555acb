"""Candidates for a mention, best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from annotations.registry.models import Entity
from annotations.text.names import fold


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entity that may be meant. `here`: it is linked in the reader's own layer already."""

    uuid: UUID
    name: str
    type: str
    aliases: list[tuple[str, str]]
    proposed: bool
    here: bool


def candidates(
    registry_id: int, query: str, *, here: Sequence[UUID] = (), limit: int = 8
) -> list[Candidate]:
    """The entities of a registry whose name or alias is like the query, best first: equal, then
    beginning alike, then alike by trigrams; those in `here` before others. An empty query gives
    those in `here`, then the newest. One query, by the trigram indexes."""
    folded = fold(query)
    with connection.cursor() as cursor:
        cursor.execute(
            _LIKE if folded else _NEWEST,
            {
                "registry": registry_id,
                "query": folded,
                "pattern": _escaped(folded) + "%",
                "inside": "%" + _escaped(folded) + "%",
                "here": list(here),
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    return [
        Candidate(u, n, t, [tuple(a) for a in al], p, u in set(here)) for u, n, t, al, p in rows
    ]


def _escaped(folded: str) -> str:
    return folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_SHOWN = """SELECT e.uuid, e.name, e.type,
       coalesce((SELECT array_agg(ARRAY[a.text, a.kind] ORDER BY a.id) FROM alias a
                  WHERE a.entity_id = e.id), '{}'), e.proposed"""

_LIKE = f"""
WITH found AS (
  SELECT id AS entity_id, folded FROM entity
   WHERE registry_id = %(registry)s AND (folded LIKE %(inside)s OR folded %% %(query)s)
  UNION ALL
  SELECT a.entity_id, a.folded FROM alias a
   WHERE a.folded LIKE %(inside)s OR a.folded %% %(query)s),
best AS (
  SELECT entity_id, max(CASE WHEN folded = %(query)s THEN 3
                             WHEN folded LIKE %(pattern)s THEN 2
                             ELSE similarity(folded, %(query)s) END) AS score
    FROM found GROUP BY entity_id)
{_SHOWN}
  FROM best JOIN entity e ON e.id = best.entity_id
 WHERE e.registry_id = %(registry)s AND e.merged_into_id IS NULL
 ORDER BY (score >= 3) DESC, (e.uuid = ANY(%(here)s)) DESC, score DESC, e.name, e.id
 LIMIT %(limit)s"""

_NEWEST = f"""{_SHOWN}
  FROM entity e
 WHERE e.registry_id = %(registry)s AND e.merged_into_id IS NULL
 ORDER BY (e.uuid = ANY(%(here)s)) DESC, e.id DESC
 LIMIT %(limit)s"""


def shown(registry_id: int, uuids: Sequence[UUID]) -> list[Entity]:
    """These entities with their aliases, in two queries."""
    return list(
        Entity.objects.filter(registry_id=registry_id, uuid__in=uuids).prefetch_related("aliases")
    )
