"""Making articles searchable: their lexemes, their signatures, the counts of their fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from annotations.corpora.searching.comparing import compare
from annotations.corpora.searching.preparing import Facets, Prepared, Row, facets, rows
from annotations.corpora.searching.reading import read
from annotations.corpora.searching.settling import settle

# Steps are some dozen megabytes of log, and nobody waits for the disk to have them: what a crash of the
# machine takes along, a step and how far it came, is made again.
_UNHURRIED = "SET LOCAL synchronous_commit = off"
_SEARCH = "COPY article_search (article_id, corpus_id, words, title) FROM STDIN (FORMAT BINARY)"
_SENT = ("int8", "int8", "bytea", "text")  # a vector is bytes to psycopg
_FORGET = "DELETE FROM article_search WHERE article_id = ANY(%s) RETURNING article_id"
_UNCOUNT = """
UPDATE corpus_facet f SET articles = f.articles - less.count
  FROM (SELECT field, value, count(*) FROM article a CROSS JOIN LATERAL (VALUES
               ('language', coalesce(nullif(a.language, ''), %(language)s)), ('source', a.source)
               ) had(field, value) WHERE a.id = ANY(%(articles)s) GROUP BY field, value) less
 WHERE f.corpus_id = %(corpus)s AND f.field = less.field AND f.value = less.value"""
_FACETS = """
INSERT INTO corpus_facet (corpus_id, field, value, articles)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (corpus_id, field, value) DO UPDATE
   SET articles = corpus_facet.articles + excluded.articles"""


@dataclass(frozen=True, slots=True)
class Made:
    """What one step has made. `last`: the key of the last article it came to. `size`: bytes of words
    and titles, which wait outside the index until they settle (see `settling`)."""

    count: int
    last: int
    size: int


def store(corpus_id: int, prepared: Prepared) -> Made:
    """The articles are searchable, compared and counted. To be used in the transaction in which they
    were found to be the next ones, and which holds the corpus's summary."""
    if not prepared.rows:
        return Made(0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_UNHURRIED)
    size = _write(prepared.rows)
    compare(corpus_id, prepared.signed)
    _count(corpus_id, prepared.facets)
    return Made(len(prepared.rows), prepared.rows[-1][0], size)


def again(corpus_id: int, language: str, articles: Sequence[int]) -> None:
    """Articles that were searchable once, and are no more, are searchable and counted."""
    known = read(language, articles)
    _write(rows(corpus_id, known))
    settle()
    _count(corpus_id, facets(known))


def forget(corpus_id: int, language: str, articles: Sequence[int]) -> int:
    """Those of the articles that are searchable are so no more. Returns how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [list(articles)])
        gone = [key for (key,) in cursor.fetchall()]
        cursor.execute(_UNCOUNT, {"corpus": corpus_id, "language": language, "articles": gone})
    return len(gone)


def _write(rows: Sequence[Row]) -> int:
    """Returns how many bytes of words and titles they are."""
    size = 0
    with connection.cursor() as cursor, cursor.copy(_SEARCH) as copy:
        copy.set_types(_SENT)
        for row in rows:
            copy.write_row(row)
            size += len(row[2]) + len(row[3])
    return size


def _count(corpus_id: int, counts: Facets) -> None:
    if not counts:
        return
    fields, values = zip(*counts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_FACETS, [corpus_id, list(fields), list(values), list(counts.values())])
