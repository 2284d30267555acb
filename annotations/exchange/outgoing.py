"""A campaign's layers as kutip/1 lines, read from one snapshot, in constant memory."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import msgspec
import psycopg
from django.db import connection, transaction

from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Article
from annotations.exchange.assembly import Layer, Lies, moment
from annotations.exchange.formats import kutip
from annotations.exchange.heirs import with_heirs
from annotations.exchange.members import Member, handfuls
from annotations.exchange.records import (
    FORMAT,
    KINDS,
    OFFSET_UNIT,
    AliasRecord,
    ArticleRecord,
    Attributes,
    EndRecord,
    EntityRecord,
    Line,
    Pair,
    RelationRecord,
    SchemaRecord,
    SpanRecord,
    article_key,
)
from annotations.exchange.settlements import standing
from annotations.schema.models import Label, RelationType
from annotations.text.fragments import covered, pairs

T = TypeVar("T")
U = TypeVar("U")

SUBMITTED = (Status.SUBMITTED,)
WITH_OPEN = (Status.SUBMITTED, Status.OPEN, Status.REOPENED, Status.SKIPPED)

_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""

_ARTICLES = f"""
SELECT a.id, a.author, a.external_id, a.language, a.metadata::text, {_MOMENT.format("a.published")},
       encode(a.sha256, 'hex'), a.source, t.text, a.title, a.url
  FROM article a JOIN article_text t ON t.article_id = a.id WHERE a.id = ANY(%s)
"""

_LAYERS = f"""
SELECT s.id, s.article_id, u.username, s.kind, s.status, {_MOMENT.format("s.submitted_at")}
  FROM assignment s JOIN account u ON u.id = s.annotator_id WHERE s.id = ANY(%s)
"""

# Layer by layer, which OFFSET keeps: so the key is used whatever the planner knows of the table. Of a
# campaign that was just loaded it knows nothing, and would read the whole table for each handful.
_OF_LAYERS = """
  FROM unnest(%s::bigint[]) AS layer (key) CROSS JOIN LATERAL
       (SELECT * FROM {} WHERE assignment_id = layer.key AND NOT removed OFFSET 0) AS standing"""

# Almost every span has one fragment: its numbers and its text travel without an array around them.
_SPANS = f"""
SELECT assignment_id, label_id, id::text, fragments[1], fragments[2], text[1], attributes::text,
       entity_id, CASE WHEN cardinality(fragments) > 2 THEN fragments END,
       CASE WHEN cardinality(fragments) > 2 THEN text END
{_OF_LAYERS.format("span")}
"""

_RELATIONS = f"""
SELECT assignment_id, type_id, id::text, from_article, from_id::text, to_id::text, to_entity_id,
       attributes::text
{_OF_LAYERS.format("relation")} ORDER BY id
"""

_SAID = f"""
SELECT m.assignment_id, m.kind, m.id::text, m.span_id::text, m.body::text, u.username,
       {_MOMENT.format("m.at")}
  FROM ({{}}) m JOIN account u ON u.id = m.account_id
 WHERE m.assignment_id = ANY(%s) ORDER BY m.assignment_id, m.at, m.id
"""
_EACH_REMARK = """
       SELECT assignment_id, kind, id, span_id, body, account_id, at FROM remark WHERE NOT removed"""
_EACH_MESSAGE = """
       SELECT assignment_id, 'message', id, span_id, jsonb_build_object('asks', asks, 'text', text),
              account_id, at FROM message"""
_REMARKS = _SAID.format(_EACH_REMARK)
_REMARKS_AND_MESSAGES = _SAID.format(f"{_EACH_REMARK} UNION ALL {_EACH_MESSAGE}")

_POSITION = """
SELECT (SELECT coalesce(max(id), 0) FROM event),
       (SELECT coalesce(sum(revision), 0)::bigint FROM assignment WHERE campaign_id = %s)
