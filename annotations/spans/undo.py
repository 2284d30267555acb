"""Which group an undo or a redo would take. Pure: derived from the history, never stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class Turn(NamedTuple):
    """An undo or redo: number `seq` of its layer."""

    seq: int
    op: str


class Jump(NamedTuple):
    """A restore: number `seq` of its layer, the group it is, the revision it went to."""

    seq: int
    group: UUID
    to: int


class Standing:
    """Which groups of a layer's history are in effect at its newest revision. `jumps` are all its
    restores; `turns`, newest first, the undos and redos of each group that is asked for, restores
    among them."""

    def __init__(
        self, revision: int, jumps: Iterable[Jump], turns: Mapping[UUID, Sequence[Turn]]
    ) -> None:
        self._turns = turns
        # stretches of the history, newest first: (after, until), and nothing between two counts
        self._stretches: list[tuple[int, int]] = []
        until = revision
        for jump in sorted(jumps, reverse=True):
            if jump.seq <= until and self._is_done(jump.group, until):
                self._stretches.append((jump.seq - 1, until))
                until = jump.to
        self._stretches.append((0, until))

    def has(self, group: UUID, seq: int) -> bool:
        """Whether what the group did, which ends at `seq`, still stands."""
        until = self._until(seq)
        return until is not None and self._is_done(group, until)

    def has_turn(self, of: UUID, seq: int) -> bool:
        """The same of an undo or redo: whether it is the last word about that group."""
        until = self._until(seq)
        return until is not None and self._last_turn(of, until) == seq

    def _until(self, seq: int) -> int | None:
        return next((until for after, until in self._stretches if after < seq <= until), None)

    def _is_done(self, group: UUID, until: int) -> bool:
        last = next((turn for turn in self._turns.get(group, ()) if turn.seq <= until), None)
        return last is None or last.op == "redo"

    def _last_turn(self, group: UUID, until: int) -> int | None:
        return next((turn.seq for turn in self._turns.get(group, ()) if turn.seq <= until), None)
