"""Spans as they stand in their text: the words around them, of which some are marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from annotations.web.labels import LabelName

_BESIDE = 48  # code points of context around all that is shown together
_LONGEST = 240  # code points of a span that are shown; of a longer one, its two ends

Piece = tuple[str, bool]
"""Words of a text, and whether they are marked."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, the entity, or what a span is related to; `differs`: the other version has another."""

    name: str
    value: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What an annotator marked, or several alike: the stretch of text around all that is shown
    together, of which `parts` are marked or not. `guide`: the label whose guideline the page has."""

    annotator: str
    label: LabelName | None
    parts: Sequence[Piece]
    facts: Sequence[Fact]
    guide: str = ""


def compared(versions: Sequence[Version]) -> Iterator[Version]:
    """Yield the versions, in which the facts that not all have are marked."""
    for version in versions:
        facts = [
            replace(fact, differs=any(fact not in other.facts for other in versions))
            for fact in version.facts
        ]
        yield replace(version, facts=facts)


def stretch(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the code points that are shown of a text around [start, end): whole words, where words
    are parted by spaces."""
    first, last = max(0, start - _BESIDE), min(len(text), end + _BESIDE)
    before, after = text[first:start], text[end:last]
    if first and any(map(str.isspace, before)):
        first += next(at for at, character in enumerate(before) if character.isspace()) + 1
    if last < len(text) and any(map(str.isspace, after)):
        last -= next(at for at, character in enumerate(reversed(after)) if character.isspace()) + 1
    return first, last


def parts(
    text: str, fragments: Sequence[tuple[int, int]], around: tuple[int, int]
) -> Sequence[Piece]:
    """Return the code points `around` of a text in order, each part marked or not; the middle of
    what is longer than is shown is left out."""
    cut: list[Piece] = []
    at = around[0]
    for start, end in fragments:
        cut += [(_shortened(text[at:start]), False), (_shortened(text[start:end]), True)]
        at = end
    return [part for part in (*cut, (_shortened(text[at : around[1]]), False)) if part[0]]


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST:
        return words
    return f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"
