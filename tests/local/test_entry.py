"""What `manage.py` and the launch do before Django: servers only if needed, work only if due."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.local.conftest import connect, processes_of
from workbench.local import entry, fingerprints, launch, paths, servers


@pytest.mark.parametrize(
    "line",
    ["", "help", "help migrate", "--help", "migrate --help", "migrate -h", "version", "--version"],
)
def test_a_command_that_only_explains_needs_no_servers(line: str) -> None:
    assert not entry.needs_servers(line.split())


@pytest.mark.parametrize("line", ["migrate", "shell", "load_articles corpus file", "sweep --once"])
def test_a_command_that_works_needs_them(line: str) -> None:
    assert entry.needs_servers(line.split())


def test_help_starts_nothing(state: Path) -> None:
    command = [sys.executable, "manage.py", "migrate", "--help"]

    done = subprocess.run(
        command, cwd=paths.CHECKOUT, capture_output=True, text=True, env={**os.environ}, check=False
    )

    assert done.returncode == 0
    assert "usage: manage.py migrate" in done.stdout
    assert processes_of(state) == {}
    assert not (state / "logs" / "keeper.log").exists() or not paths.run_dir().exists()


def test_a_reader_that_has_gone_is_no_mistake() -> None:
    """As in `manage.py help | head -1`."""
    done = subprocess.Popen(
        [sys.executable, "manage.py", "help"],
        cwd=paths.CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert done.stdout
    assert done.stderr
    done.stdout.close()
    assert done.stderr.read() == b""
    assert done.wait() == 141
    done.stderr.close()


def test_a_refusal_is_one_line(state: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=paths.CHECKOUT,
        capture_output=True,
        text=True,
        env={**os.environ, "DATABASE_URL": "mysql://h/news"},
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "PostgreSQL" in done.stderr


def test_files_say_something_else_when_one_was_changed_added_or_removed(tmp_path: Path) -> None:
    file = tmp_path / "a" / "one.py"
    file.parent.mkdir()
    file.write_text("1")
    seen = [fingerprints.of_files(tmp_path)]
    file.write_text("12")
    seen.append(fingerprints.of_files(tmp_path))
    (tmp_path / "two.py").write_text("2")
    seen.append(fingerprints.of_files(tmp_path))
    file.unlink()
    seen.append(fingerprints.of_files(tmp_path))

    assert len(set(seen)) == 4


def test_what_python_compiles_by_the_way_is_no_change(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("1")
    before = fingerprints.of_files(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_text("compiled")

    assert fingerprints.of_files(tmp_path) == before


@pytest.fixture
def migrated(state: Path) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A database that looks migrated, and a state folder where all was done."""
    with servers.ensure(), connect() as connection:
        connection.execute("CREATE TABLE django_migrations (app text, name text)")
        (state / "static").mkdir()
        launch.note_done(["migrate", "collectstatic"])
        yield connection
        connection.execute("DROP TABLE django_migrations")
    (state / "static").rmdir()
    (state / "done.json").unlink()


@pytest.mark.usefixtures("migrated")
def test_what_was_done_is_not_done_again() -> None:
    assert launch.chores_due(demo=True) == ["load_demo"]
    assert launch.chores_due(demo=False) == ["first_admin_link"]


def test_static_files_are_collected_again_when_they_are_gone(
    migrated: "psycopg.Connection[tuple[object, ...]]", state: Path
) -> None:
    (state / "static").rmdir()
    assert launch.chores_due(demo=True) == ["collectstatic", "load_demo"]

    launch.note_done(["collectstatic"])
    assert launch.chores_due(demo=True) == ["collectstatic", "load_demo"]
    (state / "static").mkdir()


def test_another_database_is_migrated_even_if_no_file_has_changed(
    migrated: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    migrated.execute("INSERT INTO django_migrations VALUES ('annotations', '0009_other')")

    assert launch.chores_due(demo=True) == ["migrate", "load_demo"]


def test_an_empty_database_is_migrated_whatever_was_noted(
    migrated: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    migrated.execute("DROP TABLE django_migrations")
    launch.note_done(["migrate"])

    assert launch.chores_due(demo=True) == ["migrate", "load_demo"]
    migrated.execute("CREATE TABLE django_migrations ()")
