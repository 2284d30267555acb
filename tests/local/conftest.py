"""Real processes in state folders of their own, and the means to see what they leave behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import psycopg
import pytest

from workbench.local import connections, paths

Start = Callable[..., "Started"]


def eventually(holds: Callable[[], object], seconds: float = 8.0) -> bool:
    """Whether `holds` became true in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def processes_of(state: Path) -> dict[int, str]:
    """Every running process of a state folder: number and command line.

    Known by its environment, or (the servers overwrite theirs) by where it lives.
    """
    found = {}
    mark = b"KUTIP_STATE=" + os.fsencode(state) + b"\0"
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            lives_here = state in (entry / "cwd").readlink().parents
            if lives_here or mark in (entry / "environ").read_bytes() + b"\0":
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(entry.name)] = words
    found.pop(os.getpid(), None)
    return {pid: words for pid, words in found.items() if words}


def the(state: Path, part: str) -> int:
    """The one process of the state folder whose command line has this part, oldest first."""
    found = sorted(pid for pid, words in processes_of(state).items() if part in words)
    assert found, f"no {part} among {processes_of(state)}"
    return found[0]


class Started:
    """A process of ours and what it says, line by line."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=paths.CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    @property
    def _output(self) -> IO[str]:
        assert self.process.stdout
        return self.process.stdout

    def says(self, part: str) -> str:
        """The next line with `part`; fails when the process ends without it."""
        for line in self._output:
            self.said.append(line)
            if part in line:
                return line
        raise AssertionError(f"{part!r} was never said in: {''.join(self.said)}")

    def ends(self) -> int:
        """Its exit status; what it still said is kept."""
        if self.process.stdin:
            self.process.stdin.close()
        self.said += self._output
        self._output.close()
        return self.process.wait(15)

    def gets(self, number: signal.Signals) -> int:
        """Its exit status after this signal."""
        self.process.send_signal(number)
        return self.ends()


@pytest.fixture(scope="session")
def folders() -> Iterator[Callable[[], Path]]:
    """New folders that the server's account can reach (pytest's own are closed to it)."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="kutip-tests-")))
        made[-1].chmod(0o711)
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster_state(folders: Callable[[], Path]) -> Path:
    """One state folder for all tests that need no new one: a new cluster takes its time."""
    return folders()


@pytest.fixture
def state(cluster_state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The state folder of this process and its children; nothing runs in it before and after."""
    monkeypatch.setenv("KUTIP_STATE", str(cluster_state))
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "KUTIP_URL", "KUTIP_HOST"):
        monkeypatch.delenv(name, raising=False)
    yield cluster_state
    left = eventually(lambda: not processes_of(cluster_state)) or processes_of(cluster_state)
    for pid in processes_of(cluster_state):
        os.kill(pid, signal.SIGKILL)
    assert left is True


@pytest.fixture
def start(state: Path) -> Iterator[Start]:
    """Start a module of tests/local in the state folder, or in another; it ends with the test."""
    started: list[Started] = []

    def begin(module: str, *arguments: str, **environment: str) -> Started:
        command = [sys.executable, "-m", f"tests.local.{module}", *arguments]
        started.append(Started(command, {**os.environ, **environment}))
        return started[-1]

    yield begin
    for each in started:
        each.process.kill()
        with contextlib.suppress(ValueError):
            each.ends()


@pytest.fixture
def port() -> int:
    """A port that nobody had a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def connect(alias: str = "owner") -> "psycopg.Connection[tuple[object, ...]]":
    """A connection as one of the two roles."""
    parts = connections.libpq(connections.database_settings()[alias])
    return psycopg.connect(" ".join(f"{k}='{v}'" for k, v in parts.items()), autocommit=True)
