"""Telling the person at the terminal that Kutip is ready, as soon as it is."""

import selectors
import socket
import time
from urllib.parse import urlsplit

from workbench.local import announcement
from workbench.local.probe import Probe

PAUSE = 0.05  # seconds between two questions to /healthz
SLOW = 60.0  # seconds without a healthy answer after which we say what is missing


class Welcome:
    """Asks /healthz until every part answers, then says where Kutip is and who can sign in.

    `begin` is when the start began, on the monotonic clock; `first_admin` is set by whoever knows
    the link.
    """

    def __init__(
        self,
        selector: selectors.BaseSelector,
        listener: socket.socket,
        url: str,
        *,
        begin: float,
        demo: bool,
    ) -> None:
        self._selector = selector
        self._listener = listener
        self._url = url
        self._begin = begin
        self._demo = demo
        self._asking = False
        self._ask_at = 0.0
        self.is_over = False
        self.first_admin = ""

    def patience(self) -> float:
        """The seconds until there may be something to do here."""
        return 1.0 if self.is_over or self._asking else PAUSE

    def ask(self) -> None:
        """Ask once more, unless all is said or an answer is awaited."""
        if self.is_over or self._asking or time.monotonic() < self._ask_at:
            return
        self._asking = True
        probe = Probe(self._listener, urlsplit(self._url).netloc)
        self._selector.register(probe.connection, selectors.EVENT_READ, lambda: self._hear(probe))

    def _hear(self, probe: Probe) -> None:
        if not probe.is_over():
            return
        self._selector.unregister(probe.connection)
        self._asking, self._ask_at = False, time.monotonic() + PAUSE
        waited = time.monotonic() - self._begin
        if not probe.complaint or waited > SLOW:
            self._announce(waited, probe.complaint)

    def _announce(self, waited: float, complaint: str) -> None:
        self.is_over = True
        announcement.ready(self._url, waited, complaint)
        if self._demo:
            announcement.accounts()
        announcement.first_admin(self.first_admin)
        announcement.say("Ctrl-C stops everything.")
