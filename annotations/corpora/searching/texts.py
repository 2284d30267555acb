"""The texts of some articles."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

_TEXTS_OF = """SELECT a.id, a.title || E'\n' || t.text
  FROM article a JOIN article_text t ON t.article_id = a.id
 WHERE a.id = ANY(%(keys)s) AND t.article_id = ANY(%(keys)s)"""

_BODIES_OF = "SELECT article_id, text FROM article_text WHERE article_id = ANY(%(keys)s)"

_MANY = 20
"""From so many texts on they are read as they lie on the disk, many at once."""


def texts(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the title and text of these articles, a line break between them."""
    return _read(_TEXTS_OF, keys)


def bodies(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the texts of these articles."""
    return _read(_BODIES_OF, keys)


def _read(statement: str, keys: Sequence[int]) -> Mapping[int, str]:
    if len(keys) < _MANY:
        return _fetched(statement, keys)
    with transaction.atomic(), connection.cursor() as cursor:
        # the planner takes rows that lie in order for rows side by side, and would go down the
        # index and wait for the disk once for each of them
        cursor.execute("SET LOCAL enable_indexscan = off")
        return _fetched(statement, keys)


def _fetched(statement: str, keys: Sequence[int]) -> Mapping[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"keys": list(keys)})
        return dict(cursor.fetchall())
