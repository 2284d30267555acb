"""A page that is sent while it grows: its template says with `{% later "…" %}` what may come after
what stands before it. The browser shows the beginning while the rest is still being made.

What goes wrong before the first byte is answered as always. Later there is no other answer any
more: the page says that it did not arrive whole, and ends there.
"""

import gzip
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

from annotations.web.http import private
from annotations.web.opening import make_nonce

_PLACE = re.compile("\0([^\0]+)\0")  # PostgreSQL holds no NUL, so no article does
_BROKEN_OFF = "components/_broken_off.html"
_LEVEL = 4  # of compression: at 6 the megabyte of a long article takes twice as long
_MOST_NOISE = 100


def growing(
    request: HttpRequest, template: str, context: Mapping[str, Any]
) -> StreamingHttpResponse:
    """Return a whole page that is sent in parts, compressed where the browser takes that. The
    messages for its reader are taken now: what is read later would be shown again. So is the nonce
    of its scripts made: the header that tells of it leaves before they are written."""
    make_nonce(request)
    language = translation.get_language() or "en"
    known = {"messages": list(get_messages(request)), **context}
    begun = render_to_string(template, known, request)

    def rest(name: str) -> str:
        with translation.override(language):
            return render_to_string(name, known, request)

    parts = (part.encode() for part in _whole(begun, rest))
    response = StreamingHttpResponse(parts)
    if re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")):
        response = StreamingHttpResponse(_compressed(parts))
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return private(response)


def place_for(name: str) -> SafeString:
    """Where the fragment with this name will stand."""
    return mark_safe(f"\0{name}\0")  # noqa: S308 - a name in a template of ours


def _whole(begun: str, rest: Callable[[str], str]) -> Iterator[str]:
    """The parts of the page; where one cannot be made, a notice in its place, and the error."""
    try:
        yield from _parts(begun, rest)
    except Exception:
        yield rest(_BROKEN_OFF)
        raise


def _parts(begun: str, rest: Callable[[str], str]) -> Iterator[str]:
    """The text up to each place, and what stands there, which may have places of its own."""
    for index, piece in enumerate(_PLACE.split(begun)):
        if index % 2:
            yield from _parts(rest(piece), rest)
        elif piece:
            yield piece


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Each part can be read when it comes. A name of random length in the header hides the length
    of the whole from whoever guesses at secrets by it (the BREACH attack)."""
    packed = BytesIO()
    noise = "a" * secrets.randbelow(_MOST_NOISE)
    with gzip.GzipFile(noise, "wb", _LEVEL, packed, mtime=0) as packer:
        for part in parts:
            packer.write(part)
            packer.flush()
            yield _taken(packed)
    yield _taken(packed)


def _taken(buffer: BytesIO) -> bytes:
    content = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return content
