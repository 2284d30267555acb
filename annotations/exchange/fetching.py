"""What the database has of some articles with their layers, all asked for at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg.sql import SQL

from annotations.exchange.members import Member
from annotations.exchange.records import AliasRecord, EntityRecord

_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""

_ARTICLES = f"""
SELECT a.id, a.author, a.external_id, a.language, a.metadata::text, {_MOMENT.format("a.published")},
       encode(a.sha256, 'hex'), a.source, t.text, a.title, a.url
  FROM article a JOIN article_text t ON t.article_id = a.id WHERE a.id = ANY(%(keys)s)
"""

_LAYERS = f"""
SELECT s.id, s.article_id, u.username, s.kind, s.status, {_MOMENT.format("s.submitted_at")}
  FROM assignment s JOIN account u ON u.id = s.annotator_id WHERE s.id = ANY(%(keys)s)
"""

# Layer by layer, which the aggregate and OFFSET keep: so the key is used whatever the planner knows of
# the table. Of a campaign that was just loaded it knows nothing, and would read the whole table for
# each handful.
#
# The spans of a layer are one text, as they will be written but for their attributes: to take ten
# columns of each span out of a result, and to make a record of them, took most of an export's time.
SPANS = r"""
SELECT layer.key, standing.spans, standing.attributes, standing.linked
  FROM unnest(%(keys)s::bigint[]) AS layer (key) CROSS JOIN LATERAL
       (SELECT convert_to('[' || string_agg(concat(
                 '{"attributes":'::text, attributes, ',"entity":'::text,
                 CASE WHEN entity_id IS NULL THEN 'null'
                      ELSE (SELECT to_json(uuid)::text FROM entity WHERE id = entity_id) END,
                 ',"fragments":[['::text, fragments[1], ','::text, fragments[2],
                 CASE WHEN cardinality(fragments) > 2
                      THEN regexp_replace(array_to_string(fragments[3:], ','),
                                          '(\d+),(\d+),?', '],[\1,\2', 'g') END,
                 ']],"id":"'::text, id, '","label":"'::text, label, '","notes":[],"text":'::text,
                 to_json(text), '}'::text), ',') || ']', 'UTF8') AS spans,
               array_agg(attributes) FILTER (WHERE attributes <> '{}') AS attributes,
               array_agg(entity_id) FILTER (WHERE entity_id IS NOT NULL) AS linked
          FROM (SELECT id, attributes::text AS attributes, entity_id, fragments, text,
                       (%(labels)s::text[])[label_id - %(before)s] COLLATE "C" AS label
                  FROM span WHERE assignment_id = layer.key AND NOT removed
                 ORDER BY fragments[1], fragments[cardinality(fragments)], label, id) AS each
       ) AS standing
"""

RELATIONS = """
SELECT assignment_id, type_id, id::text, from_article, from_id::text, to_id::text, to_entity_id,
       attributes::text
  FROM unnest(%(keys)s::bigint[]) AS layer (key) CROSS JOIN LATERAL
       (SELECT * FROM relation WHERE assignment_id = layer.key AND NOT removed OFFSET 0) AS standing
 ORDER BY id
"""

_SAID = f"""
SELECT m.assignment_id, m.kind, m.id::text, m.span_id::text, m.body::text, u.username,
       {_MOMENT.format("m.at")}
  FROM ({{}}) m JOIN account u ON u.id = m.account_id
 WHERE m.assignment_id = ANY(%(keys)s) ORDER BY m.assignment_id, m.at, m.id
"""
_EACH_REMARK = """
       SELECT assignment_id, kind, id, span_id, body, account_id, at FROM remark WHERE NOT removed"""
_EACH_MESSAGE = """
       SELECT assignment_id, 'message', id, span_id, jsonb_build_object('asks', asks, 'text', text),
              account_id, at FROM message"""
_REMARKS = _SAID.format(_EACH_REMARK)
_REMARKS_AND_MESSAGES = _SAID.format(f"{_EACH_REMARK} UNION ALL {_EACH_MESSAGE}")

# with all that they were merged into, on the way to the one they go on as
_ENTITIES = """
WITH RECURSIVE up AS (
  SELECT id, uuid, name, type, merged_into_id FROM entity WHERE id = ANY(%(keys)s)
  UNION
  SELECT e.id, e.uuid, e.name, e.type, e.merged_into_id
    FROM up JOIN entity e ON e.id = up.merged_into_id)
SELECT id, uuid::text, name, type, merged_into_id FROM up
"""
_ENTITIES_ALONE = "SELECT id, uuid::text, name, type, NULL FROM entity WHERE id = ANY(%(keys)s)"
_ALIASES = """
SELECT entity_id, proposed_by_id, kind, language, text FROM alias WHERE entity_id = ANY(%(keys)s) AND NOT removed
"""


MANY_ARTICLES = 1_000
"""From so many on, a second connection is worth its start."""

# where nothing was written before, everything that is seen can be shared
_EXPORT_SNAPSHOT = """
SELECT CASE WHEN current_setting('transaction_read_only')::boolean
             AND current_setting('transaction_isolation') = 'repeatable read'
            THEN pg_export_snapshot() END
"""


@contextmanager
def connections(articles: int) -> Iterator[list[Any]]:
    """psycopg's connections that see what Django's sees in its transaction, that one first. For many
    articles there are two, so that PostgreSQL has work while the results of the other are read; but
    one where a caller may have written, and where PostgreSQL has no second left."""
    mine = connection.connection
    snapshot = mine.execute(_EXPORT_SNAPSHOT).fetchone()[0] if articles >= MANY_ARTICLES else None
    with ExitStack() as stack:
        ours = [mine]
        with suppress(psycopg.OperationalError):
            if snapshot:
                other = psycopg.connect(**connection.get_connection_params())
                ours.append(stack.enter_context(other))
        for other in ours[1:]:
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            other.execute(SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
        yield ours


@dataclass(slots=True)
class Batch:
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


class Fetching:
    """Asks over this connection of psycopg's, from any thread: Django's is another one in each, and
    converts dates that stay here. `labels` are those of the schema, by their keys. `alone`: for this
    person, as `outgoing` has it."""

    def __init__(self, asked: Any, labels: Mapping[int, str], *, alone: int | None) -> None:
        self._connection, self._alone = asked, alone
        first, last = min(labels, default=0), max(labels, default=0)
        self._labels = [labels.get(key) for key in range(first, last + 1)]
        self._before_first = first - 1

    def batch(self, members: Sequence[Member]) -> Batch:
        """All that the lines of these articles need: five queries, and two where something is
        linked."""
        layers = [pk for member in members for pk in member.layers]
        remarks = _REMARKS if self._alone else _REMARKS_AND_MESSAGES
        # one after the other: whoever takes the lines may ask over this connection, too, and a pipeline
        # is of all who share it
        articles = self._rows(_ARTICLES, [member.article for member in members])
        known, spans, relations, said = (
            self._rows(query, layers) for query in (_LAYERS, SPANS, RELATIONS, remarks)
        )
        linked = {key for row in spans for key in row[3] or ()} | {row[6] for row in relations}
        return Batch(
            members, articles, known, spans, relations, said, *self._entities(linked - {None})
        )

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
        given = {"before": self._before_first, "keys": keys, "labels": self._labels}
        return psycopg.Cursor(self._connection).execute(query, given, binary=True).fetchall()
