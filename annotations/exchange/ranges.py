"""One range of bytes of a file, as a browser asks for it to go on with a download; and whether it may
still be read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

ASKED_EVERY = 8_388_608
"""Bytes that are given before it is asked again whether they may be."""

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `start` up to `end`, which is excluded."""

    start: int
    end: int

    def header(self, size: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{size}"


class Unsatisfiable(ValueError):
    """The range begins behind the end of the file."""


def asked(header: str, size: int) -> Span | None:
    """The range that a Range header asks for, or None: all of it (no header, several ranges, or
    no range we know: RFC 9110 lets us ignore those). Raises Unsatisfiable."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.group() == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    if last and first and int(last) < int(first):
        return None
    if start >= size or start >= end:
        raise Unsatisfiable(header)
    return Span(start, end)


class Withdrawn(PermissionError):
    """Whoever reads may do so no longer. The file breaks off: its size was told before, or its end
    is told apart, so that nobody takes what came for all of it."""


def watched(pieces: Iterator[bytes], still_allowed: Callable[[], bool]) -> Iterator[bytes]:
    """The pieces; before each further 8 MiB it is asked whether they may still be given. Raises
    Withdrawn where they may not."""
    given = 0
    for piece in pieces:
        if given >= ASKED_EVERY:
            if not still_allowed():
                raise Withdrawn
            given = 0
        given += len(piece)
        yield piece


class Slice:
    """A part of an open file, read as if it were all there is. Closing it closes the file.
    `still_allowed` is asked before each further 8 MiB; read raises Withdrawn where it is not."""

    def __init__(self, stream: BinaryIO, span: Span, still_allowed: Callable[[], bool]) -> None:
        stream.seek(span.start)
        self._stream, self._left = stream, span.end - span.start
        self._still_allowed, self._until_asked = still_allowed, ASKED_EVERY

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        if wanted > self._until_asked:
            if not self._still_allowed():
                raise Withdrawn
            self._until_asked = max(ASKED_EVERY, wanted)
        data = self._stream.read(wanted)
        self._left -= len(data)
        self._until_asked -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()
