"""Whether the work of an earlier start still holds: of files by size and time, of a database by
what it says of itself."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from workbench.local import connections

# Another database, a restored one, one whose migrations went back or whose grants or triggers
# were touched: each says something else here.
SELF_PORTRAIT = """
WITH tables AS (SELECT oid, relname, relacl FROM pg_class
                WHERE relnamespace = current_schema()::regnamespace)
SELECT relname || coalesce(relacl::text, '') FROM tables
UNION ALL
SELECT relname || '.' || attname || attacl::text
FROM pg_attribute JOIN tables ON attrelid = tables.oid WHERE attacl IS NOT NULL
UNION ALL
SELECT relname || '!' || tgname || tgenabled::text
FROM pg_trigger JOIN tables ON tgrelid = tables.oid WHERE NOT tgisinternal
UNION ALL
SELECT app || ':' || name FROM django_migrations
ORDER BY 1
"""


def of_files(*places: Path) -> str:
    """A digest of names, sizes and times of modification of these files and all in these folders."""
    lines = [_line(file) for place in places for file in sorted(_files(place))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for file in place.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def _line(file: Path) -> str:
    status = file.stat()
    return f"{file} {status.st_size} {status.st_mtime_ns}"


def of_database() -> str:
    """A digest of the database's tables, grants, triggers and migrations.

    Empty when it has none, or when they cannot be read: then `migrate` is due, and says why.
    """
    parts = connections.libpq(connections.database_settings()["owner"])
    try:
        with psycopg.connect(make_conninfo("", **parts)) as connection:
            lines = [str(line) for (line,) in connection.execute(SELF_PORTRAIT)]
    except psycopg.Error:
        return ""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
