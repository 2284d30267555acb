"""Where the words of a text begin and end, told at the places that are asked for alone; and the words of
its parts."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from annotations.text import sentences
from annotations.text.tokens import MARKS, PARTED, PLAIN, UNPARTED

TOKEN = re.compile(rf"{PLAIN}|{PARTED}|[{UNPARTED}]|[^\s\ufeff][{MARKS}]*")
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
        if self.text[end : end + 1] < MARKS[0]:  # as nearly always
            return end
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


# the words of parts of a text -----------------------------------------------------------------------

_END = b"\xff"
"""Stands behind each part, as it does nowhere in UTF-8."""
_PLAIN = b"0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz " + _END
"""What words are made of, and what parts them."""
_is_none, _is_unparted = re.compile(f"[{_NONE}]").match, re.compile(f"[{UNPARTED}]").match
_is_letter = re.compile(r"\w").match


_MOST_SIGNS = 100
"""Beyond so many, as in Chinese, the pattern takes less time."""


def parted(text: str, cuts: Sequence[int]) -> list[list[bytes]]:
    """The words, in UTF-8, of each part of a text from one of these places to the next, which are such
    that no word is cut. All signs get room around them, and then words are what spaces part: this takes
    half the time that the pattern takes, and no more where no word comes twice."""
    parts = [text[start:end] for start, end in pairwise(cuts)]
    data = _with_room(b" " + b"".join([part.encode() + b" \xff " for part in parts]))
    if data is None:
        return [[word.encode() for word in TOKEN.findall(part)] for part in parts]
    return [part.split() for part in data.split(_END)[:-1]]


def _with_room(data: bytes) -> bytes | None:
    """The same with spaces between all words; None where this is better left to the pattern."""
    signs = set(data.translate(None, _PLAIN).decode())
    if len(signs) > _MOST_SIGNS:
        return None
    marks: list[bytes] = []
    for sign in signs:
        room = _room(sign)
        if room:
            data = _replaced(data, sign.encode(), room)
        elif room is None:
            marks.append(b" " + sign.encode())
    return None if any(mark in data for mark in marks) else data


def _replaced(data: bytes, sign: bytes, room: bytes) -> bytes:
    """What `replace` gives, which takes twice the time where a sign is several bytes."""
    return data.replace(sign, room) if len(sign) == 1 else room.join(data.split(sign))


@lru_cache(maxsize=_MOST)
def _room(sign: str) -> bytes | None:
    """What stands for a sign, so that spaces part words: nothing else for a letter, and None for what
    the pattern must look at if it stands behind a space then."""
    if _is_none(sign):
        return b" "
    if _mark(sign):
        return None
    if _is_letter(sign) and not _is_unparted(sign):
        return b""
    return f" {sign} ".encode()
