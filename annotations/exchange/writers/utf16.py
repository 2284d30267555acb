"""Offsets as Java and JavaScript count them."""

from bisect import bisect_left


class Units:
    """The code points of a text, and how many UTF-16 units come before each."""

    def __init__(self, text: str) -> None:
        wide = not text.isascii() and max(text, default="") > "\uffff"
        self._wide = [at for at, one in enumerate(text) if one > "\uffff"] if wide else []

    def at(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset)
