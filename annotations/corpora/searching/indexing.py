"""Making articles searchable: their lexemes, their signatures, the counts of their fields."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain

from django.db import connection

from annotations.corpora.searching.comparing import compare
from annotations.corpora.searching.lexemes import (
    STEM,
    days,
    places,
    quoted,
    within,
    words_of,
)
from annotations.corpora.searching.lexemes import field as field_lexeme
from annotations.corpora.searching.likeness import Signature, signature
from annotations.corpora.searching.stems import stems
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
    """What is in an article: its different words, folded; `signature`: None for a short text."""

    words: Mapping[str, None]
    signature: Signature | None


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
    read = []
    for article in articles:
        said = runs(f"{article.title}\n{article.text}")
        known = runs(f"{article.author}\n{article.source}")
        read.append(Read(words_of(chain(said, known)), signature(said)))
    return read


def _write_words(corpus_id: int, articles: Sequence[Known], read: Sequence[Read]) -> None:
    by_language: dict[str, dict[str, None]] = defaultdict(dict)
    for article, one in zip(articles, read, strict=True):
        by_language[article.language].update(one.words)
    known = {language: stems(language, words) for language, words in by_language.items()}
    with connection.cursor() as cursor, cursor.copy(_SEARCH) as copy:
        for article, one in zip(articles, read, strict=True):
            roots = map(known[article.language].__getitem__, one.words)
            lexemes = [*_fields(corpus_id, article), *map(_with_root, one.words, roots)]
            copy.write_row((article.id, corpus_id, " ".join(within(lexemes)), fold(article.title)))


@lru_cache(maxsize=131_072)
def _with_root(word: str, root: str | None) -> str:
    """The lexemes of a word: it, and its stem where that is another word."""
    return word if root is None or root == word else f"{word} {STEM}{root}"


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
