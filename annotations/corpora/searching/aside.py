"""Work that is done beside other work."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections


@contextmanager
def aside() -> Iterator[Executor]:
    """A thread that does what it is given, one after the other. Of the database it has a connection of
    its own, which is closed at the end; that waits for what was given."""
    with ThreadPoolExecutor(1) as thread:
        try:
            yield thread
        finally:
            thread.submit(connections.close_all)
