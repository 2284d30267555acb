"""Words wait outside their index, where every search reads all of them, until many are put in together."""

from concurrent.futures import Executor, Future

from django.db import connection

MANY_WAIT = 10_000_000
"""Bytes of words and titles (see `indexing.Made`): so many are put into the index together, some 2,500
articles of the press. Twice as many cost a tenth less, and every search reads twice as much meanwhile."""


def settle() -> None:
    """The words that wait are put in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settle_article_search()")


class Settling:
    """Puts in what waits, again and again, in the thread that it is given."""

    def __init__(self, thread: Executor) -> None:
        self._thread, self._waiting = thread, 0
        self._under_way: Future[None] | None = None

    def add(self, size: int) -> None:
        """So many bytes more wait. Where they are many by now, they begin to be put in. Those before
        them are in by then: of what waits there is never more than twice as much."""
        self._waiting += size
        if self._waiting >= MANY_WAIT:
            self._finish()
            self._under_way, self._waiting = self._thread.submit(settle), 0

    def end(self) -> None:
        """Nothing waits any more."""
        try:
            self._finish()
        finally:
            settle()

    def _finish(self) -> None:
        if self._under_way:
            self._under_way.result()
