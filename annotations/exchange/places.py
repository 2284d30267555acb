"""Which assignment each layer of a load fills. Read and written for many layers at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from annotations.assignments.models import Campaign, Kind, Status
from annotations.exchange.newcomers import UnfitLine, bring_person
from annotations.exchange.reading import Entry, Task, entries, places_path
from annotations.exchange.writing import place

_AT_ONCE = 10_000

_ARTICLES = """
SELECT sha256, id FROM article
 WHERE corpus_id = %s AND withdrawn_at IS NULL
   AND sha256 = ANY(ARRAY(SELECT decode(given.hex, 'hex') FROM unnest(%s::text[]) AS given (hex)))
"""

_PEOPLE = """
SELECT given.name, u.id
  FROM unnest(%s::text[]) AS given (name) JOIN account u ON lower(u.username) = lower(given.name)
"""

# "+ 0": the planner has no statistics of a campaign that was just started, takes it for empty, and
# would read all of it again and again. By its article a row is found without any.
_THERE = """
SELECT id, article_id, annotator_id, kind, status, revision, slot, load_job
  FROM assignment WHERE article_id = ANY(%s::bigint[]) AND campaign_id + 0 = %s
 ORDER BY article_id, kind, slot
"""

# Nothing is locked before: who claims or saves meanwhile is not kept waiting, but takes precedence.
_TAKE = """
UPDATE assignment s
   SET status = 'loading', load_job = %(load)s, annotator_id = i.person_id, revision = 1,
       span_count = i.span_count, relation_count = i.relation_count, touched_at = %(at)s,
       submitted_at = i.submitted_at
  FROM unnest(%(assignment)s::bigint[], %(before)s::bigint[], %(person)s::bigint[],
              %(spans)s::int[], %(relations)s::int[], %(submitted_at)s::timestamptz[])
       AS i (id, before_id, person_id, span_count, relation_count, submitted_at)
 WHERE s.id = i.id AND s.annotator_id IS NOT DISTINCT FROM i.before_id
   AND s.status IN ('waiting', 'open') AND s.revision = 0
"""

_ADD = """
INSERT INTO assignment (campaign_id, corpus_id, schema_id, article_id, annotator_id, kind, status,
       load_job, slot, revision, span_count, relation_count, active_seconds, skip_reason,
       touched_at, submitted_at)
SELECT %(campaign)s, %(corpus)s, %(schema)s, i.article_id, i.person_id, i.kind, 'loading', %(load)s,
       i.slot, 1, i.span_count, i.relation_count, 0, '', %(at)s, i.submitted_at
  FROM unnest(%(article)s::bigint[], %(person)s::bigint[], %(kind)s::text[], %(slot)s::smallint[],
              %(spans)s::int[], %(relations)s::int[], %(submitted_at)s::timestamptz[])
       AS i (article_id, person_id, kind, slot, span_count, relation_count, submitted_at)
