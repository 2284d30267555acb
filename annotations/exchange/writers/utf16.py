"""Offsets as programs count them whose characters are UTF-16 units: Java, JavaScript, .NET."""

import re
from bisect import bisect_left

_WIDE = re.compile("[\U00010000-\U0010ffff]")


class Units:
    """Where the code points of a text stand when each beyond U+FFFF counts twice."""

    def __init__(self, text: str) -> None:
        found = () if text.isascii() else _WIDE.finditer(text)
        self._wide = [one.start() for one in found]

    def at(self, offset: int) -> int:
        """How many units come before the code point at this offset."""
        return offset + bisect_left(self._wide, offset) if self._wide else offset
