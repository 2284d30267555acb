"""The embedded servers and who keeps them, with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.local.conftest import Start, connect, eventually, processes_of, the
from workbench.env import Refusal
from workbench.local import accounts, binaries, cluster, connections, paths, servers, valkey

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG and /proc")
POSTGRES = "/postgres -D"
KEEPER = "workbench.local.keeper"


def data_folder() -> Path:
    return cluster.place(binaries.postgres_major(binaries.postgres_programs()))


def test_inside_the_servers_answer_and_outside_they_do_not(state: Path) -> None:
    with servers.ensure():
        with connect("default") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert valkey.is_ready(0)

    assert processes_of(state) == {}
    assert not paths.run_dir().exists()


def test_the_cluster_keeps_what_it_promises(state: Path) -> None:
    asked = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
    }
    with servers.ensure(), connect() as connection:
        found = {name: connection.execute(f"SHOW {name}").fetchone() for name in asked}
        order = connection.execute("SELECT 'B' < 'a' AND lower('À') = 'à'").fetchone()

    assert found == {name: (value,) for name, value in asked.items()}
    assert order == (True,)


def test_the_app_role_can_connect_and_nothing_else(state: Path) -> None:
    with servers.ensure(), connect("default") as connection:
        for forbidden in ("CREATE TABLE t ()", "CREATE ROLE r", "CREATE TEMP TABLE t ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_only_our_own_account_is_let_in(state: Path) -> None:
    with servers.ensure():
        rules = (data_folder() / "pg_hba.conf").read_text()
        assert rules == "local all all peer map=kutip\n"
        assert paths.postgres_socket_dir().stat().st_mode & 0o777 == 0o700
        assert paths.run_dir().stat().st_mode & 0o777 == 0o700


def test_the_servers_outlive_the_one_who_started_them(start: Start, state: Path) -> None:
    first = start("user")
    first.says("in")
    second = start("user")
    second.says("in")

    assert first.ends() == 0
    with connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert second.ends() == 0
    assert processes_of(state) == {}


def test_many_who_come_at_once_share_one_keeper(start: Start, state: Path) -> None:
    users = [start("user") for _ in range(6)]
    for user in users:
        user.says("in")

    assert len([words for words in processes_of(state).values() if KEEPER in words]) == 1
    assert [user.ends() for user in users] == [0] * 6


@linux
def test_a_killed_user_leaves_nothing(start: Start, state: Path) -> None:
    user = start("user")
    user.says("in")

    user.gets(signal.SIGKILL)

    assert eventually(lambda: not processes_of(state))


@linux
def test_a_killed_keeper_takes_the_servers_along(start: Start, state: Path) -> None:
    user = start("user")
    user.says("in")

    os.kill(the(state, KEEPER), signal.SIGKILL)
    following = start("user")
    following.says("in")

    # (a process that was just forked has its parent's name for a moment)
    assert eventually(lambda: " ".join(processes_of(state).values()).count(POSTGRES) == 1)
    assert following.ends() == 0


def test_a_killed_server_is_back_with_what_was_committed(state: Path) -> None:
    with servers.ensure():
        with connect() as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        before = the(state, POSTGRES)
        os.kill(before, signal.SIGKILL)
        os.kill(the(state, "valkey-server"), signal.SIGKILL)

        assert eventually(lambda: _count("kept") == 1000)
        assert the(state, POSTGRES) != before
        assert eventually(lambda: valkey.is_ready(0))
        with connect() as connection:
            connection.execute("DROP TABLE kept")


def _count(table: str) -> object:
    try:
        with connect() as connection:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    except psycopg.OperationalError:
        return None
    return row[0] if row else None


def test_a_lock_file_that_names_some_other_process_is_no_obstacle(state: Path) -> None:
    with servers.ensure():
        lock = (data_folder() / "postmaster.pid").read_text()
    account = accounts.server_account(data_folder())
    # PostgreSQL itself refuses to start when this number belongs to a process of its account.
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
    try:
        _, rest = lock.split("\n", 1)
        paths.write_private(
            data_folder() / "postmaster.pid",
            f"{stranger.pid}\n{rest}",
            owner=account.uid if account else None,
        )
        with servers.ensure(), connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_database_that_runs_elsewhere_is_refused_and_left_in_peace(state: Path) -> None:
    with servers.ensure():
        pass
    account = accounts.server_account(data_folder())
    sockets = paths.make_private_dir(
        Path(f"{paths.run_dir()}-else"), account.uid if account else None
    )
    programs = binaries.within_reach(binaries.postgres_programs(), account)
    elsewhere = subprocess.Popen(
        [programs / "postgres", "-D", data_folder(), "-k", sockets, "-c", "listen_addresses="],
        user=account.uid if account else None,
        group=account.gid if account else None,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        assert eventually((sockets / ".s.PGSQL.5432").exists)
        with pytest.raises(Refusal, match=f"in use by process {elsewhere.pid}"), servers.ensure():
            pass
        assert elsewhere.poll() is None
    finally:
        elsewhere.send_signal(signal.SIGINT)
        elsewhere.wait()
        sockets.rmdir()


def test_what_an_interrupted_birth_left_is_swept_away(
    state: Path, folders: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = folders() / ("a path with spaces, é and 話" + "x" * 90)
    remains = strange / f"{data_folder().name}.part12345"
    remains.mkdir(parents=True)
    monkeypatch.setenv("KUTIP_STATE", str(strange))

    with servers.ensure(), connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert (strange / data_folder().name / "PG_VERSION").exists()
    assert not remains.exists()


def test_two_states_run_side_by_side(
    start: Start, state: Path, folders: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = folders()
    neighbour = start("user", KUTIP_STATE=str(other))
    neighbour.says("in")

    with servers.ensure(), connect() as connection:
        connection.execute("CREATE TABLE here ()")
        monkeypatch.setenv("KUTIP_STATE", str(other))
        with connect() as there:
            assert there.execute("SELECT to_regclass('here')").fetchone() == (None,)
        monkeypatch.setenv("KUTIP_STATE", str(state))
        connection.execute("DROP TABLE here")

    assert neighbour.ends() == 0


def test_a_server_that_cannot_start_is_refused_with_the_end_of_its_log(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.ensure():
        pass
    control = data_folder() / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))
    try:
        begin = time.monotonic()
        with pytest.raises(Refusal, match=r"(?s)PostgreSQL did not start.*pg_control"):
            servers.ensure().__enter__()
        assert time.monotonic() - begin < 5
    finally:
        control.with_suffix(".away").rename(control)


def test_without_any_postgres_one_line_says_what_to_do(
    state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUTIP_PG_BIN", str(tmp_path))

    with pytest.raises(Refusal, match="or name a server in DATABASE_URL"):
        servers.ensure().__enter__()


def test_both_urls_given_nothing_is_started(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    monkeypatch.setenv("CELERY_BROKER_URL", "amqp://127.0.0.1:1")

    assert connections.embedded() == frozenset()
    with pytest.raises(Refusal, match=r"DATABASE_URL \(127.0.0.1, database none\)"):
        servers.ensure().__enter__()
    assert processes_of(state) == {}
