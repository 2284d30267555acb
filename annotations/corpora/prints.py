"""Files that were read in part, known again by their bytes."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import BinaryIO, Self

from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.readers.sources import Source

_BLOCK = 1_048_576


class Print:
    """The SHA-256 of files in their order, up to a place in one of them: all bytes of the files
    before it, and so many of its own. No place lies before one that was asked for earlier.

    What lies in an archive is passed over: the archive has a checksum of it (`Source.crc`).
    """

    def __init__(self, files: Sequence[Source | LineRefusal]) -> None:
        self._files = files
        self._file = self._byte = 0
        self._sum = hashlib.sha256()
        self._stream: BinaryIO | None = None
        self._following: Future[str] | None = None

    def __enter__(self) -> Self:
        self._aside = ThreadPoolExecutor(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._aside.shutdown()
        self._close()

    def upto(self, file: int, byte: int, tell: Callable[[], None] = lambda: None) -> str:
        """The sum up to this place, in hex. `tell` is called for each MiB, and may raise."""
        while self._file < file:
            self._go_on(None, tell)
            self._close()
            self._file, self._byte = self._file + 1, 0
        self._go_on(byte, tell)
        return self._sum.hexdigest()

    def follow(self, file: int, byte: int) -> None:
        """Go on to this place beside other work: neither reading nor hashing holds the interpreter."""
        self._following = self._aside.submit(self.upto, file, byte)

    def digest(self) -> str:
        """The sum up to the place that was followed to last, in hex. Raises OSError."""
        return self._following.result() if self._following else self._sum.hexdigest()

    def _go_on(self, to: int | None, tell: Callable[[], None]) -> None:
        """Up to this byte of the file at hand, or its end."""
        source = self._files[self._file]
        if isinstance(source, LineRefusal) or source.crc is not None:
            return
        while to is None or self._byte < to:
            self._stream = self._stream or source.open()
            data = self._stream.read(_BLOCK if to is None else min(_BLOCK, to - self._byte))
            if not data:
                return
            self._sum.update(data)
            self._byte += len(data)
            tell()

    def _close(self) -> None:
        if self._stream:
            self._stream.close()
        self._stream = None
