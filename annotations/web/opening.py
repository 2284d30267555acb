"""What stands inside a page so that its first frame waits for no other file: a script that must run
before it, the few styles it needs. Each carries the nonce that the content policy of its answer
allows.
"""

from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def script(request: HttpRequest, name: str) -> SafeString:
    """The script with this name, inside the page."""
    return format_html('<script nonce="{}">{}</script>', _nonce(request), _inside(_text(name)))


def style(request: HttpRequest, name: str) -> SafeString:
    """The style sheet, inside the page; linked where files are served as they are written: there
    it imports others."""
    if not _is_collected():
        return format_html('<link rel="stylesheet" href="{}">', staticfiles_storage.url(name))
    return format_html('<style nonce="{}">{}</style>', _nonce(request), _inside(_text(name)))


def make_nonce(request: HttpRequest) -> None:
    """The answer has its nonce from now on, and the header tells of it."""
    _nonce(request)


def _nonce(request: HttpRequest) -> str:
    return str(request.csp_nonce)  # type: ignore[attr-defined]  # set by django-csp


def _inside(text: str) -> SafeString:
    """Our own file as the content of an element; ValueError if it would end the element."""
    if "</" in text:
        raise ValueError("a script or style sheet that holds a closing tag cannot stand in a page")
    return mark_safe(text)  # noqa: S308 - our own file, and just looked at


def _is_collected() -> bool:
    return bool(getattr(staticfiles_storage, "bundles", ()))


def _text(name: str) -> str:
    if _is_collected():
        return _collected(name)
    return Path(str(finders.find(name))).read_text(encoding="utf-8")


@lru_cache(maxsize=16)
def _collected(name: str) -> str:
    """The file as `collectstatic` has left it; it stays the same while the process lives."""
    with staticfiles_storage.open(name) as file:
        return str(file.read().decode())
