"""The full report of a load on disk: one JSON object for every line that was not loaded."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from annotations.limits import LIMITS

_BLOCK = 1_048_576


class Mark(msgspec.Struct, frozen=True):
    """How far a journal has come: its lines, and its bytes on disk."""

    lines: int = 0
    size: int = 0


class JournalLost(Exception):
    """What a journal is to go on behind is not there any more."""


class Journal:
    """Writes JSONL beside `path`, which appears whole when the journal is published.

    A journal that is left unpublished is gone, unless it was marked: then another one that is given
    the mark as `since` goes on behind it, whatever was written after.
    """

    def __init__(self, path: Path, since: Mark | None = None) -> None:
        self._path = path
        self._part = path.with_suffix(".part")
        self._mark = since
        self._lines = since.lines if since else 0

    def __enter__(self) -> Self:
        """Raises JournalLost."""
        self._part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # a file of its own: a worker that was thought dead may still write into the one before
        fresh = self._path.with_suffix(".fresh")
        with fresh.open("wb") as file:
            if self._mark and self._mark.size:
                self._copy(file, self._mark.size)
        fresh.replace(self._part)
        # a file name may hold what no UTF-8 can
        self._file = self._part.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._mark is None and self._is_there():
            self._part.unlink()
        self._file.close()

    def record(self, row: Mapping[str, object]) -> None:
        """Add one line, up to the limit of lines kept."""
        if self._lines < LIMITS.refusals_kept:
            self._lines += 1
            self._file.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")

    def mark(self) -> Mark:
        """What was recorded is on disk, and stays there."""
        if self._mark is None or self._mark.lines != self._lines:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._mark = Mark(self._lines, os.fstat(self._file.fileno()).st_size)
        return self._mark

    def publish(self) -> None:
        """What was recorded is at `path`; nothing can be recorded any more."""
        self._file.close()
        self._part.replace(self._path)

    def _copy(self, to: BinaryIO, size: int) -> None:
        # it was published where a worker died before it could commit that
        before = self._part if self._part.is_file() else self._path
        try:
            with before.open("rb") as file:
                while size and (data := file.read(min(size, _BLOCK))):
                    size -= to.write(data)
        except FileNotFoundError as error:
            raise JournalLost from error
        if size:
            raise JournalLost
        to.flush()
        os.fsync(to.fileno())

    def _is_there(self) -> bool:
        """Whether the file beside `path` is this journal's, and no other's, nor published."""
        try:
            return not self._file.closed and os.path.samestat(
                os.fstat(self._file.fileno()), self._part.stat()
            )
        except FileNotFoundError:
            return False