"""

# with all that they were merged into, on the way to the one they go on as
_ENTITIES = """
WITH RECURSIVE up AS (
  SELECT id, uuid, name, type, merged_into_id FROM entity WHERE id = ANY(%s)
  UNION
  SELECT e.id, e.uuid, e.name, e.type, e.merged_into_id
    FROM up JOIN entity e ON e.id = up.merged_into_id)
SELECT id, uuid::text, name, type, merged_into_id FROM up
"""
_ENTITIES_ALONE = "SELECT id, uuid::text, name, type, NULL FROM entity WHERE id = ANY(%s)"
_ALIASES = """
SELECT entity_id, proposed_by_id, kind, language, text FROM alias WHERE entity_id = ANY(%s) AND NOT removed
"""


_decode = msgspec.json.Decoder(Attributes).decode


@lru_cache(maxsize=4_096)
def _attributes(given: str) -> Attributes:
    """Attributes as the database has them; the same few stand on most spans."""
    return _decode(given)


@dataclass(slots=True)
class Tally:
    """What an export holds, counted as it is written. `first` and `last` are moments of
    publication, as lines have them; `annotators` are people,
    `people` is how many there are behind layers that were computed, too: None where none was."""

    articles: int = 0
    articles_with_layers: int = 0
    code_points: int = 0
    fragments: int = 0
    layers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    people: int | None = None
    first: str | None = None
    last: str | None = None
    labels: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    entities: set[str] = field(default_factory=set)

    def add(self, line: Line) -> None:
        """One more line; its spans and relations are counted where they are read."""
        self.articles += 1
        self.articles_with_layers += bool(line.layers)
        self.code_points += len(line.article.text)
        self.entities.update(one.id for one in line.entities if one.merged_into is None)
        self._add_article(line)
        for layer in line.layers:
            self.layers[layer.kind] += 1
            self.statuses[layer.status] += 1
            if layer.kind in KINDS:
                self.annotators[layer.annotator] += 1

    def add_whole(self, line: Line) -> None:
        """One more line, with its spans and relations: for one that is not as it was read."""
        self.add(line)
        for layer in line.layers:
            self.labels.update([span.label for span in layer.spans])
            self.relations.update([relation.type for relation in layer.relations])
            self.fragments += sum(len(span.fragments) for span in layer.spans)

    def _add_article(self, line: Line) -> None:
        article = line.article
        self.languages[article.language] += 1
        self.sources[article.source] += 1
        if line.split:
            self.splits[line.split] += 1
        if article.published:
            self.first = min(self.first or article.published, article.published)
            self.last = max(self.last or article.published, article.published)


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, everything read is of one moment, and nothing can be written. Inside a caller's
    transaction that transaction is all there is."""
    whole = not connection.in_atomic_block
    with transaction.atomic():
        if whole:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def position(campaign: Campaign) -> dict[str, int]:
    """Where the history stands: the newest event of all, and how many operations the campaign's
    layers have seen. While both stay, so does what an export of the campaign holds."""
    with connection.cursor() as cursor:
        cursor.execute(_POSITION, [campaign.pk])
        event, operations = cursor.fetchone()
    return {"event": event, "operations": operations}


def lines(campaign: Campaign, found: Sequence[bytes], tally: Tally) -> Generator[Line]:
    """The line of every member, in their order, counted in `tally`. To be read inside the
    `snapshot` in which they were found, and closed there: the database is asked for some lines
    while those before them are made. Raises Lies."""
    reader = _Reader(campaign, tally)
    with closing(_ahead(reader.fetch, handfuls(found))) as batches:
        for batch in batches:
            yield from reader.lines(batch)


def _ahead(fetch: Callable[[T], U], wanted: Iterable[T]) -> Generator[U]:
    """What `fetch` gives for each, fetched in another thread one step before it is asked for."""
    with ThreadPoolExecutor(max_workers=1) as other:
        coming: Future[U] | None = None
        for one in wanted:
            before, coming = coming, other.submit(fetch, one)
            if before:
                yield before.result()
        if coming:
            yield coming.result()


