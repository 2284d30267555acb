"""The texts of some articles."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from django.db import connection, transaction
from psycopg import Cursor
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.string import ByteaBinaryLoader

_TEXTS_OF = """SELECT a.id, a.title || E'\n' || t.text
  FROM article a JOIN article_text t ON t.article_id = a.id
 WHERE a.id = ANY(%(keys)s::bigint[]) AND t.article_id = ANY(%(keys)s::bigint[])"""

_BODIES_OF = "SELECT article_id, text FROM article_text WHERE article_id = ANY(%(keys)s::bigint[])"

_MANY = 100
"""From so many texts on they are read as they lie on the disk, many at once."""
_AT_ONCE = 100
"""Texts that are passed on together."""

Sent = tuple[int, bytes]
"""The key of an article, and its text in UTF-8."""


def bodies(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the texts of these articles."""
    return {key: text.decode() for key, text in chain.from_iterable(sent_bodies(keys))}


def sent_texts(keys: Sequence[int]) -> Iterator[Sequence[Sent]]:
    """The titles and texts of these articles, a line break between them, in UTF-8, some after the
    others in any order. Until the last of them the database must be asked for nothing else."""
    return _sent(_TEXTS_OF, keys)


def sent_bodies(keys: Sequence[int]) -> Iterator[Sequence[Sent]]:
    """As `bodies`, otherwise as `sent_texts`."""
    return _sent(_BODIES_OF, keys)


class _AsSent(Loader):
    def load(self, data: Buffer) -> bytes:
        return bytes(data)


def _sent(statement: str, keys: Sequence[int]) -> Iterator[Sequence[Sent]]:
    # written by ourselves: psycopg would look at each of a thousand keys, and escape it
    values = {"keys": f"{{{','.join(map(str, keys))}}}"}
    if len(keys) >= _MANY:
        yield from _streamed(statement, values)
        return
    with connection.cursor() as cursor:
        cursor.adapters.register_loader("text", _AsSent)
        cursor.execute(statement, values)
        yield cursor.fetchall()


def _streamed(statement: str, values: Mapping[str, str]) -> Iterator[Sequence[Sent]]:
    with transaction.atomic(), connection.wrap_database_errors:
        # the planner takes rows that lie in order for rows side by side, and would go down the index
        # and wait for the disk once for each of them
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_indexscan = off")
        # a cursor of psycopg's own: Django's has every text come by way of a function in Python
        with Cursor(connection.connection) as cursor:
            cursor.adapters.register_loader("text", ByteaBinaryLoader)
            # all at once would be megabytes to find room for; the database reads on while we look
            rows = cursor.stream(statement, values, binary=True, size=_AT_ONCE)
            while some := [*islice(rows, _AT_ONCE)]:
                yield some
