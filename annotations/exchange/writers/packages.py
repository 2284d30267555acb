"""Formats of many files: a ZIP that streams, and names that can do no harm where it is unpacked."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from annotations.exchange.writers.archive import LEVEL, Archive, Entry

Member = tuple[str, bytes]
"""The name of a file in the package, its parts joined by "/", and what it holds."""


class Piece(NamedTuple):
    """A part of a file in the package."""

    name: str
    data: bytes


# what some system gives a meaning in names, and what would turn or hide them; "%" marks these
_UNSAFE = re.compile(
    '[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff%/\\\\:*?"<>|]'
)
_EDGE = re.compile(r"^[.\s~-]|[.\s]$")
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=$|[. ])")
_MOST = 120  # bytes: systems have room for 255, and in paths for less


@lru_cache(maxsize=1_000)
def safe_name(name: str) -> str:
    """The name as a single file or folder may have it on every system: what is unsafe is written
    as %XX, of UTF-8. A name of letters, digits, spaces, dots and hyphens mostly stays as it is; no two names
    become one, also where they are too long and are cut."""
    safe = _UNSAFE.sub(_escaped, name)
    safe = _EDGE.sub(_escaped, safe)
    if _DEVICE.match(safe):
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    whole = safe.encode()
    if len(whole) > _MOST:
        safe = f"{whole[:_MOST].decode(errors='ignore')}-{sha256(whole).hexdigest()[:8]}"
    return safe or "%"


def zipped(members: Iterable[Member], level: int = LEVEL) -> Iterator[bytes]:
    """The members in a ZIP, as they come. Equal members make equal bytes. `level` of compression:
    0 where they are packed already."""
    archive = Archive()
    for name, data in members:
        entry = Entry(name, level)
        packed = entry.add(data) + entry.end()
        yield archive.begin(entry) + packed + archive.close(entry)
    yield archive.end()


def streamed(pieces: Iterable[Piece], level: int = LEVEL) -> Iterator[bytes]:
    """The same for members that come in pieces: those of one name follow one another."""
    archive = Archive()
    yield from put(archive, pieces, level)
    yield archive.end()


def put(archive: Archive, pieces: Iterable[Piece], level: int = LEVEL) -> Iterator[bytes]:
    """Such members of an archive."""
    for name, parts in groupby(pieces, attrgetter("name")):
        entry = Entry(name, level)
        yield archive.begin(entry)
        for part in parts:
            yield entry.add(part.data)
        yield entry.end() + archive.close(entry)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())
