"""Files of a package that are put aside until those before them are written."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

from annotations.exchange.writers.archive import Archive, Entry
from annotations.exchange.writers.packages import Piece

_IN_MEMORY = 1 << 20
_BLOCK = 1 << 16


class Spool:
    """Files in their order: deflated as they go into the package, and on the disk where they are large.
    They are read once, after the last was put. Raises OSError where the disk is full."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - until `close`
        self._entries: dict[str, Entry] = {}

    def put(self, pieces: Iterable[Piece]) -> None:
        """Those of one name follow one another."""
        for name, data in pieces:
            if name not in self._entries:
                self._end_last()
                self._entries[name] = Entry(name)
            self._file.write(self._entries[name].add(data))

    def taken(self, archive: Archive) -> Iterator[bytes]:
        """All of them, as the archive has them."""
        self._end_last()
        self._file.seek(0)
        for entry in self._entries.values():
            yield archive.begin(entry)
            left = entry.packed
            while left:
                block = self._file.read(min(_BLOCK, left))
                left -= len(block)
                yield block
            yield archive.close(entry)

    def close(self) -> None:
        self._file.close()

    def _end_last(self) -> None:
        for last in [*self._entries.values()][-1:]:
            self._file.write(last.end())
