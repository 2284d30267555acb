"""Asking /healthz without waiting for the answer: it comes when the selector says so."""

import contextlib
import socket

from workbench.local.announcement import reachable

LIMIT = 4096


class Probe:
    """One question to the web server behind `listener`, asked in the name of `host`.

    Before anybody serves, the question waits in the queue of the listening socket.
    """

    def __init__(self, listener: socket.socket, host: str) -> None:
        address = listener.getsockname()
        self._heard = b""
        self.connection = socket.socket(listener.family)
        self.connection.setblocking(False)
        question = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        with contextlib.suppress(OSError):
            # On this machine a connection is there at once, even one that is not waited for.
            self.connection.connect_ex((reachable(address[0]), *address[1:]))
            self.connection.sendall(question.encode())

    def is_over(self) -> bool:
        """Reads what has come; whether that was all."""
        try:
            heard = self.connection.recv(LIMIT)
        except OSError:
            heard = b""
        self._heard += heard
        if heard and len(self._heard) < LIMIT:
            return False
        self.connection.close()
        return True

    @property
    def complaint(self) -> str:
        """Empty when every part answered; else what /healthz said, or that it said nothing."""
        head, _, body = self._heard.partition(b"\r\n\r\n")
        words = head.split(None, 2)
        if len(words) > 1 and words[1] == b"200":
            return ""
        return body.decode(errors="replace") or "/healthz says nothing"
