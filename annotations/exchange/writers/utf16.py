"""Offsets as programs count them whose characters are UTF-16 units: Java, JavaScript, .NET."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from annotations.exchange.records import Pair

_LAST = 0xFFFF


class Units:
    """Where the code points of a text stand when each beyond U+FFFF counts twice."""

    def __init__(self, text: str) -> None:
        self._wide: list[int] = []
        if not text.isascii():
            points = np.frombuffer(text.encode("utf-32-le"), "<u4")
            self._wide = np.flatnonzero(points > _LAST).tolist()

    def at(self, offset: int) -> int:
        """How many units come before the code point at this offset."""
        return offset + bisect_left(self._wide, offset) if self._wide else offset

    def places(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """Beginnings and ends, in units."""
        wide = self._wide
        if not wide:
            return pairs
        return [
            (start + bisect_left(wide, start), end + bisect_left(wide, end)) for start, end in pairs
        ]
