"""Where a text may be cut for sure without splitting what a reader sees as one character.

Careful rather than complete: some true boundaries are not offered, no false one ever is.
"""

import unicodedata

_JOINERS = "\u200c\u200d"
_MARKS = ("Mn", "Mc", "Me")
# prepended signs (Arabic number signs and the like) belong to what follows
_PREPENDED = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e"


def is_boundary(text: str, offset: int) -> bool:
    """Tell whether the text may surely be cut before the code point at `offset`."""
    if offset <= 0 or offset >= len(text):
        return True
    before, after = text[offset - 1], text[offset]
    if _is_regional(after):
        return not _parts_a_flag(text, offset)
    return not (_holds_next(before) or _holds_previous(after) or before + after == "\r\n")


def boundary_before(text: str, offset: int, floor: int) -> int:
    """Return the last sure boundary in ``(floor, offset]``, or `offset` itself when there is none."""
    for candidate in range(offset, floor, -1):
        if is_boundary(text, candidate):
            return candidate
    return offset


def _parts_a_flag(text: str, offset: int) -> bool:
    first = offset
    while first and _is_regional(text[first - 1]):
        first -= 1
    return (offset - first) % 2 == 1 or _holds_next(text[offset - 1])


def _holds_next(character: str) -> bool:
    return (
        character in _JOINERS
        or character in _PREPENDED
        or _is_virama(character)
        or "\u1100" <= character <= "\u115f"
    )


def _holds_previous(character: str) -> bool:
    return (
        character in _JOINERS
        or unicodedata.category(character) in _MARKS
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
        or character in "\uff9e\uff9f\u0e33\u0eb3"
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_virama(character: str) -> bool:
    return unicodedata.combining(character) == 9
