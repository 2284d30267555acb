"""From words to places: how the demo's files point into a text without offsets.

- `Laras Prabasari`: these words, which must occur once, at word edges
- `Laras`#3: their third occurrence
- `ujar[nya]`: the bracketed part of words that occur once
- `“Kami ... pasar.”`: from the first words to the nearest last words after them
"""

import re
from dataclasses import dataclass

_ELISION = " ... "
_WORD = r"[\w\u0300-\u036f]"


class UnplacedError(ValueError):
    """The words are not in the text, or are there more often than the spelling allows."""


@dataclass(frozen=True, slots=True)
class Place:
    """The words between backticks, and which of their occurrences is meant (from 1)."""

    words: str
    occurrence: int | None = None


def find(text: str, place: Place) -> tuple[int, int]:
    """Return the half-open code-point range of a place; raises UnplacedError."""
    if "[" in place.words:
        return _bracketed(text, place)
    if _ELISION in place.words:
        return _elided(text, place)
    return _chosen(text, place.words, place.occurrence)


def _bracketed(text: str, place: Place) -> tuple[int, int]:
    parts = re.fullmatch(r"([^][]*)\[([^][]+)\]([^][]*)", place.words)
    if parts is None:
        raise UnplacedError(f"brackets must be one pair around something: {place.words}")
    before, inside, after = parts.groups()
    start, _ = _chosen(text, before + inside + after, place.occurrence)
    return start + len(before), start + len(before) + len(inside)


def _elided(text: str, place: Place) -> tuple[int, int]:
    head, _, tail = place.words.partition(_ELISION)
    start, head_end = _chosen(text, head, place.occurrence)
    for _, end in _occurrences(text, tail, head_end):
        return start, end
    raise UnplacedError(f"nothing after the first words ends in: {tail}")


def _chosen(text: str, words: str, occurrence: int | None) -> tuple[int, int]:
    found = _occurrences(text, words)
    if not found:
        raise UnplacedError(f"not in the text: {words}")
    if occurrence is None and len(found) > 1:
        raise UnplacedError(f"occurs {len(found)} times, say which with #n: {words}")
    wanted = 1 if occurrence is None else occurrence
    if not 1 <= wanted <= len(found):
        raise UnplacedError(f"occurs only {len(found)} times: {words}")
    return found[wanted - 1]


def _occurrences(text: str, words: str, start: int = 0) -> list[tuple[int, int]]:
    before = rf"(?<!{_WORD})" if re.match(_WORD, words) else ""
    after = rf"(?!{_WORD})" if re.search(rf"{_WORD}\Z", words) else ""
    pattern = re.compile(before + re.escape(words) + after)
    return [match.span() for match in pattern.finditer(text, start)]
