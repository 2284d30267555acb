"""The cases of a gold layer, and how far the articles of a campaign are settled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from annotations.accounts.models import SHOWN_NAME
from annotations.adjudication.cases import cases, of_article
from annotations.adjudication.planning import Ground
from annotations.adjudication.records import Case, Layer, Named, Said
from annotations.assignments.models import Assignment, Campaign, Status
from annotations.conversation.queries import Letter, letters
from annotations.registry.queries import goes_on_as, shown
from annotations.spans.images import (
    RELATION_COLUMNS,
    REMARK_COLUMNS,
    SPAN_COLUMNS,
    fetch,
    relation_image,
    remark_image,
    span_image,
)
from annotations.spans.queries import layer_state
from annotations.spans.remarks import FlagImage, NoteImage, WaiverImage
from annotations.spans.requests import RelationImage, SpanImage

ON_A_PAGE = 50

T = TypeVar("T")


# --- cases -----------------------------------------------------------------------------------


class ComparedLayer(msgspec.Struct, frozen=True):
    """A layer that is compared: the key of its assignment, whose it is, its revision."""

    id: int
    name: str
    revision: int


class Unfinished(msgspec.Struct, frozen=True):
    """A layer of the article that is not submitted, or not again."""

    name: str
    status: str


class ArticleCases(msgspec.Struct, frozen=True):
    """What an adjudicator settles in one article, as programs read it. `remarks` are about the
    article as a whole; `outdated` names the settlements about spans or relations that changed since;
    `messages` are what was asked about these layers, and answered."""

    layers: list[ComparedLayer]
    waiting: list[Unfinished]
    remarks: list[Said]
    cases: list[Case]
    outdated: list[UUID]
    messages: list[Letter]


_LAYERS = f"""
SELECT g.id, {SHOWN_NAME}, g.revision, g.status
  FROM assignment g JOIN account u ON u.id = g.annotator_id
 WHERE g.campaign_id = %s AND g.article_id = %s AND g.kind = 'annotator' AND NOT g.withdrawn
   AND (g.status = 'submitted' OR g.status <> 'skipped' AND u.is_active) ORDER BY g.id"""

_SPANS = f"""
SELECT s.assignment_id, {SPAN_COLUMNS} FROM span s JOIN label l ON l.id = s.label_id
  LEFT JOIN entity e ON e.id = s.entity_id WHERE s.assignment_id = ANY(%s) AND NOT s.removed"""

_RELATIONS = f"""
SELECT r.assignment_id, {RELATION_COLUMNS} FROM relation r JOIN relation_type k ON k.id = r.type_id
  LEFT JOIN entity e ON e.id = r.to_entity_id WHERE r.assignment_id = ANY(%s) AND NOT r.removed"""

_REMARKS = f"""
SELECT m.assignment_id, {REMARK_COLUMNS} FROM remark m
 WHERE m.assignment_id = ANY(%s) AND m.kind IN ('note', 'flag', 'waiver') AND NOT m.removed
 ORDER BY m.at, m.id"""

# when something changed is when the operation did that changed it last
_OUTDATED = """
SELECT DISTINCT m.id
  FROM remark m
  JOIN operation settled ON settled.assignment_id = m.assignment_id AND settled.seq = m.changed_seq
 CROSS JOIN LATERAL jsonb_to_recordset(m.body -> 'of') AS x (layer bigint, span uuid, relation uuid)
 CROSS JOIN LATERAL (
       SELECT s.changed_seq FROM span s WHERE s.assignment_id = x.layer AND s.id = x.span
        UNION ALL
       SELECT r.changed_seq FROM relation r WHERE r.assignment_id = x.layer AND r.id = x.relation) now
  JOIN operation changed ON changed.assignment_id = x.layer AND changed.seq = now.changed_seq
 WHERE m.assignment_id = %s AND m.kind = 'settlement' AND NOT m.removed AND changed.at > settled.at"""


def cases_of(gold: Assignment) -> ArticleCases:
    """Return the cases between the layers of a gold layer's article. Nine queries at most, whatever
    there is."""
    people = fetch(_LAYERS, [gold.campaign_id, gold.article_id])
    compared = [ComparedLayer(*row[:3]) for row in people if row[3] == Status.SUBMITTED]
    layers = layers_of([layer.id for layer in compared])
    entities = _entities(gold, *layers)
    return ArticleCases(
        layers=compared,
        waiting=[Unfinished(row[1], row[3]) for row in people if row[3] != Status.SUBMITTED],
        remarks=of_article(layers),
        cases=cases(layers, entities),
        outdated=_outdated(gold),
        messages=letters([layer.id for layer in compared]),
    )


def ground_of(gold: Assignment) -> tuple[int, Ground]:
    """Return the revision of a gold layer, and all that is known when its cases are settled. Thirteen
    queries at most."""
    gold.refresh_from_db(fields=["revision"])
    state = layer_state(gold)
    people = fetch(_LAYERS, [gold.campaign_id, gold.article_id])
    layers = layers_of([row[0] for row in people if row[3] == Status.SUBMITTED])
    entities = _entities(gold, *layers, Layer(gold.pk, state.spans, state.relations))
    return state.revision, Ground(
        key=gold.pk,
        spans=state.spans,
        relations=state.relations,
        settlements=state.settlements,
        waived={(one.label, str(one.fragments)) for one in state.waivers if one.reason},
        layers=layers,
        cases=cases(layers, entities),
        outdated=_outdated(gold),
        entities=entities,
    )


def layers_of(keys: Sequence[int]) -> list[Layer]:
    """These layers as they stand. Three queries, none for none."""
    if not keys:
        return []
    rows = [_by_layer(fetch(query, [keys])) for query in (_SPANS, _RELATIONS, _REMARKS)]
    spans, relations, remarks = rows
    said = {key: [remark_image(row)[1] for row in remarks[key]] for key in keys}
    return [
        Layer(
            key,
            [span_image(row)[0] for row in spans[key]],
            [relation_image(row)[0] for row in relations[key]],
            _only(NoteImage, said[key]),
            _only(FlagImage, said[key]),
            _only(WaiverImage, said[key]),
        )
        for key in keys
    ]


def _by_layer(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for layer, *row in rows:
        found[layer].append(tuple(row))
    return found


def _only(kind: type[T], some: Iterable[object]) -> list[T]:
    return [one for one in some if isinstance(one, kind)]


def _entities(gold: Assignment, *layers: Layer) -> Mapping[UUID, Named]:
    """What the layers link to, each as what it goes on as, as the adjudicator may see it. Three
    queries, none for none."""
    registry_id = gold.corpus.registry_id
    linked = {uuid for layer in layers for uuid in entities_in(layer.spans, layer.relations)}
    if not linked:
        return {}
    into = goes_on_as(registry_id, linked)
    named = {
        entity.uuid: Named(
            entity.uuid,
            entity.name,
            entity.type,
            tuple(alias.text for alias in entity.aliases.all()),
            entity.proposed,
        )
        for entity in shown(registry_id, [*set(into.values())], user_id=gold.annotator_id)
    }
    return {uuid: named[heir] for uuid, heir in into.items()}


def entities_in(spans: Iterable[SpanImage], relations: Iterable[RelationImage]) -> Iterable[UUID]:
    yield from (span.entity for span in spans if span.entity)
    yield from (relation.target.entity for relation in relations if relation.target.entity)


def _outdated(gold: Assignment) -> list[UUID]:
    return sorted(row[0] for row in fetch(_OUTDATED, [gold.pk]))


# --- how far a campaign is -------------------------------------------------------------------


class State(StrEnum):
    """Where an article stands. Ready: every annotator is done, and nobody settles it yet."""

    WAITING = "waiting"
    READY = "ready"
    PROGRESS = "progress"
    SETTLED = "settled"


class Article(NamedTuple):
    """An article of a campaign. `gold` is its gold layer, `changed`: a layer of it was submitted
    since that was."""

    key: int
    title: str
    state: State
    layers: int
    unfinished: int
    gold: int | None
    adjudicator: int | None
    name: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles of a campaign stand where."""

    waiting: int = 0
    ready: int = 0
    progress: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """`before` and `after` are the places to ask from for the page before and the one after."""

    rows: Sequence[Article]
    before: int | None
    after: int | None


