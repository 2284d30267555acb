"""Formats of many files: a ZIP that streams, and names that can do no harm where it is unpacked."""

import re
from collections.abc import Iterable, Iterator
from io import RawIOBase
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Member = tuple[str, bytes]
"""The name of a file in the package, its parts joined by "/", and what it holds."""


class Piece(NamedTuple):
    """A part of a file in the package."""

    name: str
    data: bytes


_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVEL = 1  # of compression: small files gain little, and it is most of the work
_MODE = 0o644 << 16
# what some system gives a meaning in names, and what would turn or hide them; "%" marks these
_UNSAFE = re.compile(
    '[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff%/\\\\:*?"<>|]'
)
_EDGE = re.compile(r"^[.\s~-]|[.\s]$")
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=$|[. ])")
_MOST = 120


def safe_name(name: str) -> str:
    """The name as a single file or folder may have it on every system: what is unsafe is written
    as %XX, of UTF-8. A name of letters, digits, spaces, dots and hyphens mostly stays as it is."""
    safe = _UNSAFE.sub(_escaped, name)
    safe = _EDGE.sub(_escaped, safe)
    if _DEVICE.match(safe):
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    return safe[:_MOST] or "%"


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The members in a ZIP, in pieces as they come. Equal members make equal bytes."""
    return streamed(Piece(name, data) for name, data in members)


def streamed(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """The same for members that come in pieces themselves: those of one name follow one another."""
    out = _Pieces()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, parts in groupby(pieces, attrgetter("name")):
            with archive.open(_info(name), "w", force_zip64=True) as member:
                for part in parts:
                    member.write(part.data)
                    yield out.taken()
    yield out.taken()


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, _MODE, 3
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # public only from 3.13 on
    return info


class _Pieces(RawIOBase):
    """A stream that cannot be read or sought: what was written is taken away in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._held.clear()
        return piece
