"""Text as XML 1.0 has it."""

import re
from collections.abc import Mapping

# all that is no Char of XML 1.0; lone surrogates are in no text of ours
_UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile('[&<>"\r\n\t]')
_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}
REPLACEMENT = "\ufffd"


def known(text: str) -> tuple[str, int]:
    """The text with U+FFFD for each character that XML cannot have, and for how many. Offsets stay
    as they are."""
    return _UNKNOWN.subn(REPLACEMENT, text)


def escaped(text: str) -> str:
    """A known text inside an element: a parser gives it back as it is, carriage returns too."""
    if not _SPECIAL.search(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def quoted(text: str) -> str:
    """A known text as the value of an attribute, with its quotation marks."""
    return f'"{_SPECIAL.sub(lambda found: _ENTITIES[found.group()], text)}"'


def opening(name: str, attributes: Mapping[str, object]) -> str:
    """The tag that begins an element; the attributes, of known text, in order."""
    return f"<{name}{_written(attributes)}>"


def element(name: str, attributes: Mapping[str, object]) -> str:
    """An empty element."""
    return f"<{name}{_written(attributes)}/>"


def _written(attributes: Mapping[str, object]) -> str:
    return "".join(f" {name}={quoted(str(value))}" for name, value in attributes.items())