# who is gone submits nothing any more, and keeps nobody waiting
_UNFINISHED = """g.kind = 'annotator' AND g.status NOT IN ('submitted', 'skipped')
               AND coalesce(u.is_active, true)"""

STATES = f"""
SELECT g.article_id AS key,
       CASE WHEN bool_or(g.kind = 'gold' AND g.status = 'submitted') THEN 'settled'
            WHEN bool_or(g.kind = 'gold' AND g.annotator_id IS NOT NULL) THEN 'progress'
            WHEN bool_or(g.kind = 'annotator' AND g.status = 'submitted')
             AND NOT bool_or({_UNFINISHED}) THEN 'ready'
            ELSE 'waiting' END AS state,
       count(*) FILTER (WHERE g.kind = 'annotator' AND g.status = 'submitted') AS layers,
       count(*) FILTER (WHERE {_UNFINISHED}) AS unfinished,
       (array_agg(g.id ORDER BY g.status = 'submitted' DESC, g.annotator_id IS NULL, g.slot)
         FILTER (WHERE g.kind = 'gold'))[1] AS gold,
       max(g.submitted_at) FILTER (WHERE g.kind = 'annotator' AND g.status = 'submitted') AS last
  FROM assignment g LEFT JOIN account u ON u.id = g.annotator_id
 WHERE g.campaign_id = %(campaign)s AND NOT g.withdrawn {{range}}
 GROUP BY g.article_id"""

