"""Making articles searchable: their lexemes, their signatures, the counts of their fields."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import connection

from annotations.corpora.searching.comparing import compare
from annotations.corpora.searching.lexemes import (
    days,
    places,
    quoted,
    within,
    words_of,
)
from annotations.corpora.searching.lexemes import field as field_lexeme
from annotations.corpora.searching.likeness import Signature, coded, signatures
from annotations.corpora.searching.stems import met, written
from annotations.text.names import fold
from annotations.text.tokens import runs

_ARTICLES, _AT_ONCE = 500, 100
_CODE_POINTS = 4_000_000

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
_SEARCH = "COPY article_search (article_id, corpus_id, words, title) FROM STDIN"
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


@dataclass(frozen=True, slots=True)
class Read:
    """What is in an article. `lexemes`: its different words as they stand in a tsvector, with gaps
    for those that were not met before: `fresh`. `signature`: None for a short text."""

    lexemes: list[str | None]
    fresh: Sequence[str]
    signature: Signature | None

    def whole(self, known: Mapping[str, str]) -> Iterator[str]:
        """The lexemes without gaps, by what is known now."""
        fresh = iter(self.fresh)
        return (known[next(fresh)] if lexeme is None else lexeme for lexeme in self.lexemes)


@dataclass(frozen=True, slots=True)
class Made:
    """What one step has made. `last`: the key of the last article it came to."""

    count: int
    last: int


def step(corpus_id: int, language: str, after: int) -> Made:
    """The next articles after a key are searchable, compared and counted; up to 500, fewer where
    they are long. To be used in a transaction that holds the corpus's summary. `count` is 0 at
    the end of the corpus."""
    articles = _next(corpus_id, language, after)
    made = Made(len(articles), articles[-1].id if articles else after)
    if not articles:
        return made
    with connection.cursor() as cursor:
        cursor.execute(_UNHURRIED)
    signed: dict[int, Signature] = {}
    # one thread reads words while the database writes those of the articles before
    with ThreadPoolExecutor(1) as reader:
        some = [articles[at : at + _AT_ONCE] for at in range(0, len(articles), _AT_ONCE)]
        for few, read in zip(some, reader.map(_read, some), strict=True):
            _write_words(corpus_id, few, read)
            for article, one in zip(few, read, strict=True):
                if one.signature is not None:
                    signed[article.id] = one.signature
    compare(corpus_id, signed)
    _count(corpus_id, articles)
    return made


def settle() -> None:
    """Words that wait outside the index, where every search reads all of them, are put in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settle_article_search()")


def again(corpus_id: int, language: str, articles: Sequence[int]) -> None:
    """Articles that were searchable once, and are no more, are searchable and counted."""
    with connection.cursor() as cursor:
        cursor.execute(_THESE, {"language": language, "articles": list(articles)})
        known = [Known(*row) for row in cursor.fetchall()]
    _write_words(corpus_id, known, _read(known))
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


def _read(articles: Sequence[Known]) -> Sequence[Read]:
    words, codes = [], []
    for article in articles:
        said = runs(f"{article.title}\n{article.text}")
        known = runs(f"{article.author}\n{article.source}")
        words.append(met(article.language, words_of(chain(said, known))))
        codes.append(coded(said))
    return [Read(*one, its) for one, its in zip(words, signatures(codes), strict=True)]


def _write_words(corpus_id: int, articles: Sequence[Known], read: Sequence[Read]) -> None:
    fresh: dict[str, dict[str, None]] = defaultdict(dict)
    for article, one in zip(articles, read, strict=True):
        fresh[article.language].update(dict.fromkeys(one.fresh))
    known = {language: written(language, words) for language, words in fresh.items()}
    with connection.cursor() as cursor, cursor.copy(_SEARCH) as copy:
        for article, one in zip(articles, read, strict=True):
            lexemes = one.whole(known[article.language])
            vector = within([*_fields(corpus_id, article), *lexemes])
            copy.write_row((article.id, corpus_id, " ".join(vector), fold(article.title)))


def _fields(corpus_id: int, article: Known) -> Iterator[str]:
    yield from map(quoted, places(corpus_id, article.id))
    yield quoted(field_lexeme("language", article.language))
    for name, value in (("source", article.source), ("author", article.author)):
        if value:
            yield quoted(field_lexeme(name, value))
    for day in days(article.published):
        yield quoted(day)


def _count(corpus_id: int, articles: Sequence[Known]) -> None:
    counts = Counter(("language", article.language) for article in articles)
    counts += Counter(("source", article.source) for article in articles if article.source)
    if not counts:
        return
    fields, values = zip(*counts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_FACETS, [corpus_id, list(fields), list(values), list(counts.values())])
