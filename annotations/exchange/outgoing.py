"""A campaign's layers as kutip/1 lines, read from one snapshot, in constant memory."""

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, groupby
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection, transaction

from annotations.assignments.models import Assignment, Campaign, Status
from annotations.corpora.models import Article
from annotations.exchange.assembly import Layer, Lies, moment
from annotations.exchange.fetching import Batch, Fetching, connections
from annotations.exchange.formats import kutip
from annotations.exchange.heirs import with_heirs
from annotations.exchange.members import Member, handfuls
from annotations.exchange.records import (
    FORMAT,
    KINDS,
    OFFSET_UNIT,
    ArticleRecord,
    Attributes,
    EndRecord,
    EntityRecord,
    Line,
    RelationRecord,
    SchemaRecord,
    article_key,
)
from annotations.exchange.settlements import standing
from annotations.exchange.written import WrittenSpans, claims, first_lie, in_one_form
from annotations.schema.models import Label, RelationType

T = TypeVar("T")
U = TypeVar("U")

SUBMITTED = (Status.SUBMITTED,)
WITH_OPEN = (Status.SUBMITTED, Status.OPEN, Status.REOPENED, Status.SKIPPED)

_POSITION = """
SELECT (SELECT coalesce(max(id), 0) FROM event),
       (SELECT coalesce(sum(revision), 0)::bigint FROM assignment WHERE campaign_id = %s)
"""

_attributes = msgspec.json.Decoder(Attributes).decode


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
    with (
        connections(len(found)) as ours,
        closing(_ahead([reader.fetching(each) for each in ours], handfuls(found))) as batches,
    ):
        for batch in batches:
            yield from reader.lines(batch)


def _ahead(fetchers: Sequence[Callable[[T], U]], wanted: Iterable[T]) -> Generator[U]:
    """What the fetchers, taking turns, give for each, in order. Each works in a thread of its own, one
    step before it is asked for more."""
    with ExitStack() as stack:
        others = [stack.enter_context(ThreadPoolExecutor(max_workers=1)) for _ in fetchers]
        turns = cycle(zip(others, fetchers, strict=True))
        coming: deque[Future[U]] = deque()
        for one in wanted:
            other, fetch = next(turns)
            coming.append(other.submit(fetch, one))
            if len(coming) > len(fetchers):
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def line_of(assignment: Assignment) -> bytes:
    """One layer alone, whatever its status: a kutip/1 line with the layer's ``revision`` beside
    the other keys, without LF. Raises Lies."""
    with snapshot():
        article = assignment.article
        uuid = UUID(bytes=article_key(bytes(article.sha256)))
        member = Member(uuid, article.pk, article.length, 0, [assignment.pk])
        reader = _Reader(assignment.campaign, Tally(), alone=assignment.annotator_id)
        line = reader.line(member)
        revision = Assignment.objects.values_list("revision", flat=True).get(pk=assignment.pk)
        return kutip.with_revision(line, revision)


def line_over(campaign: Campaign, article: Article, layers: Sequence[int]) -> Line:
    """One article with these layers of a campaign, given by their keys. Raises Lies."""
    uuid = UUID(bytes=article_key(bytes(article.sha256)))
    member = Member(uuid, article.pk, article.length, 0, layers)
    return _Reader(campaign, Tally()).line(member)


class _Reader:
    """Reads handfuls of articles with their layers. `alone`: for this person, who sees no alias that
    somebody else proposed, no message with the name of who adjudicates, and not what a manager made
    of the entities that were linked."""

    def __init__(self, campaign: Campaign, tally: Tally, *, alone: int | None = None) -> None:
        self._tally = tally
        schema = campaign.schema
        self._schema = SchemaRecord(schema.key, schema.version)
        self._labels = dict(Label.objects.filter(schema=schema).values_list("pk", "key"))
        self._types = dict(RelationType.objects.filter(schema=schema).values_list("pk", "key"))
        self._alone = alone

    def fetching(self, asked: Any) -> Callable[[Sequence[Member]], Batch]:
        """Asks over this connection of psycopg's for all that the lines of some articles need."""
        return Fetching(asked, self._labels, alone=self._alone).batch

    def line(self, member: Member) -> Line:
        """The line of one article, read now."""
        [line] = self.lines(self.fetching(connection.connection)([member]))
        return line

    def lines(self, batch: Batch) -> Iterator[Line]:
        """The lines of these articles, in their order."""
        articles = {row[0]: row for row in batch.articles}
        layers: dict[int, Layer] = {}
        for pk, key, *rest in batch.layers:
            layers[pk] = Layer(articles[key][8], *rest)
        for pk, spans, attributes, linked in batch.spans:
            if spans is not None:
                self._add_spans(layers[pk], spans, attributes or ())
                layers[pk].linked.update(linked or ())
        self._add_relations(layers, batch.relations, batch.entities)
        self._tally.relations.update([self._types[row[1]] for row in batch.relations])
        for pk, rows in groupby(batch.remarks, itemgetter(0)):
            layers[pk].add_remarks((row[1:] for row in rows), layers)
        for member in batch.members:
            mine = [layers[pk] for pk in member.layers]
            yield self._line(str(member.uuid), articles[member.article], mine, batch)

    def _add_spans(self, layer: Layer, document: bytes, attributes: Iterable[str]) -> None:
        """Raises Lies."""
        said = claims(document)
        if (number := first_lie(said, layer.text)) is not None:
            lie = WrittenSpans(document)[number]
            raise Lies(f"span {lie.id} of {layer.annotator} does not cover its text")
        labels = [claim.label for claim in said]
        if "" in labels:
            raise Lies(f"a span of {layer.annotator} has a label of another schema")
        layer.spans = WrittenSpans(in_one_form(document, set(attributes)))
        self._tally.labels.update(labels)
        self._tally.fragments += sum([len(claim.fragments) for claim in said])

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

    def _line(self, uuid: str, row: Any, layers: list[Layer], batch: Batch) -> Line:
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
