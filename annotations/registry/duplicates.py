"""Entities that may be the same: those that share a name, and those whose names are spelt alike.

Roles and metonyms are not compared: two ministers were called alike, and that is no mistake. What
somebody told apart is not proposed again. A job finds the pairs (`handlers.compare_names`): of every
entity that is new, and of every one whose names changed since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q

from annotations.accounts.models import User
from annotations.history import services as history
from annotations.registry.models import Distinction, Duplicate, Entity, NameKeys
from annotations.text.likeness import keys

PAIRS_SHOWN = 40
ALIKE = 0.6
"""The least similarity of two names spelt alike (pg_trgm: the trigrams they share, of all)."""
LEAST = 4
"""The fewest code points of a name that is compared for how it is spelt."""
AT_ONCE = 100
"""Entities whose names are compared with all others in one step."""
WAITING_TOLD = 10_000

_NEIGHBOURS = 3
"""With so many of those on either side in the order of their keys an entity is paired, of all that
share a name: a name that thousands share makes no millions of pairs."""
_ALIKE_KEPT = 5
"""Of those that are spelt like it, an entity is paired with so many, the most alike."""

Progress = Callable[[int, int], None]
"""Told the entities compared, and those and the ones that wait. May raise, to stop."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some pairs; `after` names the page that follows, 0 for none."""

    pairs: Sequence[Duplicate]
    after: int


def page(registry_id: int, *, proposals: bool, after: int = 0) -> Page:
    """The pairs behind `after`: those that share a name first, in the order of names. With
    `proposals` those too that annotators made. Two queries, whatever the registry holds."""
    found = Duplicate.objects.filter(
        registry=registry_id, first__merged_into=None, second__merged_into=None
    )
    if not proposals:
        found = found.filter(proposed=False)
    edge = Duplicate.objects.filter(registry=registry_id, pk=after).first() if after else None
    if edge is not None:
        found = found.filter(_behind(edge))
    pairs = list(found.order_by("alike", "word", "first", "second")[: PAIRS_SHOWN + 1])
    return Page(pairs[:PAIRS_SHOWN], pairs[PAIRS_SHOWN - 1].pk if len(pairs) > PAIRS_SHOWN else 0)


def _behind(edge: Duplicate) -> Q:
    later = Q(word__gt=edge.word) | Q(word=edge.word) & (
        Q(first__gt=edge.first_id) | Q(first=edge.first_id, second__gt=edge.second_id)
    )
    return Q(alike=True) | Q(later) if not edge.alike else Q(later, alike=True)


def waiting(registry_id: int) -> int:
    """How many entities wait to be compared, WAITING_TOLD at most."""
    return Entity.objects.filter(registry=registry_id, compared=False)[:WAITING_TOLD].count()


