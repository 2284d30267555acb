"""A text as programs see it that open it with universal line ends: CRLF and CR alone are LF."""

import re
from bisect import bisect_right


class Folded:
    """The text with LF alone, and where its offsets are then."""

    def __init__(self, text: str) -> None:
        self.differs = "\r" in text
        self.text = text.replace("\r\n", "\n").replace("\r", "\n") if self.differs else text
        found = re.finditer("\r\n", text) if self.differs else ()
        self._gone = [one.start() + 1 for one in found]

    def at(self, offset: int) -> int:
        """Where what stood at this offset stands; within a CRLF, before the line end."""
        return offset - bisect_right(self._gone, offset) if self._gone else offset
