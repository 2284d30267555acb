"""Entities that may be the same: those that share a name, and those whose names are spelt alike.

Roles and metonyms are not compared: two ministers were called alike, and that is no mistake. What
somebody told apart is not proposed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from django.db import connection, transaction

from annotations.accounts.models import User
from annotations.history import services as history
from annotations.registry.models import Distinction, Entity

PAIRS_SHOWN = 40
ALIKE = 0.6
"""The least similarity of two names spelt alike (pg_trgm: the trigrams they share, of all)."""
LEAST = 4
"""The fewest code points of a name that is compared for how it is spelt."""
AT_ONCE = 40
"""Entities whose names are compared with all others in one query."""
PATIENCE = 1.5
"""Seconds after which no more names are compared for one page."""

_NEIGHBOURS = 3
"""With so many of those behind it in the order of their keys an entity is paired, of all that share
a name: a name that thousands share makes no millions of pairs."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entities by their keys, and the name they share, "" for one spelt alike."""

    first: int
    second: int
    name: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs spelt alike, and the entity up to which names were compared; None at the end."""

    pairs: Sequence[Pair]
    after: UUID | None


def sharing(registry_id: int, *, proposals: bool, limit: int = PAIRS_SHOWN) -> list[Pair]:
    """Pairs that share a name or an alias, in the order of these; with `proposals` those too that
    annotators made. One query, which reads all names of the registry."""
    values: dict[str, int | bool] = {
        "registry": registry_id,
        "proposals": proposals,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, values)
        return [Pair(*row) for row in cursor.fetchall()]


@transaction.atomic
def alike(
    registry_id: int, *, proposals: bool, after: UUID | None = None, limit: int = PAIRS_SHOWN
) -> Alike:
    """Pairs whose names are spelt alike, from `after` on in the order of names, until there are
    enough of them or it took too long. As many queries as that lets it."""
    until = monotonic() + PATIENCE
    values: dict[str, int | bool] = {
        "registry": registry_id,
        "proposals": proposals,
        "least": LEAST,
    }
    pairs: list[Pair] = []
    edge = Entity.objects.filter(registry=registry_id, uuid=after).first() if after else None
    place = (edge.folded, edge.pk) if edge else ("", 0)
    with connection.cursor() as cursor:
        # for a few thousand names the planner thinks comparing each with each cheaper: it is not
        cursor.execute(
            """SELECT set_config('pg_trgm.similarity_threshold', %s, true),
                      set_config('enable_seqscan', 'off', true)""",
            [str(ALIKE)],
        )
        while True:
            cursor.execute(
                _WINDOW, {**values, "folded": place[0], "key": place[1], "some": AT_ONCE}
            )
            some = cursor.fetchall()
            if not some:
                return Alike(pairs, None)
            cursor.execute(_ALIKE, {**values, "keys": [key for key, _, _ in some]})
            pairs += [Pair(first, second, "") for first, second in cursor.fetchall()]
            last, folded, uuid = some[-1]
            place = (folded, last)
            if len(pairs) >= limit or monotonic() > until:
                return Alike(pairs, uuid)


@transaction.atomic
def tell_apart(one: Entity, other: Entity, *, by: User | None) -> None:
    """These two are not the same, and are not proposed again."""
    first, second = sorted((one, other), key=lambda entity: entity.pk)
    _row, made = Distinction.objects.get_or_create(
        registry_id=first.registry_id, first=first, second=second, defaults={"by": by}
    )
    if made:
        history.record("entity.told-apart", one, by=by, what=other.name, whom=str(other.uuid))
        history.record("entity.told-apart", other, by=by, what=one.name, whom=str(one.uuid))


_SEEN = """{0}.registry_id = %(registry)s AND {0}.merged_into_id IS NULL
       AND (%(proposals)s OR NOT {0}.proposed)"""
_TOLD_APART = """EXISTS (SELECT FROM distinction d
       WHERE d.first_id = least({0}, {1}) AND d.second_id = greatest({0}, {1}))"""

_SHARING = f"""
WITH names AS (
  SELECT e.folded, e.id FROM entity e WHERE {_SEEN.format("e")}
  UNION
  SELECT a.folded, e.id FROM alias a JOIN entity e ON e.id = a.entity_id
   WHERE {_SEEN.format("e")} AND NOT a.removed AND a.kind NOT IN ('role', 'metonym')
     AND (%(proposals)s OR a.proposed_by_id IS NULL)),
next AS (
  SELECT folded, id, {", ".join(f"lead(id, {n}) OVER w AS n{n}" for n in range(1, _NEIGHBOURS + 1))}
    FROM names WINDOW w AS (PARTITION BY folded ORDER BY id)),
pairs AS (
  SELECT DISTINCT ON (id, other) id, other, folded
    FROM next, unnest(ARRAY[{", ".join(f"n{n}" for n in range(1, _NEIGHBOURS + 1))}]) AS other
   WHERE n1 IS NOT NULL AND other IS NOT NULL AND NOT {_TOLD_APART.format("next.id", "other")}
   ORDER BY id, other, folded)
SELECT id, other, folded FROM pairs ORDER BY folded, id, other LIMIT %(limit)s"""

_WINDOW = f"""
SELECT e.id, e.folded, e.uuid FROM entity e
 WHERE {_SEEN.format("e")} AND (e.folded, e.id) > (%(folded)s, %(key)s)
 ORDER BY e.folded, e.id LIMIT %(some)s"""

# OFFSET 0 keeps the planner from walking through all names in their order instead of the trigrams
_ALIKE = f"""
SELECT e.id, o.id FROM entity e CROSS JOIN LATERAL (
  SELECT o.id, o.folded
    FROM (SELECT * FROM entity o WHERE o.search_key %% e.search_key OFFSET 0) o
   WHERE {_SEEN.format("o")} AND o.folded > e.folded
     AND (o.type = e.type OR 'other' IN (o.type, e.type))
     AND NOT {_TOLD_APART.format("e.id", "o.id")}
   ORDER BY o.folded, o.id LIMIT 5) o
 WHERE e.id = ANY(%(keys)s) AND char_length(e.folded) >= %(least)s
 ORDER BY e.folded, e.id, o.folded, o.id"""
