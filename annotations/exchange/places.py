"""Which assignment each layer of a load fills: decided in the database, for many layers at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from annotations.assignments.models import Campaign, Status
from annotations.exchange.newcomers import UnfitLine, bring_person
from annotations.exchange.reading import Entry, Task, entries, places_path
from annotations.exchange.writing import place

_AT_ONCE = 10_000

# The layers of a batch as rows. Each step is given those that are still without a place.
_LAYERS = """
unnest(%(article)s::bigint[], %(person)s::bigint[], %(kind)s::text[], %(spans)s::int[],
       %(relations)s::int[], %(submitted_at)s::timestamptz[])
  WITH ORDINALITY AS i (article_id, person_id, kind, span_count, relation_count, submitted_at, n)
"""

# Every look-up is a subquery of its own, which can only go by an index. Joined, a campaign that
# the planner has no statistics of yet was read whole for every layer: 25 seconds for 10,000.
_KNOW = """
SELECT i.n - 1,
       (SELECT a.id FROM article a WHERE a.corpus_id = %(corpus)s AND a.sha256 = i.sha256
           AND a.withdrawn_at IS NULL),
       (SELECT u.id FROM account u WHERE lower(u.username) = lower(i.annotator))
  FROM unnest(%(sha256)s::bytea[], %(annotator)s::text[]) WITH ORDINALITY AS i (sha256, annotator, n)
"""

# An assignment of the person's own that holds no work: it waits for them, or they only opened it.
_OWN = f"""
SELECT i.n - 1, own.id
  FROM {_LAYERS},
       LATERAL (SELECT s.id FROM assignment s
                 WHERE s.campaign_id = %(campaign)s AND s.article_id = i.article_id
                   AND s.annotator_id = i.person_id AND s.kind = 'annotator'
                   AND (s.status = 'waiting' OR s.status = 'open' AND s.revision = 0)
                   FOR UPDATE) own
 WHERE i.kind = 'annotator'
"""

_WORKED = f"""
SELECT i.n - 1, there.ours
  FROM {_LAYERS},
       LATERAL (SELECT s.load_job IS NOT DISTINCT FROM %(load)s AS ours FROM assignment s
                 WHERE s.campaign_id = %(campaign)s AND s.article_id = i.article_id
                   AND s.annotator_id = i.person_id AND s.kind = i.kind LIMIT 1) there
"""

# The places that wait for anyone, in the order of their slots, for the layers as they come.
_FREE = f"""
SELECT ns[turn], id
  FROM (SELECT place.id, ns, row_number() OVER (PARTITION BY article_id ORDER BY place.slot) AS turn
          FROM (SELECT i.article_id, array_agg(i.n - 1 ORDER BY i.n) AS ns
                  FROM {_LAYERS} WHERE i.kind = 'annotator' GROUP BY i.article_id) article,
               LATERAL (SELECT s.id, s.slot FROM assignment s
                         WHERE s.campaign_id = %(campaign)s AND s.article_id = article.article_id
                           AND s.status = 'waiting' AND s.annotator_id IS NULL
                           AND s.kind = 'annotator' FOR UPDATE SKIP LOCKED) place) free
 WHERE turn <= cardinality(ns)
"""

_TAKE = f"""
UPDATE assignment s
   SET status = 'loading', load_job = %(load)s, annotator_id = i.person_id, revision = 1,
       span_count = i.span_count, relation_count = i.relation_count, touched_at = %(at)s,
       submitted_at = i.submitted_at
  FROM {_LAYERS} JOIN unnest(%(assignment)s::bigint[]) WITH ORDINALITY AS t (id, n) USING (n)
 WHERE s.id = t.id
"""

# The rest gets additional places, each in the next slot.
_ADD = f"""
INSERT INTO assignment (campaign_id, corpus_id, schema_id, article_id, annotator_id, kind, status,
       load_job, slot, revision, span_count, relation_count, active_seconds, skip_reason,
       touched_at, submitted_at)
SELECT %(campaign)s, %(corpus)s, %(schema)s, i.article_id, i.person_id, i.kind, 'loading', %(load)s,
       coalesce((SELECT max(s.slot) FROM assignment s WHERE s.campaign_id = %(campaign)s
                    AND s.article_id = i.article_id AND s.kind = i.kind), 0)
         + row_number() OVER (PARTITION BY i.article_id, i.kind ORDER BY i.n),
       1, i.span_count, i.relation_count, 0, '', %(at)s, i.submitted_at
  FROM {_LAYERS}
