"""Where entities are linked: how often, and which words, in the layers that somebody may see.

A mention is a span that is linked to an entity, or a relation that ends at one (its words are those
of the span it starts at). An entity that was merged into another counts with it: its spans stay what they were. Withdrawn
articles have no mentions. `layers` is always the query set of what the reader may see.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from annotations.accounts.models import SHOWN_NAME
from annotations.assignments.models import Assignment

Sql = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention stands in the order of all: its layer, and its span or relation."""

    assignment: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that are linked to an entity, by which label or type of relation, and the article they
    stand in; a relation that starts at the article has no words."""

    place: Place
    text: Sequence[str]
    label: str
    article: int
    title: str
    corpus: str
    annotator: str
    kind: str


def counts(entities: Collection[int], layers: QuerySet[Assignment]) -> Mapping[int, int]:
    """How often each of these is mentioned, or what was merged into it. One query, by the indexes
    of what is linked to them."""
    seen, values = _seen(layers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{_WITH_MERGED}, linked(root, n) AS (
              SELECT d.root, count(*) FROM down d JOIN span s ON s.entity_id = d.id
               WHERE NOT s.removed AND s.assignment_id IN ({seen}) GROUP BY d.root
              UNION ALL
              SELECT d.root, count(*) FROM down d JOIN relation r ON r.to_entity_id = d.id
               WHERE NOT r.removed AND r.assignment_id IN ({seen}) GROUP BY d.root)
            SELECT root, sum(n)::bigint FROM linked GROUP BY root""",
            [list(entities), *values, *values],
        )
        return dict(cursor.fetchall())


def mentions(
    entity_id: int, layers: QuerySet[Assignment], *, after: Place | None = None, limit: int
) -> list[Mention]:
    """What mentions an entity or what was merged into it, layer by layer, behind `after`. One
    query."""
    seen, values = _seen(layers)
    behind = (after.assignment, after.id) if after else (0, UUID(int=0))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{_WITH_MERGED}, linked AS (
              SELECT s.assignment_id, s.id, s.text, l.key
                FROM down d JOIN span s ON s.entity_id = d.id JOIN label l ON l.id = s.label_id
               WHERE NOT s.removed
              UNION ALL
              SELECT r.assignment_id, r.id, coalesce(f.text, ARRAY[]::text[]), t.key
                FROM down d JOIN relation r ON r.to_entity_id = d.id
                JOIN relation_type t ON t.id = r.type_id
                LEFT JOIN span f ON f.assignment_id = r.assignment_id AND f.id = r.from_id
               WHERE NOT r.removed)
            SELECT m.assignment_id, m.id, m.text, m.key, r.id, r.title, c.slug,
                   coalesce({SHOWN_NAME}, ''), a.kind
              FROM linked m
              JOIN assignment a ON a.id = m.assignment_id
              JOIN article r ON r.id = a.article_id
              JOIN corpus c ON c.id = r.corpus_id
              LEFT JOIN account u ON u.id = a.annotator_id
             WHERE m.assignment_id IN ({seen}) AND (m.assignment_id, m.id) > (%s, %s)
             ORDER BY m.assignment_id, m.id LIMIT %s""",
            [[entity_id], *values, *behind, limit],
        )
        return [Mention(Place(*row[:2]), *row[2:]) for row in cursor.fetchall()]


_WITH_MERGED = """WITH RECURSIVE down(root, id) AS (
      SELECT id, id FROM entity WHERE id = ANY(%s)
      UNION ALL
      SELECT down.root, e.id FROM entity e JOIN down ON e.merged_into_id = down.id)"""


def _seen(layers: QuerySet[Assignment]) -> Sql:
    """The keys of the layers, as a query inside of another."""
    shown = layers.filter(withdrawn=False).order_by().values("pk")
    return shown.query.sql_with_params()