def behind() -> list[int]:
    """The keys of the registries of which entities wait to be compared."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND)
        return [key for (key,) in cursor.fetchall()]


def compare(registry_id: int, *, progress: Progress, hold: Callable[[], None]) -> int:
    """Every entity of the registry is compared with all others. Returns how many were.

    One transaction for AT_ONCE of them: whatever stops it, the next call goes on from there. `hold`
    is called in each; what it raises stops this.
    """
    done = 0
    while True:
        with transaction.atomic():
            hold()
            count = _step(registry_id)
        if not count:
            return done
        done += count
        progress(done, done + waiting(registry_id))


def _step(registry_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"registry": registry_id, "some": AT_ONCE})
        names: dict[int, str] = dict(cursor.fetchall())
        values: dict[str, int | float | list[int]] = {
            "registry": registry_id,
            "keys": list(names),
            "least": LEAST,
            "alike": ALIKE,
        }
        if names:
            _keep_keys(names)
            for statement in (_FORGET, _SHARING, _SPELT_ALIKE, _COMPARED):
                cursor.execute(statement, values)
        return len(names)


def _keep_keys(names: Mapping[int, str]) -> None:
    NameKeys.objects.bulk_create(
        (NameKeys(entity_id=key, keys=list(keys(name))) for key, name in names.items()),
        update_conflicts=True,
        unique_fields=["entity"],
        update_fields=["keys"],
    )


@transaction.atomic
def tell_apart(one: Entity, other: Entity, *, by: User | None) -> None:
    """These two are not the same, and are not proposed again."""
    first, second = sorted((one, other), key=lambda entity: entity.pk)
    _row, made = Distinction.objects.get_or_create(
        registry_id=first.registry_id, first=first, second=second, defaults={"by": by}
    )
    Duplicate.objects.filter(first=first, second=second).delete()
    if made:
        history.record("entity.told-apart", one, by=by, what=other.name, whom=str(other.uuid))
        history.record("entity.told-apart", other, by=by, what=one.name, whom=str(one.uuid))


_BEHIND = """
SELECT r.id FROM registry r
 WHERE EXISTS (SELECT FROM entity e WHERE e.registry_id = r.id AND NOT e.compared)
 ORDER BY r.id"""

_NEXT = """
SELECT id, search_key FROM entity WHERE registry_id = %(registry)s AND NOT compared
 ORDER BY id LIMIT %(some)s FOR NO KEY UPDATE"""

_FORGET = "DELETE FROM duplicate WHERE first_id = ANY(%(keys)s) OR second_id = ANY(%(keys)s)"

_COMPARED = "UPDATE entity SET compared = true WHERE id = ANY(%(keys)s)"

_TOLD_APART = """EXISTS (SELECT FROM distinction d
       WHERE d.first_id = least(n.id, o.id) AND d.second_id = greatest(n.id, o.id))"""

# Names that stand in the registry: an entity's own, and the aliases that tell it from others.
_NAMES = """
  SELECT e.id, e.folded AS name, e.proposed FROM entity e
   WHERE e.id = ANY(%(keys)s) AND e.merged_into_id IS NULL
  UNION
  SELECT e.id, a.folded, e.proposed OR a.proposed_by_id IS NOT NULL
    FROM entity e JOIN alias a ON a.entity_id = e.id
   WHERE e.id = ANY(%(keys)s) AND e.merged_into_id IS NULL
     AND NOT a.removed AND a.kind NOT IN ('role', 'metonym')"""


def _next_to(order: str, than: str) -> str:
    """Entities that have the name `n.name`, too: the nearest on one side. OFFSET 0 keeps the
    planner from beginning with all entities of the registry."""
    return f"""
    (SELECT x.id, x.proposed FROM entity x
      WHERE x.registry_id = %(registry)s AND x.folded = n.name AND x.id {than} n.id
        AND x.merged_into_id IS NULL ORDER BY x.id {order} LIMIT {_NEIGHBOURS})
    UNION ALL
    (SELECT a.entity_id, x.proposed OR a.proposed_by_id IS NOT NULL
       FROM (SELECT * FROM alias a WHERE a.folded = n.name AND a.entity_id {than} n.id
                AND NOT a.removed AND a.kind NOT IN ('role', 'metonym')
              ORDER BY a.entity_id {order} OFFSET 0) a
       CROSS JOIN LATERAL (SELECT * FROM entity x WHERE x.id = a.entity_id OFFSET 0) x
      WHERE x.registry_id = %(registry)s AND x.merged_into_id IS NULL
      ORDER BY a.entity_id {order} LIMIT {_NEIGHBOURS})"""


_SHARING = f"""
INSERT INTO duplicate (registry_id, first_id, second_id, name, alike, word, proposed)
SELECT DISTINCT ON (least(n.id, o.id), greatest(n.id, o.id))
       %(registry)s, least(n.id, o.id), greatest(n.id, o.id), n.name, false, n.name,
       n.proposed OR o.proposed
  FROM ({_NAMES}) n
  CROSS JOIN LATERAL ({_next_to("", ">")} UNION ALL {_next_to("DESC", "<")}) o
 WHERE NOT {_TOLD_APART}
 ORDER BY 2, 3, 7, n.name"""

_SPELT_ALIKE = f"""
INSERT INTO duplicate (registry_id, first_id, second_id, name, alike, word, proposed)
SELECT DISTINCT ON (least(n.id, o.id), greatest(n.id, o.id))
       %(registry)s, least(n.id, o.id), greatest(n.id, o.id), '', true, least(n.folded, o.folded),
       n.proposed OR o.proposed
  FROM (SELECT e.*, k.keys FROM entity e JOIN name_keys k ON k.entity_id = e.id
         WHERE e.id = ANY(%(keys)s) AND e.merged_into_id IS NULL
           AND char_length(e.folded) >= %(least)s OFFSET 0) n
  CROSS JOIN LATERAL (
    SELECT o.id, o.folded, o.proposed
      FROM (SELECT entity_id FROM name_keys k WHERE k.keys && n.keys OFFSET 0) k
      CROSS JOIN LATERAL (SELECT * FROM entity o WHERE o.id = k.entity_id OFFSET 0) o
     WHERE o.registry_id = %(registry)s AND o.merged_into_id IS NULL AND o.id <> n.id
       AND char_length(o.folded) >= %(least)s
       AND (o.type = n.type OR 'other' IN (o.type, n.type)) AND NOT {_TOLD_APART}
       AND similarity(o.search_key, n.search_key) >= %(alike)s
     ORDER BY similarity(o.search_key, n.search_key) DESC, o.folded, o.id LIMIT {_ALIKE_KEPT}) o
 WHERE NOT EXISTS (SELECT FROM duplicate d WHERE d.first_id = least(n.id, o.id)
                      AND d.second_id = greatest(n.id, o.id) AND NOT d.alike AND NOT d.proposed)
 ORDER BY 2, 3"""
