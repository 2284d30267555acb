"""A web page saved whole (.mht, .mhtml): one message of many parts, of which the page is one."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message

from annotations.corpora.readers import web_page
from annotations.corpora.readers.drafts import Reading, UnfitError
from annotations.corpora.readers.gleaned import flat
from annotations.corpora.readers.sources import Source, whole
from annotations.limits import LIMITS

_PAGES = ("text/html", "application/xhtml+xml")
_ADDRESSES = ("Snapshot-Content-Location", "Content-Location")


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of the page, or its refusal."""
    try:
        data, charset, address = _page(whole(source, LIMITS.layer_line_bytes))
        yield web_page.article(source, data, charset, address)
    except UnfitError as unfit:
        yield source.refused(unfit.reason)


def _page(data: bytes) -> tuple[bytes, str | None, str]:
    """Return the bytes of the page, and the encoding and the address its part gives."""
    try:
        return _part(data)
    except UnfitError:
        raise
    except Exception as fault:  # strangers' messages meet old code: whatever it trips over
        raise UnfitError("page_none") from fault


def _part(data: bytes) -> tuple[bytes, str | None, str]:
    # the newer policies parse every header, and trip over some
    message = message_from_bytes(data, policy=policy.compat32)
    part = next((one for one in message.walk() if one.get_content_type() in _PAGES), None)
    page = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(page, bytes):
        raise UnfitError("page_none")
    return page, part.get_content_charset(), _address(message, part)


def _address(message: Message, part: Message) -> str:
    found = (flat(str(one.get(name, ""))) for name in _ADDRESSES for one in (message, part))
    return next((one for one in found if one.startswith(("http://", "https://"))), "")
