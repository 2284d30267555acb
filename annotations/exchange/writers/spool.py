"""Parts of a package that are put aside until those before them are written."""

from collections.abc import Iterable, Iterator
from gzip import GzipFile
from tempfile import SpooledTemporaryFile

from annotations.exchange.writers.packages import Piece

_IN_MEMORY = 1 << 20
_BLOCK = 1 << 16


class Spool:
    """Pieces, kept in their order: compressed, and on the disk where they are many. They are read
    once, after the last was put. Raises OSError where the disk is full."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - until `close`
        self._in = GzipFile(fileobj=self._file, mode="wb", compresslevel=1)
        self._ends: dict[str, int] = {}
        self._size = 0

    def put(self, pieces: Iterable[Piece]) -> None:
        """Those of one name follow one another."""
        for piece in pieces:
            self._size += self._in.write(piece.data)
            self._ends[piece.name] = self._size

    def taken(self) -> Iterator[Piece]:
        """All of them, in pieces of another size."""
        self._in.close()
        self._file.seek(0)
        with GzipFile(fileobj=self._file, mode="rb") as out:
            at = 0
            for name, end in self._ends.items():
                while at < end:
                    data = out.read(min(_BLOCK, end - at))
                    at += len(data)
                    yield Piece(name, data)

    def close(self) -> None:
        self._file.close()
