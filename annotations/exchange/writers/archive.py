"""A ZIP that is written as its files come, and never goes back. Pure.

Byte for byte what `zipfile` writes into a stream that cannot be sought, at a quarter of its work for
small files; and what was deflated before goes in as it is. After PKWARE's APPNOTE 6.3. The
sizes of each file stand behind it and have 64 bits, as nobody knows them before.
"""

import zlib
from collections.abc import Sequence
from struct import Struct

MOST, MOST_FILES = 0x7FFFFFFF, 0xFFFF
"""Where there are more bytes, or files, the directory says so in fields of ZIP64."""

LEVEL = 1
"""Of compression: small files gain little, and it is most of the work."""

_DATE = (
    1 << 5 | 1
)  # the first day that there is, as files have no time: equal ones make equal bytes
_MODE = 0o644 << 16
_VERSION, _UNIX, _DEFLATED = 45, 3, 8
_SIZES_BEHIND, _UTF_8 = 0x08, 0x800
_ELSEWHERE = 0xFFFFFFFF

_HEADER = Struct("<4sHHHHHLLLHH")
_SIZES = Struct("<HHQQ").pack(1, 16, 0, 0)
_BEHIND = Struct("<4sLQQ")
_ENTRY = Struct("<4sBBHHHHHLLLHHHHHLL")
_END_64 = Struct("<4sQHHLLQQQQ")
_END_64_AT = Struct("<4sLQL")
_END = Struct("<4sHHHHLLH")


class Entry:
    """A file of the archive: what goes in comes out deflated."""

    __slots__ = ("_deflate", "crc", "name", "packed", "size")

    def __init__(self, name: str, level: int = LEVEL) -> None:
        self.name = name.encode()
        self.crc = self.size = self.packed = 0
        self._deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)

    def add(self, data: bytes) -> bytes:
        self.size += len(data)
        self.crc = zlib.crc32(data, self.crc)
        out = self._deflate.compress(data)
        self.packed += len(out)
        return out

    def end(self) -> bytes:
        out = self._deflate.flush()
        self.packed += len(out)
        return out

    @property
    def about(self) -> Sequence[int]:
        """What header and directory say alike."""
        flags = _SIZES_BEHIND if self.name.isascii() else _SIZES_BEHIND | _UTF_8
        return _VERSION, flags, _DEFLATED, 0, _DATE


class Archive:
    """Where the next byte stands, and the directory so far: some hundred bytes a file. What its
    methods give is written in the order in which they are called."""

    def __init__(self) -> None:
        self._at = self._files = 0
        self._directory = bytearray()

    def begin(self, entry: Entry) -> bytes:
        """What stands before the deflated bytes of a file."""
        name = entry.name
        sizes = (0, _ELSEWHERE, _ELSEWHERE, len(name), len(_SIZES))
        return _HEADER.pack(b"PK\3\4", *entry.about, *sizes) + name + _SIZES

    def close(self, entry: Entry) -> bytes:
        """What stands behind them, all of which the entry has given by now."""
        name, begun, sizes = entry.name, self._at, (entry.packed, entry.size)
        self._at += _HEADER.size + len(name) + len(_SIZES) + entry.packed + _BEHIND.size
        self._files += 1
        extra = b""
        if begun > MOST or entry.size > MOST or entry.packed > MOST:
            sizes, begun, extra = _wide(sizes, begun)
        ends = (len(name), len(extra), 0, 0, 0, _MODE, begun)
        fields = (_VERSION, _UNIX, *entry.about, entry.crc, *sizes, *ends)
        self._directory += _ENTRY.pack(b"PK\1\2", *fields) + name + extra
        return _BEHIND.pack(b"PK\7\10", entry.crc, entry.packed, entry.size)

    def end(self) -> bytes:
        """The directory."""
        size, at = len(self._directory), self._at
        out = bytes(self._directory)
        if self._files > MOST_FILES or at > MOST or size > MOST:
            counts = (self._files, self._files)
            out += _END_64.pack(b"PK\6\6", 44, _VERSION, _VERSION, 0, 0, *counts, size, at)
            out += _END_64_AT.pack(b"PK\6\7", 0, at + size, 1)
        count = min(self._files, _ELSEWHERE & 0xFFFF)
        size, at = min(size, _ELSEWHERE), min(at, _ELSEWHERE)
        return out + _END.pack(b"PK\5\6", 0, 0, count, count, size, at, 0)


def _wide(sizes: tuple[int, int], begun: int) -> tuple[tuple[int, int], int, bytes]:
    """The fields of the directory, and what stands elsewhere as it has no room in these."""
    wide: list[int] = []
    if max(sizes) > MOST:
        wide += sizes[::-1]
        sizes = _ELSEWHERE, _ELSEWHERE
    if begun > MOST:
        wide.append(begun)
        begun = _ELSEWHERE
    return sizes, begun, Struct(f"<HH{len(wide)}Q").pack(1, 8 * len(wide), *wide)
