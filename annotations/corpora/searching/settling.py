"""Words wait outside their index, where every search reads all of them, until many are put in together."""

from concurrent.futures import Executor, Future

from django.db import connection

MANY_WAIT = 4_000_000
"""Bytes of words and titles (see `indexing.Made`): so many are put into the index together, some 1,000
articles of the press. The more they are, the less work is each, and the more every search reads
meanwhile."""


def settle() -> None:
    """Words are put in until none wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT settle_article_search()")


class Settling:
    """Puts in what waits, again and again, in the thread that it is given."""

    def __init__(self, thread: Executor) -> None:
        self._thread, self._waiting = thread, 0
        self._under_way: Future[None] | None = None

    def add(self, size: int) -> None:
        """So many bytes more wait. Where they are many, they begin to be put in; those that come
        meanwhile are put in with them. Where twice as many have come and there is still no end, this
        waits for it: more than three times as many never wait."""
        self._waiting += size
        if self._under_way and not self._under_way.done():
            if self._waiting >= 2 * MANY_WAIT:
                self._finish()
        elif self._waiting >= MANY_WAIT:
            self._finish()
            self._under_way, self._waiting = self._thread.submit(settle), 0

    def end(self) -> None:
        """Nothing waits any more."""
        try:
            self._finish()
        finally:
            settle()

    def _finish(self) -> None:
        """What was under way is done. Raises what it raised."""
        if self._under_way:
            under_way, self._under_way, self._waiting = self._under_way, None, 0
            under_way.result()
