"""What a PostgreSQL that was killed leaves behind, told apart from one that still runs."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.env import Refusal
from workbench.local.processes import LINUX, is_alive, wait_until

PATIENCE = 5.0  # seconds for each way of ending


@dataclass(frozen=True, slots=True)
class LockFile:
    """What `postmaster.pid` says: the server's process, its socket folder and its state."""

    pid: int
    socket_dir: str
    status: str


def read_lock(data: Path) -> LockFile | None:
    """The lock file of a cluster, or None when there is none that names a process."""
    with contextlib.suppress(OSError, ValueError):
        lines = [*(data / "postmaster.pid").read_text(errors="replace").splitlines(), *[""] * 8]
        return LockFile(int(lines[0]), lines[4].strip(), lines[7].strip())
    return None


def clear(data: Path, socket_dir: Path) -> None:
    """No server of this cluster runs, and no lock file keeps a new one from starting.

    A server of ours whose keeper was killed is ended. One that was started elsewhere (its socket
    lies in another folder, or it runs where we cannot see it) is a `Refusal`.
    """
    lock = read_lock(data)
    if lock and lock.pid in servers_of(data) and lock.socket_dir != str(socket_dir):
        raise Refusal(f"The database in {data} is in use by process {lock.pid}.")
    _end_servers(data)
    if _answers(socket_dir / ".s.PGSQL.5432"):
        raise Refusal(f"The database in {data} is in use by a process out of our sight.")
    _remove_misleading_locks(data, socket_dir)


def _end_servers(data: Path) -> None:
    # By themselves first: on Linux a server got its signal when its keeper died, and the
    # processes of a killed server see that it has gone.
    for number in (None, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if number:
            _signal_servers(data, number)
        if wait_until(lambda: not any(servers_of(data)), PATIENCE, step=0.02):
            return


def _signal_servers(data: Path, number: signal.Signals) -> None:
    for pid in servers_of(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        return True
    return False


def _remove_misleading_locks(data: Path, socket_dir: Path) -> None:
    # The number of a killed server may belong to some other program by now, and a full disk may
    # have left half a file. PostgreSQL refuses to start on both; of a dead number it knows itself.
    lock = read_lock(data)
    if lock is None or is_alive(lock.pid):
        (data / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (socket_dir / name).unlink(missing_ok=True)


def servers_of(data: Path) -> Iterator[int]:
    """The processes of the PostgreSQL that runs on this cluster (they live in its folder)."""
    return _by_folder(data) if LINUX else _by_command_line(data)


def _by_folder(data: Path) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program = (entry / "exe").readlink().name.removesuffix(" (deleted)")
            if program == "postgres" and (entry / "cwd").samefile(data):
                yield int(entry.name)


def _by_command_line(data: Path) -> Iterator[int]:
    command = ["ps", "-axww", "-o", "pid=,command="]
    listing = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in listing.stdout.splitlines():
        pid, _, words = line.strip().partition(" ")
        if "postgres" in words and f"-D {data} " in f"{words} ":
            yield int(pid)
