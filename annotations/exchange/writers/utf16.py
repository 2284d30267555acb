"""Offsets as Java and JavaScript count them."""

import re
from bisect import bisect_left

_WIDE = re.compile("[\U00010000-\U0010ffff]")


class Units:
    """The code points of a text, and how many UTF-16 units come before each."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [one.start() for one in _WIDE.finditer(text)]

    def at(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset)