PAGE = f"""
SELECT x.key, a.title, x.state, x.layers, x.unfinished, x.gold, o.annotator_id,
       coalesce({SHOWN_NAME}, ''),
       x.state = 'settled' AND coalesce(x.last > o.submitted_at, false)
  FROM ({STATES}) x JOIN article a ON a.id = x.key
  LEFT JOIN assignment o ON o.id = x.gold LEFT JOIN account u ON u.id = o.annotator_id
 WHERE (%(state)s::text IS NULL OR x.state = %(state)s)
   AND (%(who)s::bigint IS NULL OR o.annotator_id = %(who)s)"""


def articles(
    campaign: Campaign,
    *,
    state: State | None = None,
    adjudicator: int | None = None,
    after: int | None = None,
    before: int | None = None,
) -> ArticlePage:
    """Return the first articles behind `after`, or the last before `before`, in the order in which
    they are handed out. One query."""
    back = before is not None
    beyond = "AND g.article_id < %(at)s" if back else "AND g.article_id > %(at)s"
    order = "ORDER BY x.key DESC" if back else "ORDER BY x.key"
    known = {
        "campaign": campaign.pk,
        "state": state,
        "who": adjudicator,
        "at": before if back else after or 0,
        "most": ON_A_PAGE + 1,
    }
    rows = fetch(f"{PAGE.format(range=beyond)} {order} LIMIT %(most)s", known)
    some = [article_of(row) for row in rows[:ON_A_PAGE]]
    more = len(rows) > ON_A_PAGE
    if back:
        some.reverse()
    first, last = (some[0].key, some[-1].key) if some else (None, None)
    return ArticlePage(
        some,
        before=first if (more if back else after) else None,
        after=last if back or more else None,
    )


def article_of(row: Sequence[Any]) -> Article:
    """Return the article that a row of PAGE tells of."""
    return Article(row[0], row[1], State(row[2]), *row[3:])


def state_of(campaign: Campaign, article: int) -> State | None:
    """Return where an article stands, None where it is nothing of this campaign. One query."""
    states = STATES.format(range="AND g.article_id = %(article)s")
    found = fetch(f"SELECT state FROM ({states}) x", {"campaign": campaign.pk, "article": article})
    return State(found[0][0]) if found else None


def first_ready(campaign: Campaign) -> int | None:
    """Return the first article that is ready, None where none is. One query."""
    ready = f"SELECT key FROM ({STATES.format(range='')}) x WHERE state = 'ready'"
    found = fetch(f"{ready} ORDER BY key LIMIT 1", {"campaign": campaign.pk})
    return found[0][0] if found else None


_AWAITING = f"""
SELECT x.key FROM ({STATES.format(range="AND g.article_id > %(after)s")}) x
  LEFT JOIN assignment o ON o.id = x.gold
 WHERE x.state = 'ready'
    OR x.state = 'progress' AND x.unfinished = 0 AND x.layers > 0
       AND o.annotator_id = %(who)s AND o.status = 'open'
       AND NOT EXISTS (SELECT FROM operation p
                        WHERE p.assignment_id = o.id AND p.client IS DISTINCT FROM %(client)s)"""


def awaiting(campaign: Campaign, who: int, client: UUID, *, after: int, most: int) -> Sequence[int]:
    """Return the first articles behind `after` that are ready, or that this person opened and in
    which nobody but this client did anything. One query."""
    known = {"campaign": campaign.pk, "who": who, "client": client, "after": after, "most": most}
    return [row[0] for row in fetch(f"{_AWAITING} ORDER BY x.key LIMIT %(most)s", known)]


def count_awaiting(campaign: Campaign, who: int, client: UUID, *, after: int) -> int:
    """Return how many such articles there are. One query."""
    known = {"campaign": campaign.pk, "who": who, "client": client, "after": after}
    found: int = fetch(f"SELECT count(*) FROM ({_AWAITING}) x", known)[0][0]
    return found
