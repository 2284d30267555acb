"""Candidates for a mention, best first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from annotations.registry.models import Alias, Entity, EntityType
from annotations.text.names import fold

Rank = Literal["article", "corpus", "registry"]

SHOWN_ALIASES = 20
"""The most aliases that a candidate shows."""

LOOKED_AT = 300
"""How many names that hold the query are compared, of each way in which they can: what bounds the
cost of a query that is in half of the names."""

LEAST_MISSPELT = 4
"""The fewest code points of a query that may be a misspelt name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entity that may be meant. `rank`: where its reader linked it before; `alias`: the alias
    by which it was found, "" when its name was."""

    uuid: UUID
    name: str
    type: str
    aliases: Sequence[tuple[str, str]]
    proposed: bool
    rank: Rank
    alias: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and the keys of the entities they linked themselves: in this article, and in
    other articles of this corpus."""

    user_id: int
    article: Collection[int] = ()
    corpus: Collection[int] = ()


def candidates(registry_id: int, query: str, reader: Reader, *, limit: int = 8) -> list[Candidate]:
    """The entities of a registry with a name or alias that holds the query, those the reader
    linked in this article first, then those of this corpus, then all others; within each, equal
    names before names that begin alike, and those of one name by their kind. Equal names are never
    crowded out. Names that are only spelt alike are found when no name holds the query.

    What other annotators proposed is not there: it would tell what they found. An empty query
    gives what the reader linked, then the newest. One query, by the trigram indexes.
    """
    folded = fold(query)
    article = list(reader.article)
    values: dict[str, Any] = {
        "registry": registry_id,
        "reader": reader.user_id,
        "article": article,
        "near": [*article, *reader.corpus],
        "types": list(EntityType.values),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIKE if folded else _NEWEST, values | _patterns(folded))
        return [
            Candidate(uuid, name, type_, [(a[0], a[1]) for a in aliases], proposed, rank, alias)
            for uuid, name, type_, aliases, proposed, rank, alias in cursor.fetchall()
        ]


def _patterns(folded: str) -> dict[str, str]:
    """What a folded query is compared with. A query too short for a trigram is looked for where
    words begin; two characters that are no ASCII make trigrams enough."""
    equal = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    begins, word, inside = f"{equal}%", f"% {equal}%", f"%{equal}%"
    is_short = len(folded) < (3 if folded.isascii() else 2)
    holds = word if is_short else inside
    patterns = {"equal": equal, "begins": begins, "word": word, "inside": inside, "holds": holds}
    return patterns | {"folded": folded}


_SEEN = """e.registry_id = %(registry)s AND e.merged_into_id IS NULL
       AND (NOT e.proposed OR e.created_by_id = %(reader)s)"""
_KNOWN = "(NOT a.removed AND (a.proposed_by_id IS NULL OR a.proposed_by_id = %(reader)s))"
_NAMES = f"SELECT e.id, '' AS alias, e.folded, e.search_key FROM entity e WHERE {_SEEN}"
_ALIASES = f"""SELECT e.id, a.text AS alias, a.folded, a.search_key
      FROM alias a JOIN entity e ON e.id = a.entity_id WHERE {_SEEN} AND {_KNOWN}"""
_MISSPELT = f"""char_length(%(folded)s) >= {LEAST_MISSPELT} AND NOT EXISTS (SELECT FROM holding)
       AND ({{0}}.search_key %% search_key(%(folded)s) OR search_key(%(folded)s) <%% {{0}}.search_key)"""

_SHOWN = f"""SELECT e.uuid, e.name, e.type,
       ARRAY(SELECT ARRAY[a.text, a.kind] FROM alias a
              WHERE a.entity_id = e.id AND {_KNOWN} ORDER BY a.id LIMIT {SHOWN_ALIASES}),
       e.proposed, rank, alias"""
_RANK = """CASE WHEN e.id = ANY(%(article)s::bigint[]) THEN 'article'
            WHEN e.id = ANY(%(near)s::bigint[]) THEN 'corpus' ELSE 'registry' END"""


def _holding(names: str, row: str) -> str:
    """Names by the index, of each pattern apart: the planner knows what a pattern costs only when
    it stands in the query, and one that is in half of the names must not hide the equal one."""
    return " UNION ALL ".join(
        f"""({names} AND {row}.search_key LIKE search_key(%({pattern})s)
              AND {row}.folded LIKE %({pattern})s LIMIT {LOOKED_AT})"""
        for pattern in ("equal", "begins", "holds")
    )