def line_of(assignment: Assignment) -> bytes:
    """One layer alone, whatever its status: a kutip/1 line with the layer's ``revision`` beside
    the other keys, without LF. Raises Lies."""
    with snapshot():
        article = assignment.article
        uuid = UUID(bytes=article_key(bytes(article.sha256)))
        member = Member(uuid, article.pk, article.length, 0, [assignment.pk])
        reader = _Reader(assignment.campaign, Tally(), alone=assignment.annotator_id)
        [line] = reader.lines(reader.fetch([member]))
        revision = Assignment.objects.values_list("revision", flat=True).get(pk=assignment.pk)
        return kutip.with_revision(line, revision)


def line_over(campaign: Campaign, article: Article, layers: Sequence[int]) -> Line:
    """One article with these layers of a campaign, given by their keys. Raises Lies."""
    uuid = UUID(bytes=article_key(bytes(article.sha256)))
    reader = _Reader(campaign, Tally())
    [line] = reader.lines(reader.fetch([Member(uuid, article.pk, article.length, 0, layers)]))
    return line


@dataclass(slots=True)
class _Batch:
    """What the database has of some articles: rows, as the queries name their columns. `into`: where
    the entities went that were merged, by their keys."""

    members: Sequence[Member]
    articles: list[Any]
    layers: list[Any]
    spans: list[Any]
    relations: list[Any]
    remarks: list[Any]
    entities: dict[int, EntityRecord]
    into: dict[int, int]


