"""Which entities of a registry are mentioned most. A job counts all mentions anew into a table
(`handlers.count_uses`), so that the list costs the same however much was linked.

What may be counted depends on who reads: totals are for who may see every campaign; for anyone else
the rows of the campaigns that they may see, and their own, are added up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.registry.models import Registry
from annotations.spans.models import EntityUse, UseCount


@dataclass(frozen=True, slots=True)
class Used:
    """An entity and how often it is mentioned."""

    entity: int
    count: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may count: all layers of some campaigns, and their own in others."""

    whole: QuerySet[Campaign]
    own: QuerySet[Campaign]
    user: User


@transaction.atomic
def count(registry: Registry, *, hold: Callable[[], None]) -> int:
    """All mentions of the registry's entities are counted as they stand; an entity that was merged
    counts with its heir. Returns how many are mentioned at all. `hold` is called at the end."""
    values = {"registry": registry.pk}
    with connection.cursor() as cursor:
        EntityUse.objects.filter(registry=registry).delete()
        cursor.execute(_COUNT, values)
        cursor.execute(_TOTALS, values)
        used: int = cursor.rowcount
    UseCount.objects.update_or_create(registry=registry, defaults={"counted_at": timezone.now()})
    hold()
    return used


def counted_at(registry: Registry) -> datetime | None:
    """When the mentions were counted last; None for never."""
    return UseCount.objects.filter(registry=registry).values_list("counted_at", flat=True).first()


def most_used(
    registry: Registry, sight: Sight, *, type: str = "", after: Used | None = None, limit: int
) -> list[Used]:
    """The entities with the most mentions at the last count, behind `after`; those without any are
    not there. Two queries. The cost is that of a page for who may see every campaign; else it grows
    with the entities mentioned in what they may see."""
    values: dict[str, Any] = {
        "registry": registry.pk,
        "type": type,
        "count": after.count if after else 2**62,
        "entity": after.entity if after else 0,
        "limit": limit,
    }
    there = Campaign.objects.filter(corpus__registry=registry, hidden=False)
    is_whole = not there.exclude(pk__in=sight.whole).exists()
    with connection.cursor() as cursor:
        if is_whole:
            cursor.execute(_OF_ONE_TYPE if type else _OF_ALL, values)
        else:
            cursor.execute(_ADDED_UP, values | _keys(there, sight))
        return [Used(*row) for row in cursor.fetchall()]


def _keys(there: QuerySet[Campaign], sight: Sight) -> dict[str, Any]:
    return {
        "whole": list(there.filter(pk__in=sight.whole).values_list("pk", flat=True)),
        "own": list(there.filter(pk__in=sight.own).values_list("pk", flat=True)),
        "user": sight.user.pk,
    }


_COUNT = """
WITH RECURSIVE layer AS MATERIALIZED (
  SELECT s.id, s.campaign_id, s.annotator_id
    FROM corpus c JOIN campaign k ON k.corpus_id = c.id JOIN assignment s ON s.campaign_id = k.id
   WHERE c.registry_id = %(registry)s AND NOT k.hidden AND NOT s.withdrawn
     AND s.status <> 'loading'),
linked AS MATERIALIZED (
  SELECT s.entity_id AS id, l.campaign_id, l.annotator_id, count(*) AS n
    FROM layer l JOIN span s ON s.assignment_id = l.id
   WHERE s.entity_id IS NOT NULL AND NOT s.removed GROUP BY 1, 2, 3
  UNION ALL
  SELECT r.to_entity_id, l.campaign_id, l.annotator_id, count(*)
    FROM layer l JOIN relation r ON r.assignment_id = l.id
   WHERE r.to_entity_id IS NOT NULL AND NOT r.removed GROUP BY 1, 2, 3),
up AS (
  SELECT e.id, e.merged_into_id, e.type, linked.campaign_id, linked.annotator_id, linked.n
    FROM linked JOIN entity e USING (id) WHERE e.registry_id = %(registry)s
  UNION ALL
  SELECT e.id, e.merged_into_id, e.type, up.campaign_id, up.annotator_id, up.n
    FROM up JOIN entity e ON e.id = up.merged_into_id)
INSERT INTO entity_use (registry_id, entity_id, type, campaign_id, annotator_id, mentions)
SELECT %(registry)s, id, type, campaign_id, annotator_id, sum(n) FROM up
 WHERE merged_into_id IS NULL GROUP BY id, type, campaign_id, annotator_id"""

_TOTALS = """
INSERT INTO entity_use (registry_id, entity_id, type, mentions)
SELECT registry_id, entity_id, type, sum(mentions) FROM entity_use
 WHERE registry_id = %(registry)s GROUP BY registry_id, entity_id, type"""

_OF_ALL = """
SELECT entity_id, mentions FROM entity_use
 WHERE registry_id = %(registry)s AND campaign_id IS NULL
   AND mentions <= %(count)s AND (mentions < %(count)s OR entity_id > %(entity)s)
 ORDER BY mentions DESC, entity_id LIMIT %(limit)s"""

_OF_ONE_TYPE = _OF_ALL.replace(
    "AND campaign_id IS NULL", "AND campaign_id IS NULL AND type = %(type)s"
)

_ADDED_UP = """
SELECT entity_id, sum(mentions)::bigint AS n FROM entity_use
 WHERE registry_id = %(registry)s AND (%(type)s = '' OR type = %(type)s)
   AND (campaign_id = ANY(%(whole)s) OR campaign_id = ANY(%(own)s) AND annotator_id = %(user)s)
 GROUP BY entity_id
HAVING sum(mentions) < %(count)s OR sum(mentions) = %(count)s AND entity_id > %(entity)s
 ORDER BY n DESC, entity_id LIMIT %(limit)s"""
