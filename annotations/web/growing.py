"""A page that is sent while it grows: its template says with `{% later "…" %}` what may come after
what stands before it. The browser shows the beginning while the rest is still being made.

What goes wrong before the first byte is answered as always. Later there is no other answer any
more: the page ends there, and the desk says that it did not arrive whole.
"""

import gzip
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

from annotations.web.http import private

_PLACE = re.compile("\0([^\0]+)\0")  # PostgreSQL holds no NUL, so no article does
_LEVEL = 4  # of compression: at 6 the megabyte of a long article takes twice as long
_MOST_NOISE = 100


def growing(
    request: HttpRequest, template: str, context: Mapping[str, Any]
) -> StreamingHttpResponse:
    """Return a whole page that is sent in parts, compressed where the browser takes that."""
    language = translation.get_language() or "en"
    begun = render_to_string(template, dict(context), request)

    def rest(name: str) -> str:
        with translation.override(language):
            return render_to_string(name, dict(context), request)

    parts = (part.encode() for part in _parts(begun, rest))
    response = StreamingHttpResponse(parts)
    if re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")):
        response = StreamingHttpResponse(_compressed(parts))
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return private(response)


def place_for(name: str) -> SafeString:
    """Where the fragment with this name will stand."""
    return mark_safe(f"\0{name}\0")  # noqa: S308 - a name in a template of ours


def _parts(begun: str, rest: Callable[[str], str]) -> Iterator[str]:
    """The text up to each place, and what stands there."""
    for index, piece in enumerate(_PLACE.split(begun)):
        yield rest(piece) if index % 2 else piece


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
