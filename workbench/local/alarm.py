"""Signals as something that a selector can wait for."""

import contextlib
import signal
import socket
from collections.abc import Iterator

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop before we had begun to serve."""


class Alarm:
    """Counts the requests to stop, and becomes readable when one comes or a child dies.

    While `raising` is true a request to stop is also raised, as `Stopped`, wherever we are.
    """

    def __init__(self, *, raising: bool = False) -> None:
        self.raising = raising
        self.stops = 0
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOPPING:
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.stops += 1
        if self.raising:
            self.raising = False
            raise Stopped

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """A request to stop that comes inside is raised at the end."""
        raising, self.raising = self.raising, False
        yield
        self.raising = raising
        if raising and self.stops:
            raise Stopped

    def fileno(self) -> int:
        """What the selector waits for."""
        return self._reader.fileno()

    def calm(self) -> None:
        """Not readable until the next signal."""
        self._reader.recv(4096)
