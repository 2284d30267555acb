"""Making articles searchable: their lexemes, their signatures, the counts of their fields."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection

from annotations.corpora.searching.comparing import compare
from annotations.corpora.searching.lexemes import days, places
from annotations.corpora.searching.lexemes import field as field_lexeme
from annotations.corpora.searching.likeness import Signature, signatures
from annotations.corpora.searching.numbering import Lexemes, Numbers
from annotations.corpora.searching.stems import asked, base
from annotations.corpora.searching.vocabulary import Vocabulary, Words
from annotations.text.names import fold

_ARTICLES, _AT_ONCE = 500, 100
_CODE_POINTS = 4_000_000

MANY_WAIT = 10_000_000
"""Bytes of words and titles (see `Made`): so many are put into the index together, some 2,500 articles
of the press. Twice as many cost a tenth less, and every search reads twice as much meanwhile."""

_NEXT = """
SELECT a.id, a.title, a.author, a.source, coalesce(nullif(a.language, ''), %(language)s),
       a.published, t.text
  FROM (SELECT id, sum(length) OVER (ORDER BY id) - length AS before FROM (
          SELECT id, length FROM article
           WHERE corpus_id = %(corpus)s AND id > %(after)s
             AND withdrawn_at IS NULL AND NOT superseded
           ORDER BY id LIMIT %(articles)s) following) few
  JOIN article a ON a.id = few.id JOIN article_text t ON t.article_id = a.id
 WHERE before < %(code_points)s
 ORDER BY a.id"""
# Steps are some dozen megabytes of log, and nobody waits for the disk to have them: what a crash of the
# machine takes along, a step and how far it came, is made again.
_UNHURRIED = "SET LOCAL synchronous_commit = off"
_SEARCH = "COPY article_search (article_id, corpus_id, words, title) FROM STDIN (FORMAT BINARY)"
_SENT = ("int8", "int8", "bytea", "text")  # a vector is bytes to psycopg
_THESE = """
SELECT a.id, a.title, a.author, a.source, coalesce(nullif(a.language, ''), %(language)s),
       a.published, t.text
  FROM article a JOIN article_text t ON t.article_id = a.id
 WHERE a.id = ANY(%(articles)s) ORDER BY a.id"""
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
class Known:
    """What an article is looked up by."""

    id: int
    title: str
    author: str
    source: str
    language: str
    published: datetime | None
    text: str


Part = Sequence[tuple[Known, Words]]
"""Some articles with what is in them."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one step has made. `last`: the key of the last article it came to. `size`: bytes of words
    and titles, which wait outside the index until they settle (see `settle`)."""

    count: int
    last: int
    size: int = 0


def step(corpus_id: int, language: str, after: int, vocabulary: Vocabulary) -> Made:
    """The next articles after a key are searchable, compared and counted; up to 500, fewer where
    they are long. To be used in a transaction that holds the corpus's summary. `count` is 0 at
    the end of the corpus. The vocabulary is that of the step before."""
    articles = _next(corpus_id, language, after)
    if not articles:
        return Made(0, after)
    with connection.cursor() as cursor:
        cursor.execute(_UNHURRIED)
    vocabulary.make_room()
    signed: dict[int, Signature] = {}
    parts, size = _parts(vocabulary, articles), 0
    part = next(parts, None)
    while part:
        with _words_written(corpus_id, part, vocabulary.lexemes) as written:
            signed.update(_signed(part))
            part = next(parts, None)
        size += written
    compare(corpus_id, signed)
    _count(corpus_id, articles)
    return Made(len(articles), articles[-1].id, size)


def settle() -> None:
    """Words that wait outside the index, where every search reads all of them, are put in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settle_article_search()")


def again(corpus_id: int, language: str, articles: Sequence[int]) -> None:
    """Articles that were searchable once, and are no more, are searchable and counted."""
    with connection.cursor() as cursor:
        cursor.execute(_THESE, {"language": language, "articles": list(articles)})
        known = [Known(*row) for row in cursor.fetchall()]
    vocabulary = Vocabulary()
    for part in _parts(vocabulary, known):
        with _words_written(corpus_id, part, vocabulary.lexemes):
            pass
    settle()
    _count(corpus_id, known)


def forget(corpus_id: int, language: str, articles: Sequence[int]) -> int:
    """Those of the articles that are searchable are so no more. Returns how many they were."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [list(articles)])
        gone = [key for (key,) in cursor.fetchall()]
        cursor.execute(_UNCOUNT, {"corpus": corpus_id, "language": language, "articles": gone})
    return len(gone)


def _next(corpus_id: int, language: str, after: int) -> list[Known]:
    values: dict[str, str | int] = {
        "corpus": corpus_id,
        "language": language,
        "after": after,
        "articles": _ARTICLES,
        "code_points": _CODE_POINTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        return [Known(*row) for row in cursor.fetchall()]


def _parts(vocabulary: Vocabulary, articles: Sequence[Known]) -> Iterator[Part]:
    """Yield the articles by the hundred, which are read when they are asked for."""
    for at in range(0, len(articles), _AT_ONCE):
        few = articles[at : at + _AT_ONCE]
        words = vocabulary.words(
            [(f"{one.title}\n{one.text}", f"{one.author}\n{one.source}") for one in few]
        )
        yield [*zip(few, words, strict=True)]


@contextmanager
def _words_written(corpus_id: int, part: Part, lexemes: Lexemes) -> Iterator[int]:
    """The words of these articles are in the index. What is done within this, without the database,
    is done while it writes. Gives how many bytes they are, with the titles."""
    _know_stems(part, lexemes)
    size = 0
    with connection.cursor() as cursor, cursor.copy(_SEARCH) as copy:
        copy.set_types(_SENT)
        for article, words in part:
            fields = _fields(corpus_id, article)
            vector = lexemes.vector(base(article.language), words.found_by, fields)
            title = fold(article.title)
            copy.write_row((article.id, corpus_id, vector, title))
            size += len(vector) + len(title)
        yield size


def _know_stems(part: Part, lexemes: Lexemes) -> None:
    by_tag: dict[str, list[Numbers]] = defaultdict(list)
    for article, words in part:
        by_tag[base(article.language)].append(words.found_by)
    for tag, numbers in by_tag.items():
        fresh = lexemes.unstemmed(tag, np.concatenate(numbers))
        if fresh:
            lexemes.give_stems(tag, fresh, asked(tag, [*fresh.values()]))


def _signed(part: Part) -> Iterator[tuple[int, Signature]]:
    found = signatures([words.said for _, words in part])
    for (article, _), signature in zip(part, found, strict=True):
        if signature is not None:
            yield article.id, signature


def _fields(corpus_id: int, article: Known) -> Iterator[str]:
    yield from places(corpus_id, article.id)
    yield field_lexeme("language", article.language)
    for name, value in (("source", article.source), ("author", article.author)):
        if value:
            yield field_lexeme(name, value)
    yield from days(article.published)


def _count(corpus_id: int, articles: Sequence[Known]) -> None:
    counts = Counter(("language", article.language) for article in articles)
    counts += Counter(("source", article.source) for article in articles if article.source)
    if not counts:
        return
    fields, values = zip(*counts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_FACETS, [corpus_id, list(fields), list(values), list(counts.values())])
