"""The texts of some articles."""

from collections.abc import Mapping, Sequence

from django.db import connection

_TEXTS_OF = """SELECT a.id, a.title || E'\n' || t.text
  FROM article a JOIN article_text t ON t.article_id = a.id WHERE a.id = ANY(%s)"""

_BODIES_OF = "SELECT article_id, text FROM article_text WHERE article_id = ANY(%s)"


def texts(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the title and text of these articles, a line break between them."""
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS_OF, [list(keys)])
        return dict(cursor.fetchall())


def bodies(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the texts of these articles."""
    with connection.cursor() as cursor:
        cursor.execute(_BODIES_OF, [list(keys)])
        return dict(cursor.fetchall())
