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
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if LINUX else None
MOMENT = 1.0 if LINUX else 0.0
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
    at_birth: Callable[[int], None] = lambda _pid: None,
) -> subprocess.Popen[bytes]:
    """The program runs in its own session, writes to `log`, and gets `death` when we die.

    The last holds on Linux only, even for a kill -9 of us, and follows the *thread* that spawns:
    call it from the main thread. Elsewhere the keeper ends what we leave behind. `at_birth` is
    called in the new process, with its number, before the program begins.
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
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            # Safe because we have one thread; nothing else runs after the change of account.
            preexec_fn=partial(_be_born, os.getpid(), death, at_birth),  # noqa: PLW1509
        )


def _be_born(parent: int, death: signal.Signals, at_birth: Callable[[int], None]) -> None:
    die_with(parent, death)
    at_birth(os.getpid())


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


def end_groups(groups: Collection[int], *, grace: float) -> None:
    """No process of these groups runs, now that those who led or spawned them are dead.

    They get a moment to end by themselves (on Linux a signal told them to, and a second one could
    only disturb that), then TERM and `grace` seconds, then KILL.
    """
    gentler = ((None, MOMENT), (signal.SIGTERM, grace), (signal.SIGKILL, 5.0))
    for number, seconds in gentler:
        if number:
            for group in groups:
                signal_group(group, number)
        if wait_until(lambda: not any(map(group_is_alive, groups)), seconds):
            return


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
