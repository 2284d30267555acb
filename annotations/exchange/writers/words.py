"""Where the words of a text begin and end, told at the places that are asked for alone."""

import re
from functools import lru_cache

from annotations.text import sentences
from annotations.text.tokens import MARKS, PARTED, UNPARTED

TOKEN = re.compile(rf"{PARTED}|[{UNPARTED}]|[^\s\ufeff][{MARKS}]*")
"""A word; a character of a script that does not part its words; or another sign, with what belongs
to it. U+FEFF is none: at the beginning of a file it would be taken for a mark."""

_NONE = r"\s\ufeff"
_ALONE = _NONE + UNPARTED
# What the pattern above makes of two neighbours. A word begins with what is neither letter nor mark,
# with every character of a script without spaces, behind what is alone, and with a letter behind a
# sign; with a letter behind marks where these belong to a sign, which two neighbours do not tell.
_BEGINS = (
    rf"[^{_NONE}\w{MARKS}]|[{UNPARTED}]|(?<![^{_ALONE}])[^{_NONE}]"
    rf"|(?<=[^{_NONE}\w{MARKS}])[^\W{MARKS}]"
)
_BEHIND_MARKS = rf"(?<=[{MARKS}])[^\W{MARKS}]"
_begins = re.compile(rf"(?:{_BEGINS})|(?P<behind_marks>{_BEHIND_MARKS})").match
_ends = re.compile(rf"(?<=[^{_NONE}])(?:\Z|[{_NONE}]|{_BEGINS})").match
_begins_behind_marks = re.compile(_BEHIND_MARKS).match
_mark = re.compile(f"[{MARKS}]").match
_marks = re.compile(f"[{MARKS}]+").match
_behind_bearer = re.compile(rf"(?<=[^{_ALONE}])").match


class Words:
    """The words of a text, known by where they begin and end."""

    def __init__(self, text: str) -> None:
        self.text = text
        # a text begins as behind a space, and ends as before one
        self._spaced = f" {text} "
        self._parted: dict[int, bool] = {}
        self.sentence_ends = [self._whole(end) for _, end in sentences.apart(text, ())]

    def begins(self, at: int) -> bool:
        """Whether a word begins here."""
        told = _begins_between(self._spaced[at : at + 2])
        return self._is_parted_from_marks(at) if told is None else told

    def ends(self, at: int) -> bool:
        """Whether a word ends here."""
        told = _ends_between(self._spaced[at : at + 2])
        return self._is_parted_from_marks(at) if told is None else told

    def _is_parted_from_marks(self, at: int) -> bool:
        """Whether this letter behind marks begins a word, as these end that of a sign."""
        if at not in self._parted:
            first = at
            while first > 0 and _mark(self.text, first - 1):
                first -= 1
            word = TOKEN.match(self.text, first - 1 if _behind_bearer(self.text, first) else first)
            self._parted[at] = word is not None and word.end() == at
        return self._parted[at]

    def _whole(self, end: int) -> int:
        """Where the word ends in which a sentence may end, as a full stop may bear marks."""
        marks = _marks(self.text, end)
        return marks.end() if marks and not self.begins(end) else end


_MOST = 16_384
"""So many pairs of neighbours are remembered: a language has some thousand."""


@lru_cache(maxsize=_MOST)
def _begins_between(neighbours: str) -> bool | None:
    """Whether a word begins between these two; None where marks before them must tell."""
    found = _begins(neighbours, 1)
    if found is None:
        return False
    return True if found.lastgroup is None else None


@lru_cache(maxsize=_MOST)
def _ends_between(neighbours: str) -> bool | None:
    """The same of where a word ends."""
    if _ends(neighbours, 1):
        return True
    return None if _begins_behind_marks(neighbours, 1) else False
