"""The file of an export for whoever downloads it: all of it, or the range that a broken download goes
on with. What it says of HTTP is words and numbers; the doors make an answer of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from annotations.exchange.models import Export
from annotations.exchange.ranges import Slice, Span, Unsatisfiable, asked
from annotations.exchange.store import Kept, path_of


class Expired(LookupError):
    """The file was removed, as files are after some time. The message is for people."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An answer: its status and headers, and the bytes; no bytes where the range cannot be had.
    `is_beginning`: whether it begins at the first byte, and is a download of its own."""

    status: int
    headers: Mapping[str, str]
    stream: Slice | None
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What whoever downloads asks for: the file called `name`, or a range of it (the headers Range and
    If-Range). `still_allowed` is asked again and again while they read."""

    name: str
    range_header: str
    if_range: str | None
    still_allowed: Callable[[], bool]

    @classmethod
    def told_by(
        cls,
        method: str | None,
        headers: Mapping[str, str],
        name: str,
        still_allowed: Callable[[], bool],
    ) -> Self:
        """Of a request. Only GET knows ranges (RFC 9110, 14.2)."""
        asked_for = headers.get("Range", "") if method == "GET" else ""
        return cls(name, asked_for, headers.get("If-Range"), still_allowed)


def handed_out(export: Export, wish: Wish) -> Handed:
    """The snapshot itself. Raises Expired, and FileNotFoundError where there is no file."""
    refuse_expired(export)
    kept = Kept(bytes(export.sha256 or b""), export.bytes or 0)
    return handed(path_of(kept.sha256), kept, "application/jsonl", wish)


def handed(path: Path, kept: Kept, media_type: str, wish: Wish) -> Handed:
    """The file, or the range of it that is asked for: of this very file, as its tag is its hash. Raises
    FileNotFoundError where there is no file."""
    size, tag = kept.size, f'"{kept.sha256.hex()}"'
    stream = path.open("rb")
    try:
        span = asked(wish.range_header if wish.if_range in (None, tag) else "", size)
    except Unsatisfiable:
        stream.close()
        return Handed(416, {"Content-Range": f"bytes */{size}"}, None)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": attachment(wish.name),
        "Content-Encoding": "identity",  # packed on its way, it could not go on at a byte
        "Content-Length": str(span.end - span.start if span else size),
        "Content-Type": media_type,
        "ETag": tag,
    }
    if span:
        headers["Content-Range"] = span.header(size)
    part = Slice(stream, span or Span(0, size), wish.still_allowed)
    return Handed(206 if span else 200, headers, part, not span or span.start == 0)


def refuse_expired(export: Export) -> None:
    """Raises Expired; also where the file still lies there, as another export has it, too."""
    if export.expired_at:
        raise Expired(_("The file of this export was removed. Make it again from the same choice."))


def attachment(name: str) -> str:
    """The header under which a browser keeps a file called `name`, whatever stands in that."""
    printable = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name)
    return content_disposition_header(as_attachment=True, filename=printable) or "attachment"
