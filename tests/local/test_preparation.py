"""DATABASE_URL instead of the embedded server: tried on a second PostgreSQL that wants passwords."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from tests.local.conftest import connect, eventually, processes_of
from workbench.env import Refusal
from workbench.local import (
    accounts,
    binaries,
    cluster,
    connections,
    fingerprints,
    paths,
    preparation,
    servers,
)

RULES = """
local all all trust
host all locked_app all reject
host all all all scram-sha-256
"""
ROLES = """
CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'a word';
CREATE ROLE single LOGIN PASSWORD 'a/word';
"""


class Outside:
    """A PostgreSQL that Kutip did not start, on a port, with a database for each role."""

    def __init__(self, port: int, sockets: Path) -> None:
        self.port = port
        self.sockets = sockets

    def superuser(self, database: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(
            host=str(self.sockets),
            port=self.port,
            user=cluster.SUPERUSER,
            dbname=database,
            autocommit=True,
        )

    def url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="module")
def outside(folders: Callable[[], Path]) -> Iterator[Outside]:
    home = folders()
    data, rules = home / "postgresql-18", home / "rules"
    rules.write_text(RULES)
    account = accounts.server_account(data)
    programs = binaries.within_reach(binaries.postgres_programs(), account)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUTIP_STATE", str(home))
        paths.make_state_dir()
        cluster.create(data, programs, account)
    port = 20_000 + os.getpid() % 30_000
    sockets = paths.make_private_dir(
        Path(f"{paths.run_dir()}-{port}"), account.uid if account else None
    )
    options = ["-p", str(port), "-k", str(sockets), "-c", f"hba_file={rules}", "-c", "fsync=off"]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-c", "listen_addresses=127.0.0.1", *options],
        user=account.uid if account else None,
        group=account.gid if account else None,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    found = Outside(port, sockets)
    assert eventually(lambda: _answers(found))
    with found.superuser() as connection:
        connection.execute(ROLES)
        for owner, database in (("maker", "big-one"), ("maker", "locked"), ("single", "small")):
            connection.execute(f'CREATE DATABASE "{database}" OWNER {owner}')
    yield found
    server.send_signal(signal.SIGINT)
    server.wait()
    sockets.rmdir()


def _answers(outside: Outside) -> bool:
    try:
        outside.superuser().close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def own_state(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder that knows no database yet, and needs no server of its own."""
    monkeypatch.setenv("KUTIP_STATE", str(tmp_path))
    monkeypatch.setenv("CELERY_BROKER_URL", "amqp://127.0.0.1:1")
    return tmp_path


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, dict[str, Any]]:
    monkeypatch.setenv("DATABASE_URL", url)
    with servers.ensure():
        return connections.database_settings()


def test_an_owner_who_may_make_roles_gets_a_second_one(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = use(monkeypatch, outside.url("maker", "a%20word", "big-one"))

    assert (found["owner"]["USER"], found["default"]["USER"]) == ("maker", "big_one_app")
    with connect("default") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("big_one_app",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE t ()")
    records = own_state / "database.json"
    assert records.stat().st_mode & 0o777 == 0o600
    assert "a word" not in records.read_text()


def test_a_second_machine_does_not_lock_the_first_one_out(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = outside.url("maker", "a%20word", "big-one")
    use(monkeypatch, url)

    monkeypatch.setenv("KUTIP_STATE", str(tmp_path / "second"))
    use(monkeypatch, url)

    monkeypatch.setenv("KUTIP_STATE", str(own_state))
    with connect("default") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("big_one_app",)


def test_a_role_that_was_dropped_is_made_again(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = outside.url("maker", "a%20word", "big-one")
    use(monkeypatch, url)
    with outside.superuser("big-one") as connection:
        connection.execute("DROP OWNED BY big_one_app")
        connection.execute("DROP ROLE big_one_app")

    use(monkeypatch, url)

    with connect("default") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("big_one_app",)


def test_an_owner_who_may_make_no_role_works_alone(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = use(monkeypatch, outside.url("single", "a%2Fword", "small"))

    assert found["default"] == found["owner"]
    (record,) = json.loads((own_state / "database.json").read_text()).values()
    assert record["reason"] == "the role single may not make roles"


def test_a_second_role_that_cannot_sign_in_is_taken_back(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = use(monkeypatch, outside.url("maker", "a%20word", "locked"))

    assert found["default"]["USER"] == "maker"
    with outside.superuser() as connection:
        left = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'locked_app'")
        assert left.fetchone() is None


def test_a_role_of_that_name_with_more_rights_is_not_used(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outside.superuser() as connection:
        connection.execute("CREATE ROLE strong_app LOGIN CREATEDB")
        connection.execute("CREATE DATABASE strong OWNER maker")

    found = use(monkeypatch, outside.url("maker", "a%20word", "strong"))

    assert found["default"]["USER"] == "maker"


def test_a_wrong_password_is_refused_without_showing_it(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match=r"cannot be used: .*authentication failed") as refused:
        use(monkeypatch, outside.url("maker", "hush", "big-one"))

    assert "hush" not in str(refused.value)
    assert processes_of(own_state) == {}


def test_a_server_that_is_too_old_is_refused() -> None:
    old = SimpleNamespace(info=SimpleNamespace(server_version=140_012))

    with pytest.raises(Refusal, match="PostgreSQL 14; Kutip needs 15 or newer"):
        preparation.refuse_old(old)  # type: ignore[arg-type]


def test_long_and_strange_names_of_databases_make_names_of_roles() -> None:
    assert preparation.role_name("Zeitungen 2026") == "zeitungen_2026_app"
    assert len(preparation.role_name("n" * 80)) == 63


def test_a_database_says_something_else_once_it_was_touched(
    outside: Outside, own_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, outside.url("single", "a%2Fword", "small"))
    seen = [fingerprints.of_database()]
    with connect() as connection:
        for statement in (
            "CREATE TABLE django_migrations (id int, app text, name text)",
            "INSERT INTO django_migrations VALUES (1, 'annotations', '0001')",
            "GRANT SELECT ON django_migrations TO PUBLIC",
            "GRANT UPDATE (name) ON django_migrations TO PUBLIC",
        ):
            connection.execute(statement)
            seen.append(fingerprints.of_database())
        with contextlib.suppress(psycopg.Error):
            connection.execute("DROP TABLE django_migrations")

    assert len(set(seen)) == len(seen)
    assert seen[0] == "" == fingerprints.of_database()
