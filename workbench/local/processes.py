"""Spawning a program so that it never outlives us, and ending it with all it spawned.

Every program gets a session of its own: the terminal's Ctrl-C reaches only us, and its process
group can be ended as a whole.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if LINUX else None
LOG_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this machine that a program runs as."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    death: signal.Signals,
    account: Account | None = None,
    env: dict[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """The program runs in its own session, writes to `log`, and gets `death` when we die.

    The last holds on Linux only, even for a kill -9 of us, and follows the *thread* that spawns:
    call it from the main thread. Elsewhere the keeper ends what we leave behind.
    """
    trim_log(log)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=pass_fds,
            # Safe because we have one thread; there is no other way to set it after the uid.
            preexec_fn=_dying_with(os.getpid(), death) if LINUX else None,  # noqa: PLW1509
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def _dying_with(parent: int, death: signal.Signals) -> Callable[[], None]:
    # Runs in the child, after the change of account (which would clear the setting).
    return lambda: die_with(parent, death)


def die_with(parent: int, death: signal.Signals) -> None:
    """This process gets `death` when the thread that forked it ends. Linux only; else nothing.

    If `parent` is gone already, the process ends at once.
    """
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(death))
    if os.getppid() != parent:
        os._exit(1)


def is_alive(pid: int) -> bool:
    """Some process has this number now, ours or not (one that waits to be reaped counts)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def group_is_alive(group: int) -> bool:
    """A process of this group still runs; those that only wait to be reaped do not count."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return not LINUX or any(_running_members(group))
    return not LINUX or any(_running_members(group))


def _running_members(group: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # "pid (name) state ppid pgrp ...": the name may hold anything, brackets too
            state, _, pgrp = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(pgrp) == group and state not in "ZX":
                yield int(entry.name)


def signal_group(group: int, number: signal.Signals) -> None:
    """Every process of the group has got the signal; a group that is gone is left in peace."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def end_group(group: int, *, grace: float) -> None:
    """No process of the group runs: asked by TERM, forced by KILL after `grace` seconds."""
    signal_group(group, signal.SIGTERM)
    if not wait_until(lambda: not group_is_alive(group), grace):
        signal_group(group, signal.SIGKILL)
        wait_until(lambda: not group_is_alive(group), 5)


def wait_until(holds: Callable[[], bool], seconds: float, *, step: float = 0.01) -> bool:
    """Whether `holds` became true within the time; asks every `step` seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= end:
            return False
        time.sleep(step)
    return True


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, indented, for showing below a sentence; "" when there is none."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "".join(f"    {line}\n" for line in lines)


def trim_log(log: Path) -> None:
    """A log that grew beyond 10 MB begins anew; the old one stays beside it as `.old`."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old"))
