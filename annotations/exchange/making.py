"""Files of formats whose first byte needs all lines: made once, and kept for a while beside their
snapshot, so that a download begins at once and can be gone on with.

What lies there is known by the snapshot's hash, the format, what was chosen of it, and the version of
the program. It goes with its snapshot, or a day after it was last asked for (see `expiring`).
"""

import errno
import hashlib
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import msgspec
from django.db import transaction

from annotations.exchange.converting import (
    WRITERS,
    Conversion,
    Told,
    conversion,
    full_disk_told,
    unproved,
)
from annotations.exchange.expiring import keep_others_from_removing
from annotations.exchange.manifest import SOFTWARE
from annotations.exchange.models import Export
from annotations.exchange.store import Kept, Writing, made_folder
from annotations.exchange.writers.losses import Lost, Part

PATIENCE = 0.3
"""Seconds that a reader waits for a file to be made, before a job makes it."""

_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)
_Lost = dict[Part, Lost]


class TakesLong(RuntimeError):
    """The file is not made yet, and will take longer than a reader waits."""


class _About(msgspec.Struct, frozen=True):
    """What stands beside a file that was made; where it stands, the file is whole."""

    sha256: bytes
    size: int
    lost: _Lost


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and the conversion that made it, with its report complete."""

    path: Path
    kept: Kept
    converted: Conversion


def key_of(export: Export, key: str, words: Mapping[str, str]) -> str:
    """What a file of this format, with these options, is known by. Raises as `unproved`."""
    return _key(unproved(export, key, words))


def made(export: Export, key: str, words: Mapping[str, str]) -> Made | None:
    """The file, if it lies there. Raises as `unproved`."""
    found = unproved(export, key, words)
    path = _path(export, found)
    try:
        about = msgspec.json.decode(_beside(path).read_bytes(), type=_About)
        whole = path.stat().st_size == about.size
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    for each in (path, _beside(path)):
        with suppress(OSError):  # gone, or not ours to write: then it is kept for less long
            os.utime(each)
    found.report.lost = about.lost
    return Made(path, Kept(about.sha256, about.size), found) if whole else None


def make(export: Export, key: str, words: Mapping[str, str], told: Told) -> Made:
    """The file, made now. `told` may raise, to stop; then, as after whatever else is raised, there
    is none. Raises as `conversion` and `Conversion.pieces`."""
    found = conversion(export, key, words)
    path, read = _path(export, found), 0

    def count(number: int) -> None:
        nonlocal read
        read = number
        told(number)

    with full_disk_told(), Writing(uuid4(), lambda _kept: path) as writing:
        for piece in found.pieces(count):
            writing.buffer += piece
            writing.flush()
            told(read)
        with transaction.atomic():
            keep_others_from_removing()
            if not found.path.exists():
                raise FileNotFoundError(found.path)
            kept = writing.keep()
            _tell(path, _About(kept.sha256, kept.size, found.report.lost))
    return Made(path, kept, found)


def needs_making(key: str) -> bool:
    """Whether files of this format are made before they are read."""
    return key in WRITERS and WRITERS[key].needs_all


def counted(export: Export, key: str, words: Mapping[str, str]) -> Conversion:
    """The conversion with its report complete, however long that takes. Raises as `make`."""
    if needs_making(key):
        return (made(export, key, words) or make(export, key, words, lambda _read: None)).converted
    found = conversion(export, key, words)
    found.losses()
    return found


def made_soon(export: Export, key: str, words: Mapping[str, str]) -> Made:
    """The file, if it lies there or is made in no time; else TakesLong, and nothing was made: also where
    this process may not write, but whoever does the jobs may. Raises
    as `make`."""
    try:
        return made(export, key, words) or make(export, key, words, _patient())
    except OSError as error:
        if error.errno in _NOT_OURS:
            raise TakesLong from error
        raise


def _patient() -> Callable[[int], None]:
    until = time.monotonic() + PATIENCE

    def told(_read: int) -> None:
        if time.monotonic() > until:
            raise TakesLong

    return told


def _path(export: Export, found: Conversion) -> Path:
    return made_folder(bytes(export.sha256 or b"")) / _key(found)


def _key(found: Conversion) -> str:
    about = (found.writer.key, sorted(found.writer.chosen.items()), SOFTWARE)
    return hashlib.sha256(repr(about).encode()).hexdigest()[:32]


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _tell(path: Path, about: _About) -> None:
    with Writing(uuid4(), lambda _kept: _beside(path)) as writing:
        writing.buffer += msgspec.json.encode(about)
        writing.keep()
