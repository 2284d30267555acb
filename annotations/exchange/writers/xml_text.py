"""Text in XML that every parser gives back as it was."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


def fit(text: str) -> str:
    """The text with U+FFFD for each character that no XML 1.0 can hold."""
    return _FORBIDDEN.sub(_REPLACEMENT, text)


def element(name: str, attributes: Mapping[str, object]) -> str:
    """An empty element; the attributes in order."""
    return f"<{name}{_written(attributes)}/>"


def opening(name: str, attributes: Mapping[str, object]) -> str:
    return f"<{name}{_written(attributes)}>"


def text(given: str) -> str:
    """What stands between tags; a CR is written as a number, as a parser would make it a LF."""
    escaped = given.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _written(attributes: Mapping[str, object]) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
