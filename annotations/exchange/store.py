"""Export files: written aside, complete when they get their name, named after their content."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings

_KEPT_BACK = 262_144  # bytes that are written at once


@dataclass(frozen=True, slots=True)
class Kept:
    """A complete file: its hash and its size in bytes."""

    sha256: bytes
    size: int


def path_of(sha256: bytes) -> Path:
    """Where the export with this content lies."""
    name = sha256.hex()
    return Path(settings.EXPORT_DIR, "sha256", name[:2], f"{name}.jsonl")


def made_folder(sha256: bytes) -> Path:
    """Where the files lie that were made of the export with this content."""
    return Path(settings.EXPORT_DIR, "made", sha256.hex())


def remove(sha256: bytes) -> None:
    """The export with this content is gone, with all that was made of it."""
    path_of(sha256).unlink(missing_ok=True)
    shutil.rmtree(made_folder(sha256), ignore_errors=True)


class Writing:
    """A file on its way. What stands at the end of the block is kept by `keep`, or is gone. `to`
    says where it is kept."""

    def __init__(self, id: UUID, to: Callable[[Kept], Path] | None = None) -> None:
        self.buffer = bytearray()
        self._to = to or (lambda kept: path_of(kept.sha256))
        # one that was thought dead may still write: no two write into the same file
        self._part = Path(settings.EXPORT_DIR, "parts", f"{id}.{uuid4()}.part")
        self._hash = hashlib.sha256()
        self._size = 0

    def __enter__(self) -> Self:
        self._part.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("wb", buffering=0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def flush(self, *, all_of_it: bool = False) -> None:
        """What stands in `buffer` is in the file, if it is worth a write."""
        if len(self.buffer) < _KEPT_BACK and not all_of_it:
            return
        self._hash.update(self.buffer)
        self._size += len(self.buffer)
        with memoryview(self.buffer) as rest:
            written = 0
            while written < len(rest):
                written += self._file.write(rest[written:]) or 0
        self.buffer.clear()

    def keep(self) -> Kept:
        """The file is on disk for good, in its place."""
        self.flush(all_of_it=True)
        os.fsync(self._file.fileno())
        kept = Kept(self._hash.digest(), self._size)
        path = self._to(kept)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part.replace(path)
        for folder in (path.parent, path.parent.parent):
            _sync(folder)
        return kept


def is_full(error: OSError) -> bool:
    """Whether the disk has no room left, or none for us."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
