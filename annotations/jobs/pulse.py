"""The pulse of a job that runs: it renews the lease, and tells how far the job is."""

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, connections
from django.db.utils import Error as DatabaseError
from django.utils import timezone

if TYPE_CHECKING:
    from annotations.jobs.running import Running

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a job belongs to a worker that says nothing."""
PULSE_SECONDS = 0.5
RENEW_SECONDS = 8.0


class Pulse(threading.Thread):
    """Renews the lease and carries the progress while the handler works.

    Inside a caller's transaction the job's row is visible to nobody else: no pulse then.
    """

    def __init__(self, running: "Running") -> None:
        super().__init__(name=f"pulse of {running.id}", daemon=True)
        self._running = running
        self._end = threading.Event()
        self._needed = not connection.in_atomic_block

    def start(self) -> None:
        if self._needed:
            super().start()

    def stop(self) -> None:
        self._end.set()
        if self._needed:
            self.join()

    def run(self) -> None:
        since_renewed = 0.0
        while not self._end.wait(PULSE_SECONDS):
            since_renewed += PULSE_SECONDS
            news = self._running.news()
            if news or since_renewed >= RENEW_SECONDS:
                since_renewed = 0.0
                self._beat(news)
        connections.close_all()

    def _beat(self, news: dict[str, object]) -> None:
        try:
            row = self._running.row()
            if not row.update(lease_until=timezone.now() + LEASE, **news):
                self._running.lost.set()
            elif row.filter(cancel_requested=True).exists():
                self._running.cancelled.set()
        except DatabaseError:
            # The database is away: the handler will notice by itself, or the lease runs out.
            logger.warning("job %s: no pulse, the database does not answer", self._running.id)
            connections.close_all()
