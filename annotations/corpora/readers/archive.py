"""ZIP: a bag of the other kinds of file. Everything is refused by the directory, before unpacking.

Names of members are shown and never used as paths, so that none can leave the archive.
"""

import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from annotations.corpora.readers.drafts import LineRefusal, Reason, UnfitError, shown
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

DAMAGED = (BadZipFile, zlib.error, EOFError)
"""What reading a member raises when the archive is cut, or lies about sizes or sums."""

_END = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 65_535
_ENCRYPTED, _UTF8_NAME = 0x41, 0x800
_OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\x7f]|\\")
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.[^./])|(^|/)(Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_SMALL = 1_048_576


def members(source: Source, opened: ExitStack) -> Iterator[Source | LineRefusal]:
    """Yield each file of the archive as a source named ``archive.zip/member``, or its refusal.

    `opened` keeps the archive open for them. Directories and what systems leave behind
    (``__MACOSX``, hidden files) are passed over.
    """
    stream = opened.enter_context(source.open())
    try:
        _weigh_directory(stream)
        archive = opened.enter_context(ZipFile(stream))
    except UnfitError as unfit:
        yield source.refused(unfit.reason)
        return
    except (BadZipFile, NotImplementedError, struct.error, ValueError, OSError):
        yield source.refused(Reason("zip_broken"))
        return
    yield from _members(source, archive)


def _members(source: Source, archive: ZipFile) -> Iterator[Source | LineRefusal]:
    files = [info for info in archive.infolist() if not info.filename.endswith("/")]
    # files that overlap, or claim more room than there is, would pass every check of one file
    if sum(info.compress_size for info in files) > source.size:
        yield source.refused(Reason("zip_overlap"))
        return
    if sum(info.file_size for info in files) > LIMITS.zip_bytes:
        yield source.refused(Reason("zip_too_long", {"limit": LIMITS.zip_bytes}))
        return
    times = Counter(info.filename for info in files)
    for info in files:
        name = _name(info)
        if _LITTER.search(name):
            continue
        member = replace(
            source,
            name=f"{source.name}/{shown(name)}",
            size=info.file_size,
            open=partial(_open, archive, info),
            notes=[],
            given="",
            crc=info.CRC,
        )
        reason = _refuse(info, name, times[info.filename])
        yield member.refused(reason) if reason else member


def _open(archive: ZipFile, info: ZipInfo) -> BinaryIO:
    try:
        return cast(BinaryIO, BufferedReader(cast(RawIOBase, archive.open(info))))
    except (ValueError, OSError, RuntimeError) as fault:  # it does not begin where it should
        raise BadZipFile from fault


def _refuse(info: ZipInfo, name: str, times: int) -> Reason | None:
    """Return what forbids this member, or None."""
    checks = {
        "zip_name": not name or bool(_OUTSIDE.search(name)),
        "zip_link": stat.S_ISLNK(info.external_attr >> 16),
        "zip_encrypted": bool(info.flag_bits & _ENCRYPTED),
        "zip_method": info.compress_type not in (ZIP_STORED, ZIP_DEFLATED),
        "zip_twice": times > 1,
        "zip_nested": name.lower().endswith((".zip", ".qdpx")),
        "zip_ratio": _is_bomb(info),
    }
    code = next((code for code, found in checks.items() if found), None)
    return Reason(code, {"limit": LIMITS.zip_ratio}) if code else None


def _is_bomb(info: ZipInfo) -> bool:
    return info.file_size > max(_SMALL, info.compress_size * LIMITS.zip_ratio)


def _name(info: ZipInfo) -> str:
    """Return the member's name; UTF-8 that its writer forgot to declare is recognised."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _weigh_directory(stream: BinaryIO) -> None:
    """Refuse an archive by what its end record says of its directory, before that is read.

    `ZipFile` would build an object for each of a million members first. Raises UnfitError.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END.size - _LONGEST_COMMENT))
    tail = stream.read()
    begin = tail.rfind(b"PK\x05\x06")
    if begin < 0 or begin + _END.size > len(tail):
        raise BadZipFile
    *_rest, count, directory, _offset, _comment = _END.unpack_from(tail, begin)
    if count == 0xFFFF or directory == 0xFFFFFFFF:
        count, directory = _wide_directory(tail, begin, count, directory)
    if count > LIMITS.zip_members or directory > LIMITS.zip_directory_bytes:
        raise UnfitError("zip_members", count=count, limit=LIMITS.zip_members)
    stream.seek(0)


def _wide_directory(tail: bytes, end: int, count: int, directory: int) -> tuple[int, int]:
    """Return count and size from the ZIP64 record, which stands before the end record."""
    begin = tail.rfind(b"PK\x06\x06", 0, end)
    if begin < 0:
        return count, directory
    wide_count, wide_directory = struct.unpack_from("<2Q", tail, begin + 32)
    return wide_count, wide_directory
