"""How commands say how far they are, on stderr."""

from types import TracebackType
from typing import Self, TextIO


class Percent:
    """Tells each further percent: over itself on a terminal, else at every tenth."""

    def __init__(self, to: TextIO, verb: str) -> None:
        self._to, self._verb = to, verb
        self._over = to.isatty()
        self._told = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._over and self._told >= 0:
            self._to.write("\n")

    def tell(self, done: int, total: int | None, message: str = "") -> None:
        percent = done * 100 // total if total else 0
        if percent == self._told or (not self._over and percent % 10):
            return
        self._told = percent
        words = f"{percent} % {self._verb}"
        self._to.write(f"\r{words}" if self._over else f"{words}\n")
        self._to.flush()
