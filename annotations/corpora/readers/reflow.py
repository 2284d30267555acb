"""Lines as a page broke them, made into paragraphs again: one line each."""

import re
from collections.abc import Iterable

_FULL = 0.8  # of the usual width: a shorter line ends its paragraph
_NARROW = 25  # code points; lines of lists and tables are not joined
_USUAL = 0.8  # so many of the lines are no wider than usual
_HYPHENATED = re.compile(r"(?P<before>[^\W\d_]+)-\Z")
_HYPHEN = re.compile(r"\w-\Z")
_SOFT = "\u00ad"
_BEGINS = re.compile(r"[^\W\d_]+")
_ITEM = re.compile(r"(?:[-•*–—·▪‣]|\(?\d{1,3}[.)]|[a-z][.)])\s")
_ENDS = re.compile(r"[.!?:…][\"'”’»)\]]*\Z")
_REPEATED = 3  # letters


def reflowed(page: str) -> str:
    """Return the text of a page with the lines of a paragraph joined.

    A line is taken to go on in the next when it is about as wide as most; an empty line, or one that
    begins as an item of a list, begins a paragraph.
    """
    lines = [" ".join(line.split(" ")).strip() for line in page.splitlines()]
    full = max(_NARROW, _usual(lines) * _FULL)
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if line and goes_on and not _ITEM.match(line):
            paragraphs[-1] = glued(paragraphs[-1], line)
        elif line:
            paragraphs.append(line)
        goes_on = len(line) >= full
    return "\n".join(paragraphs)


def joined(pages: Iterable[str]) -> str:
    """Return the pages as one text. A sentence goes on where nothing ended it and a small letter
    follows; otherwise a page begins a paragraph."""
    text = ""
    for page in filter(None, pages):
        goes_on = text and not _ENDS.search(text[-9:]) and page[0].islower()
        text = glued(text, page) if goes_on else f"{text}\n{page}".lstrip("\n")
    return text


def glued(before: str, after: str) -> str:
    """Return both as one line; a word divided at the end of `before` is whole again.

    That is certain only of a letter, a hyphen and a small letter, unless the word is said twice
    (*anak-anak*): then the hyphen is its own, as in all else (*ke-2*).
    """
    if before.endswith(_SOFT):
        return before[:-1] + after
    hyphenated = _HYPHENATED.search(before[-100:])
    begins = _BEGINS.match(after)
    if not hyphenated or not begins or not after[0].islower():
        return before + " " * (not _HYPHEN.search(before[-2:])) + after
    first = hyphenated["before"].lower()
    if len(first) >= _REPEATED and begins[0].startswith(first):
        return before + after
    return before[:-1] + after


def _usual(lines: list[str]) -> int:
    widths = sorted(len(line) for line in lines if line)
    return widths[int((len(widths) - 1) * _USUAL)] if widths else 0
