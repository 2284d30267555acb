"""Which group an undo or a redo would take. Pure: derived from the history, never stored."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID


class Event(NamedTuple):
    """One group of operations, or one undo or redo `of` a group."""

    op: str
    group: UUID
    of: UUID | None


class Events:
    """The history of one layer, newest first, read only as far back as an answer needs."""

    def __init__(self, newest_first: Iterable[Event]) -> None:
        self._events = newest_first

    def newest_in_effect(self) -> UUID | None:
        """The group Ctrl-Z takes back: each undo on the way cancels one change before it."""
        undone = 0
        for event in self._undoable():
            if event.op == "undo":
                undone += 1
            elif undone:
                undone -= 1
            else:
                return event.of or event.group
        return None

    def newest_undone(self) -> UUID | None:
        """The group a redo brings back, if nothing else was done since it was undone."""
        redone = 0
        for event in self._undoable():
            if event.op == "redo":
                redone += 1
            elif event.op != "undo":
                return None
            elif redone:
                redone -= 1
            else:
                return event.of
        return None

    def _undoable(self) -> Iterator[Event]:
        """Each group once; a loaded layer is where the history starts, not a change."""
        last: UUID | None = None
        for event in self._events:
            if event.op == "load":
                return
            if event.group != last:
                yield event
            last = event.group
