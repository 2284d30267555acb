"""What a word is, wherever texts are compared word by word; and the form it is compared in."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from annotations.text.names import fold

UNPARTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Scripts that do not part their words, as the inside of a class of a pattern."""

MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0\ufe20-\ufe2f"
)
"""Signs that belong to the letter before them, as the inside of a class of a pattern."""

PARTED = rf"[^\W{UNPARTED}]+(?:[{MARKS}]+[^\W{UNPARTED}]*)*"
"""A word of a script that parts its words."""

PLAIN = r"[0-9A-Za-z_]++(?![^\x00-\x7f])"
"""A word of plain letters alone, as most are: to be tried before PARTED, it is found in less time."""

_WORDS = re.compile(rf"{PLAIN}|{PARTED}|[{UNPARTED}]+")
_UNPARTED = re.compile(f"[{UNPARTED}]")
_FIRST_UNPARTED = UNPARTED[0]


@lru_cache(maxsize=131_072)
def folded(word: str) -> str:
    """Return the form in which two words are the same word (see `names.fold`)."""
    return word.lower() if word.isascii() else fold(word)


def runs(text: str) -> list[str]:
    """Return the words of a text in order, as they stand there. What a script that does not part
    its words writes in one go is one run."""
    return _WORDS.findall(text)


def placed(text: str) -> "Iterator[re.Match[str]]":
    """Yield the runs with where they stand."""
    return _WORDS.finditer(text)


def is_unparted(run: str) -> bool:
    """Whether a run is of a script that does not part its words."""
    return run >= _FIRST_UNPARTED and _UNPARTED.match(run) is not None


def are_parted(runs: Collection[str]) -> bool:
    """Whether all of these runs are words."""
    # the last one by its letters tells it of most texts: this is asked of every word of a corpus
    return max(runs, default="") < _FIRST_UNPARTED or not any(map(is_unparted, runs))
