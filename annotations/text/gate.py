"""The gate every text passes: which code points Kutip refuses, and where the first one stands."""

import re
from dataclasses import dataclass
from typing import Literal

What = Literal["nul", "surrogate", "noncharacter", "control", "newline", "bidi"]

# C0 controls but TAB, LF and CR; what no UTF-8 can carry; the two code points no text may hold
_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# what would break a line, or turn the reading order of the words around a name
_LINE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NEWLINES = "\n\r\x0b\x0c\x85\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused code point: its kind, its number (``U+0007``) and its code point offset."""

    what: What
    character: str
    offset: int

    def __str__(self) -> str:
        return f"{self.what} {self.character} at {self.offset}"


def refusal(text: str) -> Refusal | None:
    """Return the first code point an article text may not hold, or None when all may stay."""
    return _first(_TEXT, text)


def refuse_line(value: str) -> Refusal | None:
    """Return the first code point a name or identifier may not hold, or None.

    Stricter than `refusal`: also every control, every newline, and the bidi controls that let one
    name look like another.
    """
    return _first(_LINE, value)


def _first(pattern: re.Pattern[str], value: str) -> Refusal | None:
    found = pattern.search(value)
    if found is None:
        return None
    character = found.group()
    return Refusal(_kind(character), f"U+{ord(character):04X}", found.start())


def _kind(character: str) -> What:
    if character == "\x00":
        return "nul"
    if "\ud800" <= character <= "\udfff":
        return "surrogate"
    if character in "\ufffe\uffff":
        return "noncharacter"
    if character in _NEWLINES:
        return "newline"
    return "control" if character < "\xa0" else "bidi"