class _Reader:
    """Reads handfuls of articles with their layers, seven queries each. `alone`: for this person,
    who sees no alias that somebody else proposed, no message with the name of who adjudicates, and
    not what a manager made of the entities that were linked."""

    def __init__(self, campaign: Campaign, tally: Tally, *, alone: int | None = None) -> None:
        self._tally, self._alone = tally, alone
        schema = campaign.schema
        self._schema = SchemaRecord(schema.key, schema.version)
        self._labels = dict(Label.objects.filter(schema=schema).values_list("pk", "key"))
        self._types = dict(RelationType.objects.filter(schema=schema).values_list("pk", "key"))
        # psycopg's own: Django's is another one in each thread, and converts dates that stay here
        self._database = connection.connection

    def fetch(self, members: Sequence[Member]) -> _Batch:
        """All that the lines of these articles need. May be called from any thread."""
        layers = [pk for member in members for pk in member.layers]
        spans, relations = self._rows(_SPANS, layers), self._rows(_RELATIONS, layers)
        linked = {row[7] for row in spans} | {row[6] for row in relations}
        return _Batch(
            members,
            self._rows(_ARTICLES, [member.article for member in members]),
            self._rows(_LAYERS, layers),
            spans,
            relations,
            self._rows(_REMARKS if self._alone else _REMARKS_AND_MESSAGES, layers),
            *self._entities(linked - {None}),
        )

    def lines(self, batch: _Batch) -> Iterator[Line]:
        """The lines of these articles, in their order."""
        articles = {row[0]: row for row in batch.articles}
        layers: dict[int, Layer] = {}
        for pk, key, *rest in batch.layers:
            layers[pk] = Layer(articles[key][8], *rest)
        self._add_spans(layers, batch.spans, batch.entities)
        self._add_relations(layers, batch.relations, batch.entities)
        for pk, rows in groupby(batch.remarks, itemgetter(0)):
            layers[pk].add_remarks((row[1:] for row in rows), layers)
        self._count(batch)
        for member in batch.members:
            mine = [layers[pk] for pk in member.layers]
            yield self._line(str(member.uuid), articles[member.article], mine, batch)

    def _count(self, batch: _Batch) -> None:
        self._tally.labels.update([self._labels[row[1]] for row in batch.spans])
        self._tally.relations.update([self._types[row[1]] for row in batch.relations])
        more = [len(row[8]) // 2 - 1 for row in batch.spans if row[8] is not None]
        self._tally.fragments += len(batch.spans) + sum(more)

    def _add_spans(
        self, layers: dict[int, Layer], rows: list[Any], entities: dict[int, EntityRecord]
    ) -> None:
        labels = self._labels
        for pk, label, span_id, start, end, piece, given, entity, flat, pieces in rows:
            layer, key = layers[pk], labels[label]
            uuid = None
            if entity is not None:
                uuid = entities[entity].id
                layer.linked.add(entity)
            fragments: Sequence[Pair] = ((start, end),)
            texts = (piece,)
            if flat is not None:
                fragments, texts, end = pairs(flat), pieces, flat[-1]
                true = covered(layer.text, fragments) == tuple(pieces)
            else:
                true = layer.text[start:end] == piece
            if not true:
                raise Lies(f"span {span_id} of assignment {pk} does not cover its text")
            record = SpanRecord(
                attributes=_attributes(given),
                entity=uuid,
                fragments=fragments,
                id=span_id,
                label=key,
                notes=(),
                text=texts,
            )
            layer.spans.append((start, end, key, span_id, record))

    def _add_relations(
        self, layers: dict[int, Layer], rows: list[Any], entities: dict[int, EntityRecord]
    ) -> None:
        for pk, kind, relation_id, from_article, from_id, to_id, entity, given in rows:
            layer = layers[pk]
            if entity is not None:
                layer.linked.add(entity)
                target = EndRecord(entity=entities[entity].id)
            else:
                target = EndRecord(span=to_id)
            source = EndRecord(article=True) if from_article else EndRecord(span=from_id)
            layer.relations.append(
                RelationRecord(_attributes(given), source, relation_id, target, self._types[kind])
            )

    def _line(self, uuid: str, row: Any, layers: list[Layer], batch: _Batch) -> Line:
        _, author, external_id, language, metadata, published, sha256, source, text, title, url = (
            row
        )
        linked = with_heirs((key for layer in layers for key in layer.linked), batch.into)
        layers.sort(key=lambda layer: (layer.kind, layer.annotator))
        line = Line(
            ArticleRecord(
                author=author,
                external_id=external_id,
                id=uuid,
                language=language,
                metadata={} if metadata == "{}" else msgspec.json.decode(metadata),
                published=published and moment(published),
                sha256=sha256,
                source=source,
                text=text,
                title=title,
                url=url,
            ),
            sorted((batch.entities[key] for key in linked), key=lambda entity: entity.id),
            FORMAT,
            standing([layer.record() for layer in layers]),
            OFFSET_UNIT,
            self._schema,
        )
        self._tally.add(line)
        return line

    def _entities(self, linked: set[int]) -> tuple[dict[int, EntityRecord], dict[int, int]]:
        if not linked:
            return {}, {}
        rows = self._rows(_ENTITIES_ALONE if self._alone else _ENTITIES, list(linked))
        uuids = {row[0]: row[1] for row in rows}
        aliases: dict[int, set[tuple[str, str, str]]] = {key: set() for key in uuids}
        for key, proposer, *alias in self._rows(_ALIASES, list(uuids)):
            if None in (proposer, self._alone) or proposer == self._alone:
                aliases[key].add(tuple(alias))
        entities = {
            key: EntityRecord(
                aliases=[AliasRecord(*a) for a in sorted(aliases[key])],
                id=uuid,
                merged_into=uuids.get(into),
                name=name,
                type=kind,
            )
            for key, uuid, name, kind, into in rows
        }
        return entities, {key: into for key, *_, into in rows if into is not None}

    def _rows(self, query: LiteralString, values: Sequence[int]) -> list[Any]:
        # written by ourselves: psycopg would look at each of the keys, and escape it
        keys = f"{{{','.join(map(str, values))}}}"
        return psycopg.Cursor(self._database).execute(query, [keys]).fetchall()
