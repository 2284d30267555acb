"""The articles that are to become searchable, as the database has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_ARTICLES = 500
_CODE_POINTS = 4_000_000
_FOLLOWING = """
SELECT id FROM (
  SELECT id, sum(length) OVER (ORDER BY id) - length AS before FROM (
    SELECT id, length FROM article
     WHERE corpus_id = %s AND id > %s AND withdrawn_at IS NULL AND NOT superseded
     ORDER BY id LIMIT %s) following) few
 WHERE before < %s ORDER BY id"""
_THESE = """
SELECT a.id, a.title, a.author, a.source, coalesce(nullif(a.language, ''), %s), a.published, t.text
  FROM article a JOIN article_text t ON t.article_id = a.id
 WHERE a.id = ANY(%s) ORDER BY a.id"""


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


def following(corpus_id: int, after: int) -> list[int]:
    """Return the keys of the next live articles after a key: up to 500, fewer where they are long,
    none at the end of the corpus."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWING, [corpus_id, after, _ARTICLES, _CODE_POINTS])
        return [key for (key,) in cursor.fetchall()]


def read(language: str, keys: Sequence[int]) -> list[Known]:
    """Return these articles in the order of their keys; the language is that of those which tell none."""
    with connection.cursor() as cursor:
        cursor.execute(_THESE, [language, list(keys)])
        return [Known(*row) for row in cursor.fetchall()]
