"""Two snapshots compared, from their files, in constant memory."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from annotations.exchange.converting import Unreadable, lines_of
from annotations.exchange.differing import WHATS, Change, How, Unordered, What, changes
from annotations.exchange.records import Line

__all__ = ["Comparison", "Unordered", "Unreadable"]

FORMAT = "kutip-diff/1"
HOWS: tuple[How, ...] = ("added", "changed", "removed")

Progress = Callable[[int, int], None]
"""Told how many bytes of the older one were read, of how many."""

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(slots=True)
class Comparison:
    """What became of `before` in `after`. `counts` is complete once `changes` has ended."""

    before: Path
    after: Path
    progress: Progress = lambda done, total: None
    counts: Counter[tuple[What, How]] = field(default_factory=Counter)

    def changes(self) -> Iterator[Change]:
        """Every change, to be read once. Raises Unreadable, Unordered and OSError, maybe after some
        changes."""
        with ExitStack() as stack:
            before, after = (
                stack.enter_context(path.open("rb")) for path in (self.before, self.after)
            )
            for change in changes(self._told(before), lines_of(after)):
                self.counts[change.what, change.how] += 1
                yield change

    def _told(self, before: BinaryIO) -> Iterator[Line]:
        size = self.before.stat().st_size
        for line in lines_of(before):
            self.progress(before.tell(), size)
            yield line

    def table(self) -> dict[str, dict[str, int]]:
        """How many things were added, changed, removed."""
        return {what: {how: self.counts[what, how] for how in HOWS} for what in WHATS}

    def as_json(self, before: str, after: str) -> Iterator[bytes]:
        """The whole comparison as one JSON document, while it is made; the snapshots are called
        `before` and `after`. The counts stand at its end."""
        head = {"after": after, "before": before, "format": FORMAT}
        yield _encode(head)[:-1] + b',"changes":['
        separator = b"\n"
        for change in self.changes():
            yield separator + _encode(change)
            separator = b",\n"
        tail = {"counts": self.table(), "equal": not self.counts}
        yield b"]," + _encode(tail)[1:] + b"\n"