RETURNING article_id, kind, slot, id
"""


@dataclass(slots=True)
class Placed:
    """What was decided: how much is loaded, which layers are not (line, annotator, kind, key of
    the article), whose accounts are new, and which assignments are to be something else than
    submitted."""

    layers: int = 0
    spans: int = 0
    relations: int = 0
    skipped: list[tuple[int, str, str, int]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    others: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Layer:
    """One layer on its way: `line` in the whole file; keys are 0 until they are known."""

    entry: Entry
    line: int
    article: int = 0
    person: int = 0
    assignment: int = 0
    before: int | None = None
    slot: int = 0


@dataclass(slots=True)
class _There:
    """An assignment of an article, as it stands or as this load has decided."""

    id: int
    annotator: int | None
    kind: str
    status: str
    revision: int
    slot: int
    ours: bool

    def holds_no_work(self) -> bool:
        """Whether it only waits, or was opened and no more. A gold layer that was prepared waits,
        too, and is not empty."""
        return self.status in (Status.WAITING, Status.OPEN) and self.revision == 0


class Overtaken(Exception):
    """Somebody took a place between the reading and the writing: decide anew."""


class Placing:
    """Gives every layer of one load its place, in the caller's transaction."""

    def __init__(self, campaign: Campaign, load: UUID, at: datetime) -> None:
        self.placed = Placed()
        self._load = load
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
        `before` is the number of lines of earlier parts. Raises UnfitLine, or Overtaken: then
        the transaction is to be rolled back and all parts placed again. Constant memory."""
        found = entries(task)
        with places_path(task).open("wb") as places:
            while batch := [_Layer(e, before + e.line) for e in islice(found, _AT_ONCE)]:
                self._settle(batch)
                places.writelines(place(layer.assignment, layer.person) for layer in batch)

    def _settle(self, batch: Sequence[_Layer]) -> None:
        self._find_articles(batch)
        self._find_people(batch)
        there = self._there({layer.article for layer in batch})
        placed = [layer for layer in batch if self._decide(layer, there[layer.article])]
        self._take([layer for layer in placed if layer.assignment])
        self._add([layer for layer in placed if not layer.assignment])
        self._count(placed)

    def _find_articles(self, batch: Sequence[_Layer]) -> None:
        hashes = {layer.entry.sha256 for layer in batch}
        hexes = _array(sha256.hex() for sha256 in hashes)
        keys = dict(_rows(_ARTICLES, self._names["corpus"], hexes))
        for layer in batch:
            layer.article = keys.get(layer.entry.sha256, 0)
            if not layer.article:
                raise UnfitLine(layer.line, "layer_article", corpus=self._corpus)

    def people(self, first: Mapping[str, int]) -> dict[str, int]:
        """The accounts that have these names, each with the first line that names it; who is new
        here gets an inactive one. Raises UnfitLine."""
        keys = dict(_rows(_PEOPLE, list(first)))
        for name in sorted([name for name in first if name not in keys], key=first.__getitem__):
            if name not in keys:
                bring_person(name, first[name])
                self.placed.strangers.append(name)
                keys |= dict(_rows(_PEOPLE, list(first)))
        return keys

    def _find_people(self, batch: Sequence[_Layer]) -> None:
        keys = self.people({layer.entry.annotator: layer.line for layer in reversed(batch)})
        for layer in batch:
            layer.person = keys[layer.entry.annotator]

    def _there(self, articles: Iterable[int]) -> dict[int, list[_There]]:
        """The campaign's assignments of each of these articles, by kind and slot."""
        there: dict[int, list[_There]] = {article: [] for article in articles}
        for pk, article, annotator, kind, status, revision, slot, load in _rows(
            _THERE, _array(there), self._names["campaign"]
        ):
            ours = load == self._load
            there[article].append(_There(pk, annotator, kind, status, revision, slot, ours))
        return there

    def _decide(self, layer: _Layer, there: list[_There]) -> bool:
        """Whether the layer is loaded: into the place of its annotator, else one that waits for
        anyone, else an additional one in the next slot. Raises UnfitLine for a layer that stands
        in the file twice."""
        alike = [place for place in there if place.kind == layer.entry.kind]
        own = next((place for place in alike if place.annotator == layer.person), None)
        if own and own.ours:
            raise UnfitLine(layer.line, "layer_twice", name=layer.entry.annotator)
        if own and not (own.holds_no_work() and own.kind == Kind.ANNOTATOR):
            self._skip(layer, own)
            return False
        free = (place for place in alike if place.annotator is None and not place.revision)
        chosen = own or next(free, None)
        if chosen is None:
            chosen = _There(0, None, layer.entry.kind, "", 0, _next_slot(alike), ours=True)
            there.append(chosen)
        layer.assignment, layer.before, layer.slot = chosen.id, chosen.annotator, chosen.slot
        chosen.annotator, chosen.ours = layer.person, True
        return True

    def _skip(self, layer: _Layer, own: _There) -> None:
        """The layer is not loaded; settlements in the file mean the one that is there."""
        entry = layer.entry
        layer.assignment, layer.person = own.id, 0
        self.placed.skipped.append((layer.line, entry.annotator, entry.kind, layer.article))

    def _take(self, layers: Sequence[_Layer]) -> None:
        """These layers fill the assignments they were given. Raises Overtaken."""
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, self._names | _arrays(layers))
            if cursor.rowcount != len(layers):
                raise Overtaken

    def _add(self, layers: Sequence[_Layer]) -> None:
        """These layers fill new assignments. Raises Overtaken."""
        made = {(layer.article, layer.entry.kind, layer.slot): layer for layer in layers}
        with connection.cursor() as cursor:
            try:
                cursor.execute(_ADD, self._names | _arrays(layers))
            except IntegrityError as error:
                raise Overtaken from error
            for *name, assignment in cursor.fetchall():
                made[tuple(name)].assignment = assignment

    def _count(self, loaded: Iterable[_Layer]) -> None:
        placed = self.placed
        for layer in loaded:
            placed.layers += 1
            placed.spans += layer.entry.spans
            placed.relations += layer.entry.relations
            if layer.entry.status != Status.SUBMITTED:
                placed.others.setdefault(layer.entry.status, []).append(layer.assignment)


def _next_slot(places: Iterable[_There]) -> int:
    return max((place.slot for place in places), default=0) + 1


def _arrays(layers: Sequence[_Layer]) -> dict[str, str]:
    return {
        "article": _array(layer.article for layer in layers),
        "assignment": _array(layer.assignment for layer in layers),
        "before": _array(layer.before for layer in layers),
        "kind": _array(layer.entry.kind for layer in layers),
        "person": _array(layer.person for layer in layers),
        "relations": _array(layer.entry.relations for layer in layers),
        "slot": _array(layer.slot for layer in layers),
        "spans": _array(layer.entry.spans for layer in layers),
        "submitted_at": _array(layer.entry.submitted_at or None for layer in layers),
    }


def _array(values: Iterable[int | str | None]) -> str:
    """These as PostgreSQL spells an array. Only for numbers, and for words without anything to quote:
    psycopg looks for some in each element, which was a third of all that is done here."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[Any] = cursor.fetchall()
        return rows
