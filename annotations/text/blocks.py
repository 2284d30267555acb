"""Cutting a text into the blocks the desk shows: every code point is in exactly one.

A block is a paragraph, or a piece of a long one: the browser repaints one block at a time, so a
block's size bounds what one edit costs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from annotations.text import graphemes, sentences

Direction = Literal["ltr", "rtl"]

CAP = 2000
"""The most code points in a block."""

_BREAKS = "\n\r\x85\u2029"
_PARAGRAPH = re.compile(rf"\A[{_BREAKS}]*[^{_BREAKS}]*[{_BREAKS}]*|[^{_BREAKS}]+[{_BREAKS}]*")
_SPACES = re.compile(r"\s+")
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
)


@dataclass(frozen=True, slots=True)
class Block:
    """The code points ``[start, end)``; `continues` when the paragraph began in an earlier block."""

    start: int
    end: int
    direction: Direction
    continues: bool


def cut(text: str, language: str) -> tuple[Block, ...]:
    """Return the blocks of a text, in order, that partition it.

    Cut after each paragraph; a paragraph over CAP at a sentence, else at a space, else between
    two characters. Pieces of a paragraph share its direction: that of its first strong letter,
    or of the language when it has none. Costs one pass over the text.
    """
    return tuple(cutting(text, language))


def cutting(text: str, language: str) -> Iterator[Block]:
    """Yield the same one by one: whoever needs the first few pays for no more than those."""
    return (
        Block(start, end, direction, continues=start > whole.start())
        for whole in _PARAGRAPH.finditer(text)
        if whole.group()
        for direction in [_direction(whole.group(), language)]
        for start, end in _pieces(whole.group(), whole.start())
    )


def _pieces(paragraph: str, offset: int) -> Iterator[tuple[int, int]]:
    if len(paragraph) <= CAP:
        yield offset, offset + len(paragraph)
        return
    sentence_ends = (
        end for end in sentences.ends(paragraph) if graphemes.is_boundary(paragraph, end)
    )
    start, ahead = 0, next(sentence_ends, None)
    while (limit := start + CAP) < len(paragraph):
        end = None  # of the last sentence that ends up to the limit
        while ahead is not None and ahead <= limit:
            end, ahead = ahead, next(sentence_ends, None)
        end = end or _cut_before(paragraph, limit, start)
        yield offset + start, offset + end
        start = end
    yield offset + start, offset + len(paragraph)


def _cut_before(paragraph: str, limit: int, start: int) -> int:
    """Where a sentence is cut that is too long."""
    return _space_before(paragraph, start, limit) or graphemes.boundary_before(
        paragraph, limit, start
    )


def _space_before(paragraph: str, start: int, limit: int) -> int | None:
    cuts = [found.end() for found in _SPACES.finditer(paragraph, start, limit)]
    return next((cut for cut in reversed(cuts) if graphemes.is_boundary(paragraph, cut)), None)


def _direction(paragraph: str, language: str) -> Direction:
    for character in paragraph:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return "rtl" if language.partition("-")[0].lower() in _RTL_LANGUAGES else "ltr"
