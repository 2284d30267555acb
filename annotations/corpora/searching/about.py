"""What a list tells of its articles."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from annotations.corpora.models import Corpus

_ABOUT = """SELECT a.id, a.title, a.source, a.published, a.language, a.length, c.cluster,
       ARRAY(SELECT t.name FROM article_tag u JOIN tag t ON t.id = u.tag_id
              WHERE u.article_id = a.id ORDER BY t.name)
  FROM article a LEFT JOIN article_cluster c ON c.article_id = a.id
 WHERE a.id = ANY(%s)"""

_HEADINGS = "SELECT id, title, source, published FROM article WHERE id = ANY(%s)"

_SIZES = """SELECT c.cluster, count(*) FROM article_cluster c JOIN article a ON a.id = c.article_id
 WHERE c.corpus_id = %s AND c.cluster = ANY(%s) AND a.withdrawn_at IS NULL AND NOT a.superseded
 GROUP BY c.cluster HAVING count(*) > 1"""


@dataclass(frozen=True, slots=True)
class About:
    """`cluster`: None for an article that is like no other; `tags` by name."""

    title: str
    source: str
    published: datetime | None
    language: str
    length: int
    cluster: int | None
    tags: Sequence[str]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a line of a concordance tells of its article."""

    title: str
    source: str
    published: datetime | None


def headings(keys: Collection[int]) -> Mapping[int, Heading]:
    """Return what stands above some articles, by their keys. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADINGS, [list(keys)])
        return {key: Heading(*known) for key, *known in cursor.fetchall()}


def about(keys: Sequence[int]) -> Mapping[int, About]:
    """Return what is known of some articles, by their keys. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, [list(keys)])
        return {key: About(*known) for key, *known in cursor.fetchall()}


def sizes(corpus: Corpus, clusters: Collection[int]) -> Mapping[int, int]:
    """Return how many articles each story has that are there now; those with a single one are left
    out. One query, none without a cluster."""
    if not clusters:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, [corpus.pk, list(clusters)])
        return dict(cursor.fetchall())
