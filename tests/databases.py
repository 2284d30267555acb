"""The test database: migrated once for all that its migrations come of, and copied from then on;
and emptied behind each test that commits.

A copy takes a tenth of a second where the migrations take five, in every worker of every run.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from workbench.local.cluster import SUPERUSER
from workbench.local.connections import embedded, libpq

Made = list[tuple[Any, str, bool]]
"""What `teardown_databases` wants to know: connections, what their databases were called, whether
they go."""

PREFIX = "kutip_template_"
OURS = [Path(settings.BASE_DIR) / name for name in ("annotations", "workbench")]
LOCK = 5_824_771  # any number, the same in every worker
UNCHANGING = {"django_content_type", "auth_permission"}
"""What `migrate` fills and no test changes."""
MANY_BYTES = 1_000_000
"""From here on, dead rows included, cutting tables off is quicker than deleting their rows."""


@contextmanager
def ready() -> Iterator[None]:
    """One test database under both roles: `default` mirrors `owner`."""
    made = _set_up()
    with ExitStack() as stack:
        stack.callback(teardown_databases, made, verbosity=0)
        stack.callback(connections.close_all)
        if ours():
            empty = stack.enter_context(closing(Emptying()))
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty())
        yield


def ours() -> bool:
    """Whether the server is that of the tests. On somebody else's we do as Django does: we are no
    superuser there, and nothing of ours stays."""
    return "postgresql" in embedded()


def _set_up() -> Made:
    if not ours():
        return _migrated()
    template, name = PREFIX + key(), _test_name()
    with _one_at_a_time() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        known = [found for (found,) in cursor.fetchall()]
        if template in known:
            return _copied(cursor, name, template)
        made = _migrated()
        _keep(cursor, name, template, outdated=known)
        return made


def _migrated() -> Made:
    """As Django makes it. No test asks for the first rows back (`serialized_rollback`)."""
    return setup_databases(
        verbosity=0, interactive=False, aliases={"default", "owner"}, serialized_aliases=set()
    )


def _keep(cursor: Any, name: str, template: str, outdated: list[str]) -> None:
    connections.close_all()  # nobody may be in a database that is copied
    for old in outdated:
        cursor.execute(f'DROP DATABASE "{old}"')
    cursor.execute(f'CREATE DATABASE "{template}" TEMPLATE "{name}"')


def _copied(cursor: Any, name: str, template: str) -> Made:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    made = []
    for alias in ("owner", "default"):
        connections[alias].close()
        made.append(
            (connections[alias], connections[alias].settings_dict["NAME"], alias == "owner")
        )
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    return made


def _test_name() -> str:
    name: str = connections["owner"].creation._get_test_db_name()
    return name


@contextmanager
def _one_at_a_time() -> Iterator[Any]:
    """Of workers that begin at once one migrates, and the others copy what came of it."""
    with connections["owner"].creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield cursor


def key() -> str:
    """A hash of all that the migrations are made of: whatever of ours they may import, the
    migrations of others, and Django, which turns them into SQL; and whom the grants name."""
    files = {one for app in apps.get_app_configs() for one in Path(app.path).rglob("migrations/*")}
    for folder in OURS:
        files.update(folder.rglob("*"))
    role = connections["default"].settings_dict["USER"]
    found = hashlib.sha256(f"{django.VERSION} {role}".encode())
    for file in sorted(files):
        if file.suffix in (".py", ".sql", ".toml", ".json"):
            found.update(f"\0{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]


class Emptying:
    """Empties the database behind a test that commits, as Django's `flush` does, whose TRUNCATE of
    a hundred tables takes a tenth of a second however little is in them.

    The superuser of the cluster deletes rows and none of the triggers that watch them fires. First
    come locks that wait, as TRUNCATE would, until a request that is still under way has written.
    """

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None
        names = connections["owner"].introspection.django_table_names(include_views=False)
        self.tables = sorted(set(names) - UNCHANGING)
        self._looking = " UNION ALL ".join(
            f"SELECT '{name}', pg_relation_size('{name}'), EXISTS (SELECT FROM {name})"
            for name in self.tables
        )

    def __call__(self) -> None:
        connection = self._connection = self._connection or _as_superuser()
        with connection.transaction():
            connection.execute(f"LOCK TABLE {', '.join(self.tables)} IN SHARE MODE")
            tables = connection.execute(self._looking).fetchall()
            if sum(size for _, size, _ in tables) > MANY_BYTES:
                connection.execute(f"TRUNCATE {', '.join(self.tables)}")
            else:
                for name in (name for name, _, is_filled in tables if is_filled):
                    connection.execute(f"DELETE FROM {name}")

    def close(self) -> None:
        if self._connection:
            self._connection.close()


def _as_superuser() -> "psycopg.Connection[Any]":
    parts = libpq(connections["owner"].settings_dict) | {"user": SUPERUSER}
    return psycopg.connect(
        **parts, autocommit=True, prepare_threshold=0, options="-c session_replication_role=replica"
    )
