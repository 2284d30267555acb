"""The web child: granian on the sockets that the supervisor claimed.

Arguments: the descriptor of the line to the supervisor, then those of the listening sockets, one
for each worker process. On the line it gets the names of its chores (a list in JSON), as soon as
the servers are up, and answers with what they printed.

Django is loaded once, before the workers are forked: they share its memory, a killed worker is
back at once, and the chores of a start (migrations, static files, the demo) cost no further
process.
"""

import gc
import json
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import django
from granian import net
from granian.constants import HTTPModes, Interfaces
from granian.server.mp import MPServer, WorkerProcess

from workbench.local import chores, ports, processes

THREADS = 4  # for each worker
KILL_AFTER = 5  # seconds that a worker gets to answer what it has begun
HOLDER: Any = vars(net)["SocketHolder"]  # its type stub knows none of its arguments


class Web(MPServer):
    """Granian, but each worker listens on a socket that exists already."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self._claimed = sockets
        host, port = sockets[0].getsockname()[:2]
        super().__init__(
            "workbench.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=len(sockets),
            blocking_threads=THREADS,
            backlog=ports.BACKLOG,
            respawn_failed_workers=True,
            workers_kill_timeout=KILL_AFTER,
        )

    def _init_shared_socket(self) -> None:
        self._hand_over(0)

    def _hand_over(self, index: int) -> None:
        claimed = self._claimed[index]
        holder = HOLDER(claimed.fileno(), False, ports.BACKLOG)
        vars(self).update(_ssp=None, _shd=holder, _sso=claimed, _sfd=claimed.fileno())

    def _drop_shared_socket(self) -> None:
        """The supervisor keeps the sockets: whoever connects now waits for the next web child."""

    def _spawn_worker(  # type: ignore[override]  # granian's own override differs as much
        self, idx: int, target: Any, callback_loader: Callable[[], Any]
    ) -> WorkerProcess:
        self._hand_over(idx)
        return super()._spawn_worker(idx, target, callback_loader)


def load() -> Callable[..., Any]:
    """The WSGI application, in a worker process that does not outlive this one."""
    parent = multiprocessing.parent_process()
    if parent and parent.pid:
        processes.die_with(parent.pid, signal.SIGTERM)
    from workbench.wsgi import application

    return application


def prepare(line: socket.socket) -> None:
    """Django is loaded with all its URLs, the chores are done, and the supervisor knows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workbench.settings")
    django.setup()
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    with line, line.makefile("rw") as talk:
        said = chores.run(json.loads(talk.readline()))
        import workbench.wsgi  # noqa: F401  # only now: it looks at once which static files exist

        json.dump(said, talk)
    gc.collect()
    gc.freeze()  # what the workers share stays shared: the collector does not touch it again


def main() -> None:
    """Do the chores, then serve until TERM."""
    line, *sockets = [socket.socket(fileno=int(number)) for number in sys.argv[1:]]
    prepare(line)
    Web(sockets).serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    main()
