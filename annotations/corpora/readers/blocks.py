"""Markup into plain text: an empty line between paragraphs, lines within, cells by tabs."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass

from lxml import etree

PARAGRAPH, LINE, CELL = "\n\n", "\n", "\t"

_WIDTH = {"": 0, CELL: 1, LINE: 2, PARAGRAPH: 3}
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no article may hold, and nobody sees."""

_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Tags:
    """What the elements of some markup do to its text. Whatever is not named stands in the line.

    `kept` keep their spaces and line ends; of those that are `dropped` nothing is read.
    """

    paragraphs: Container[str]
    lines: Container[str]
    cells: Container[str]
    breaks: Container[str]
    kept: Container[str]
    dropped: Container[str]


class Text:
    """A text as it grows: what is added is told from what stands by the widest gap asked for."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._gap = ""
        self._blank = False

    def __str__(self) -> str:
        return "".join(self._parts)

    def part(self, gap: str) -> None:
        """PARAGRAPH, LINE or CELL: what follows stands apart."""
        if _WIDTH[gap] > _WIDTH[self._gap]:
            self._gap = gap

    def break_line(self) -> None:
        """As LINE; of two in a row the second begins a paragraph."""
        self.part(PARAGRAPH if self._gap == LINE else LINE)

    def add(self, words: str) -> None:
        """Add words of a line: a run of spaces is one, and none at the ends of a line."""
        flat = _SPACES.sub(" ", words)
        self._blank = self._blank or flat.startswith(" ")
        bare = flat.strip(" ")
        if bare:
            self.keep(bare)
            self._blank = flat.endswith(" ")

    def keep(self, words: str) -> None:
        """Add words as they are."""
        if self._parts:
            self._parts.append(self._gap or " " * self._blank)
        self._parts.append(words)
        self._gap, self._blank = "", False


def text_of(
    element: etree._Element, tags: Tags, name: Callable[[etree._Element], str] | None = None
) -> str:
    """Return the text of `element`, however deep it is nested.

    `name` tells the name under which `tags` know an element; otherwise that is its tag.
    """
    text, kept = Text(), 0
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        tag = _name(inner, name) if event in ("start", "end") else ""
        if event == "start" and tag in tags.dropped:
            walk.skip_subtree()
        elif event == "start":
            kept += tag in tags.kept
            _begin(text, tag, tags)
            _add(text, inner.text, kept)
        else:
            kept -= tag in tags.kept
            _part(text, tag, tags)
            _add(text, inner.tail if inner is not element else None, kept)
    return str(text)


def _name(element: etree._Element, name: Callable[[etree._Element], str] | None) -> str:
    return name(element) if name else str(element.tag)


def _begin(text: Text, tag: str, tags: Tags) -> None:
    if tag in tags.breaks:
        text.break_line()
    _part(text, tag, tags)


def _part(text: Text, tag: str, tags: Tags) -> None:
    if tag in tags.paragraphs:
        text.part(PARAGRAPH)
    elif tag in tags.lines:
        text.part(LINE)
    elif tag in tags.cells:
        text.part(CELL)


def _add(text: Text, words: str | None, kept: int) -> None:
    if words and kept:
        text.keep(words)
    elif words:
        text.add(words)
