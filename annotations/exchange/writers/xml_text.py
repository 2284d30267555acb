"""Text as XML 1.0 has it."""

import re
from collections.abc import Mapping

# all that is no Char of XML 1.0; lone surrogates are in no text of ours
_UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BUT_CONTROLS = bytes(one for one in range(256) if one > 0x1F or one in b"\t\n\r")
_SPECIAL = re.compile('[&<>"\r\n\t]')
_IN_ELEMENTS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTES = {**_IN_ELEMENTS, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_SHORT = 100
REPLACEMENT = "\ufffd"


def known(text: str) -> tuple[str, int]:
    """The text with U+FFFD for each character that XML cannot have, and for how many. Offsets stay
    as they are."""
    return _UNKNOWN.subn(REPLACEMENT, text)


def known_bytes(text: str) -> tuple[bytes, int]:
    """The same in UTF-8. Of a text that has no such character, as nearly all, that takes a fifth of
    the time."""
    data = text.encode()
    if data.translate(None, _BUT_CONTROLS) or "\ufffe" in text or "\uffff" in text:
        clean, count = known(text)
        return clean.encode(), count
    return data, 0


def escaped(text: str) -> str:
    """A known text inside an element: a parser gives it back as it is, carriage returns too."""
    return _replaced(text, _IN_ELEMENTS)


def quoted(text: str) -> str:
    """A known text as the value of an attribute, with its quotation marks."""
    if text.isalnum():  # as most values
        return f'"{text}"'
    return f'"{_replaced(text, _IN_ATTRIBUTES)}"'


def _replaced(text: str, entities: Mapping[str, str]) -> str:
    # one search tells it of a short text, and several quick ones of a long one
    if len(text) < _SHORT and not _SPECIAL.search(text):
        return text
    for sign, entity in entities.items():
        if sign in text:
            text = text.replace(sign, entity)
    return text


def opening(name: str, attributes: Mapping[str, object]) -> str:
    """The tag that begins an element; the attributes, of known text, in order."""
    return f"<{name}{_written(attributes)}>"


def element(name: str, attributes: Mapping[str, object]) -> str:
    """An empty element."""
    return f"<{name}{_written(attributes)}/>"


def _written(attributes: Mapping[str, object]) -> str:
    return "".join(f" {name}={quoted(str(value))}" for name, value in attributes.items())
