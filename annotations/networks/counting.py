"""Statements as they come, kept as counts."""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from annotations.networks.duplicates import Scope, period

Cell = tuple[int, int, int]
"""Row, column, level."""


class What(StrEnum):
    """What a network can have too many of."""

    STATEMENTS = "statements"
    NODES = "nodes"
    WINDOWS = "windows"
    STEPS = "steps"
    TIES = "ties"


class TooMany(ValueError):
    """There are more than `most` different things to be kept, or so much to be computed."""

    def __init__(self, what: What, most: int) -> None:
        super().__init__(f"more than {most:,} {what}")
        self.what, self.most = what, most


class Statement(NamedTuple):
    """Row, column and level, said in a document at a moment (Unix seconds), if one is known."""

    row: int
    column: int
    level: int
    at: int | None
    document: int


class Counts(NamedTuple):
    """So many equal statements of one moment."""

    at: int | None
    cell: Cell
    times: int


@dataclass(slots=True)
class Counted:
    """Takes the statements of document after document. Keeps at most `most` different ones
    (TooMany): of statements that are equal, and of one moment where these matter (`timed`), only
    the number; of repeats within `scope` only the earliest."""

    scope: Scope
    timed: bool
    most: int
    _counts: Counter[tuple[int | None, Cell]] = field(default_factory=Counter)
    _first: dict[tuple[Hashable, Cell], int | None] = field(default_factory=dict)
    _document: int | None = None
    _of_document: set[Cell] = field(default_factory=set)

    def add(self, statement: Statement) -> bool:
        """Whether it counts; False: it repeats one that counts, of which the earlier one stays."""
        cell, at = statement[:3], statement.at
        if self.scope is Scope.NONE or (self.scope is Scope.DOCUMENT and self._is_new(statement)):
            self._counts[(at if self.timed else None, cell)] += 1
            self._bound(len(self._counts))
            return True
        return self.scope is not Scope.DOCUMENT and self._is_first(statement, cell, at)

    def _is_new(self, statement: Statement) -> bool:
        if statement.document != self._document:
            self._document = statement.document
            self._of_document.clear()
        cell = statement[:3]
        if cell in self._of_document:
            return False
        self._of_document.add(cell)
        return True

    def _is_first(self, statement: Statement, cell: Cell, at: int | None) -> bool:
        key = (period(self.scope, at, statement.document), cell)
        if key in self._first:
            known = self._first[key]
            if at is not None and (known is None or at < known):
                self._first[key] = at
            return False
        self._first[key] = at
        self._bound(len(self._first))
        return True

    def _bound(self, kept: int) -> None:
        if kept > self.most:
            raise TooMany(What.STATEMENTS, self.most)

    def counts(self) -> Iterator[Counts]:
        """All that counts, in the order it came."""
        for (at, cell), count in self._counts.items():
            yield Counts(at, cell, count)
        for (_, cell), at in self._first.items():
            yield Counts(at if self.timed else None, cell, 1)