# the three ranks happen to sort by their names
_LIKE = f"""
WITH holding AS (
  {_holding(_NAMES, "e")}
  UNION ALL
  {_holding(_ALIASES, "a")}
  UNION ALL
  {_NAMES} AND e.id = ANY(%(near)s::bigint[]) AND e.folded LIKE %(inside)s
  UNION ALL
  {_ALIASES} AND e.id = ANY(%(near)s::bigint[]) AND a.folded LIKE %(inside)s),
misspelt AS (
  ({_NAMES} AND {_MISSPELT.format("e")} LIMIT {LOOKED_AT})
  UNION ALL
  ({_ALIASES} AND {_MISSPELT.format("a")} LIMIT {LOOKED_AT})),
scored AS (
  SELECT *, CASE WHEN folded = %(folded)s THEN 4 WHEN folded LIKE %(begins)s THEN 3
                 WHEN folded LIKE %(word)s THEN 2 ELSE 1 END::float AS score FROM holding
  UNION ALL
  SELECT *, greatest(similarity(search_key, search_key(%(folded)s)),
                     word_similarity(search_key(%(folded)s), search_key)) FROM misspelt),
best AS (
  SELECT DISTINCT ON (id) id, alias, folded, score FROM scored ORDER BY id, score DESC, alias),
kept AS (
  SELECT *, {_RANK} AS rank FROM best AS e
   ORDER BY score = 4 DESC, rank, score DESC, char_length(folded), id LIMIT %(limit)s)
{_SHOWN} FROM kept JOIN entity e USING (id)
 ORDER BY rank, score DESC, char_length(kept.folded), kept.folded,
          array_position(%(types)s::text[], e.type), e.id"""

_NEWEST = f"""
WITH listed AS (
  (SELECT e.id FROM entity e WHERE {_SEEN} AND e.id = ANY(%(near)s::bigint[]))
  UNION
  (SELECT e.id FROM entity e WHERE {_SEEN} ORDER BY e.id DESC LIMIT %(limit)s))
{_SHOWN} FROM (SELECT e.id, '' AS alias, {_RANK} AS rank FROM listed JOIN entity e USING (id)) AS kept
  JOIN entity e USING (id)
 ORDER BY rank, e.id DESC LIMIT %(limit)s"""


def seen_by(user_id: int, registry_id: int) -> QuerySet[Entity]:
    """The entities of a registry that may be linked by this person: none that was merged, and no
    proposal of somebody else."""
    return Entity.objects.filter(
        Q(proposed=False) | Q(created_by=user_id), registry=registry_id, merged_into=None
    )


def aliases_known_to(user_id: int | None) -> QuerySet[Alias]:
    """The aliases that work for this person (for None: for everybody): those that stand and are
    nobody's proposal, and their own."""
    return Alias.objects.filter(Q(proposed_by=None) | Q(proposed_by=user_id), removed=False)


def shown(registry_id: int, uuids: Sequence[UUID], *, user_id: int | None) -> list[Entity]:
    """These entities with the aliases that this person may see, in two queries."""
    known = aliases_known_to(user_id).order_by("pk")
    return list(
        Entity.objects.filter(registry_id=registry_id, uuid__in=uuids).prefetch_related(
            Prefetch("aliases", queryset=known)
        )
    )


def goes_on_as(registry_id: int, uuids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By the id of each of these entities of a registry, the id of the one it goes on as: its own, or
    that of the one it was merged into. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE up(uuid, id) AS (
              SELECT e.uuid, e.id FROM entity e WHERE e.registry_id = %s AND e.uuid = ANY(%s)
              UNION ALL
              SELECT up.uuid, e.merged_into_id FROM up JOIN entity e ON e.id = up.id
               WHERE e.merged_into_id IS NOT NULL)
            SELECT up.uuid, e.uuid FROM up JOIN entity e ON e.id = up.id
             WHERE e.merged_into_id IS NULL""",
            [registry_id, list(uuids)],
        )
        return dict(cursor.fetchall())


def family(entity: Entity) -> frozenset[int]:
    """The keys of an entity and of all that was merged into it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE down(id) AS (
              SELECT %s::bigint UNION ALL
              SELECT e.id FROM entity e JOIN down ON e.merged_into_id = down.id)
            SELECT id FROM down""",
            [entity.pk],
        )
        return frozenset(key for (key,) in cursor.fetchall())