RETURNING article_id, annotator_id, kind, id
"""


@dataclass(slots=True)
class Placed:
    """What was decided: how much is loaded, which layers are not, whose accounts are new, and
    which assignments are to be something else than submitted."""

    layers: int = 0
    spans: int = 0
    relations: int = 0
    skipped: list[tuple[int, str, str, int]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    others: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Layer:
    """One layer on its way: `line` in the whole file; the keys are 0 until they are known."""

    entry: Entry
    line: int
    article: int = 0
    person: int = 0
    assignment: int = 0


class Placing:
    """Gives every layer of one load its place, in the caller's transaction."""

    def __init__(self, campaign: Campaign, load: UUID, at: datetime) -> None:
        self.placed = Placed()
        self._names: dict[str, Any] = {
            "campaign": campaign.pk,
            "corpus": campaign.corpus_id,
            "schema": campaign.schema_id,
            "load": load,
            "at": at,
        }
        self._corpus = campaign.corpus.slug

    def part(self, task: Task, before: int) -> None:
        """The layers of one part have their places, written where its loader looks for them.
        `before` is the number of lines of earlier parts. Raises UnfitLine. Constant memory."""
        found = entries(task)
        with places_path(task).open("wb") as places:
            while batch := [_Layer(e, before + e.line) for e in islice(found, _AT_ONCE)]:
                self._settle(batch)
                places.writelines(place(layer.assignment, layer.person) for layer in batch)

    def _settle(self, batch: list[_Layer]) -> None:
        self._know(batch)
        _refuse_twice(batch)
        self._take(batch, self._ask(_OWN, batch))
        left = self._without_worked([layer for layer in batch if not layer.assignment])
        self._take(left, self._ask(_FREE, left))
        self._add([layer for layer in left if not layer.assignment])
        self._count(layer for layer in batch if layer.assignment)

    def _know(self, batch: list[_Layer]) -> None:
        """The keys of articles and annotators; who is new here gets an account."""
        names = {
            "sha256": [layer.entry.sha256 for layer in batch],
            "annotator": [layer.entry.annotator for layer in batch],
            "corpus": self._names["corpus"],
        }
        with connection.cursor() as cursor:
            cursor.execute(_KNOW, names)
            for n, article, person in cursor.fetchall():
                batch[n].article, batch[n].person = article or 0, person or 0
        if unknown := next((layer for layer in batch if not layer.article), None):
            raise UnfitLine(unknown.line, "layer_article", corpus=self._corpus)
        if new := [layer for layer in batch if not layer.person]:
            self._bring(new)
            self._know(batch)

    def _bring(self, layers: Iterable[_Layer]) -> None:
        names = {layer.entry.annotator.lower(): layer for layer in reversed(list(layers))}
        for layer in reversed(names.values()):
            bring_person(layer.entry.annotator, layer.line)
            self.placed.strangers.append(layer.entry.annotator)

    def _without_worked(self, layers: list[_Layer]) -> list[_Layer]:
        """The layers whose annotators have no work on the article yet; the others are skipped.
        Raises UnfitLine for a layer that stands in the file twice."""
        worked = dict(self._ask(_WORKED, layers))
        for n, ours in sorted(worked.items()):
            layer = layers[n]
            if ours:
                raise _twice(layer)
            entry = layer.entry
            self.placed.skipped.append((layer.line, entry.annotator, entry.kind, layer.article))
        return [layer for n, layer in enumerate(layers) if n not in worked]

    def _ask(self, question: str, layers: list[_Layer]) -> list[Any]:
        if not layers:
            return []
        with connection.cursor() as cursor:
            cursor.execute(question, self._names | _arrays(layers))
            rows: list[Any] = cursor.fetchall()
            return rows

    def _take(self, layers: Sequence[_Layer], places: Sequence[tuple[int, int]]) -> None:
        """These layers fill these assignments."""
        for n, assignment in places:
            layers[n].assignment = assignment
        if taken := [layers[n] for n, _ in places]:
            with connection.cursor() as cursor:
                cursor.execute(_TAKE, self._names | _arrays(taken))

    def _add(self, layers: list[_Layer]) -> None:
        """These layers fill new assignments."""
        by_name = {(layer.article, layer.person, layer.entry.kind): layer for layer in layers}
        for *name, assignment in self._ask(_ADD, layers):
            by_name[tuple(name)].assignment = assignment

    def _count(self, loaded: Iterable[_Layer]) -> None:
        placed = self.placed
        for layer in loaded:
            placed.layers += 1
            placed.spans += layer.entry.spans
            placed.relations += layer.entry.relations
            if layer.entry.status != Status.SUBMITTED:
                placed.others.setdefault(layer.entry.status, []).append(layer.assignment)


def _arrays(layers: Sequence[_Layer]) -> dict[str, list[Any]]:
    return {
        "article": [layer.article for layer in layers],
        "person": [layer.person for layer in layers],
        "kind": [layer.entry.kind for layer in layers],
        "spans": [layer.entry.spans for layer in layers],
        "relations": [layer.entry.relations for layer in layers],
        "submitted_at": [layer.entry.submitted_at or None for layer in layers],
        "assignment": [layer.assignment for layer in layers],
    }


def _refuse_twice(layers: Iterable[_Layer]) -> None:
    seen: set[tuple[int, int, str]] = set()
    for layer in layers:
        name = (layer.article, layer.person, layer.entry.kind)
        if name in seen:
            raise _twice(layer)
        seen.add(name)


def _twice(layer: _Layer) -> UnfitLine:
    return UnfitLine(layer.line, "layer_twice", name=layer.entry.annotator)
