"""The three programs that the supervisor keeps: web server, worker, sweeper."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from workbench.local import paths, processes
from workbench.local.programs import Process, Program

WORKERS = 2  # processes of the web server, and of the job worker


@dataclass(frozen=True, slots=True)
class Ties:
    """What the children have from us: their environment, and somebody who ends their process
    group (`guard` is told its number, by the child itself) should we be killed."""

    environment: dict[str, str]
    guard: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who makes the three programs."""

    web: Callable[..., Program]
    worker: Callable[[Ties], Program]
    sweeper: Callable[[Ties], Program]


def worker(ties: Ties) -> Program:
    """Celery's worker. On TERM it finishes the job it has begun, on QUIT it leaves it: the lease
    runs out and another worker goes on. When we are killed it ends at once, for the same reason.
    """
    options = ["--pool=prefork", f"--concurrency={WORKERS}", "--loglevel=INFO"]
    silence = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    name = f"--hostname=kutip-{os.getpid()}@%h"
    command = [sys.executable, "-m", "celery", "-A", "workbench", "worker", name]
    launch = partial(_spawn, "worker", [*command, *options, *silence], signal.SIGKILL, ties)
    ending = ((signal.SIGTERM, 6.0), (signal.SIGQUIT, 3.0))
    return Program("The worker", paths.log_file("worker"), launch, ending)


def sweeper(ties: Ties) -> Program:
    """The loop that rings again for jobs whose bell was lost."""
    command = [sys.executable, "manage.py", "sweep"]
    launch = partial(_spawn, "sweeper", command, signal.SIGTERM, ties)
    return Program("The sweeper", paths.log_file("sweeper"), launch, ((signal.SIGTERM, 3.0),))


def web(
    ties: Ties,
    sockets: Sequence[socket.socket],
    line: Callable[[socket.socket], None],
    *,
    module: str = "workbench.local.web",
) -> Program:
    """The web server on sockets that listen already. At each launch `line` gets our end of a line
    to it: it waits there for its chores, and says there what they printed.
    """
    launch = partial(_spawn_web, module, ties, sockets, line)
    ending = ((signal.SIGTERM, 8.0),)
    return Program("The web server", paths.log_file("web"), launch, ending)


def _spawn_web(
    module: str,
    ties: Ties,
    sockets: Sequence[socket.socket],
    line: Callable[[socket.socket], None],
) -> Process:
    ours, theirs = socket.socketpair()
    handed = [theirs.fileno(), *(listener.fileno() for listener in sockets)]
    command = [sys.executable, "-m", module, *map(str, handed)]
    with theirs:
        process = _spawn("web", command, signal.SIGTERM, ties, handed)
    line(ours)
    return process


def _spawn(
    name: str,
    command: Sequence[str],
    death: signal.Signals,
    ties: Ties,
    pass_fds: Sequence[int] = (),
) -> Process:
    return processes.spawn(
        command,
        log=paths.log_file(name),
        cwd=paths.CHECKOUT,
        death=death,
        env=ties.environment,
        pass_fds=pass_fds,
        at_birth=ties.guard,
    )


CREW = Crew(web, worker, sweeper)
