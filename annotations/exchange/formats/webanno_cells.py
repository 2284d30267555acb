"""What stands in the cells of a row of WebAnno TSV 3, by what the header says of their layer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

NONE = "_"
EMPTY = "*"

_MARKS = re.compile(r"\\.|[|;]", re.DOTALL)
_NUMBERED = re.compile(r"(.*)\[([0-9]{1,9})\]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}


@dataclass(frozen=True, slots=True)
class Column:
    """`target` is the type of what fills the slots, where the column is one of roles: then
    the next cell names who fills them."""

    name: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One line of the header: what each of its cells holds, None where that is what fills the
    slots before it or the governor. `base` is the type of what relations join."""

    number: int
    kind: str
    type: str
    cells: Sequence[Column | None]
    base: str = ""

    @property
    def label(self) -> str:
        return short(self.type)

    @property
    def width(self) -> int:
        return len(self.cells)


def short(type: str) -> str:
    """The name of a type without its package."""
    return type.rpartition(".")[2]


def unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), value)


@dataclass(slots=True)
class Slot:
    name: str
    role: str
    target: str
    type: str


@dataclass(slots=True)
class Entry:
    """What one row says of one annotation. `number` tells it from others of its row, and is the
    same in each row that it covers; `governor` is where a relation comes from."""

    number: str
    features: dict[str, str] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    governor: str = ""


def entries(layer: Layer, cells: Sequence[str]) -> list[Entry]:
    """The annotations of a layer that its cells of a row speak of, in order."""
    made: list[dict[int, str]] = []
    for at, cell in enumerate(cells):
        if cell not in (NONE, ""):
            for order, item in enumerate(_split("|", cell)):
                if order == len(made):
                    made.append({})
                if item not in (NONE, ""):
                    made[order][at] = item
    return [_entry(layer, items) for items in made if items]


def numbered(item: str) -> tuple[str, str]:
    """A value and the number in brackets behind it, if there is one."""
    found = _NUMBERED.fullmatch(item)
    return (found[1], found[2]) if found else (item, "")


def _entry(layer: Layer, items: Mapping[int, str]) -> Entry:
    """What the items say by their columns."""
    entry = Entry("", governor=items.get(layer.width - 1, NONE) if layer.base else "")
    for at, item in items.items():
        column = layer.cells[at]
        if column is None:
            continue
        value, number = numbered(item)
        entry.number = entry.number or number
        if not column.target and column.name and value not in (NONE, EMPTY, ""):
            entry.features[column.name] = unescaped(value)
    for at, column in enumerate(layer.cells):
        if column and column.target and at + 1 in items:
            entry.slots += _filled(column, numbered(items.get(at, NONE))[0], items[at + 1])
    return entry


def _filled(column: Column, roles: str, targets: str) -> Iterator[Slot]:
    if targets in (NONE, EMPTY, ""):
        return
    names = _split(";", roles)
    for role, target in zip_longest(names, targets.split(";"), fillvalue=NONE):
        if target != NONE:
            name = "" if role in (NONE, EMPTY) else unescaped(role)
            yield Slot(column.name, name, target, column.target)


def _split(mark: str, cell: str) -> list[str]:
    """What the marks part that are not escaped."""
    parts, at = [], 0
    for found in _MARKS.finditer(cell):
        if found[0] == mark:
            parts.append(cell[at : found.start()])
            at = found.end()
    return [*parts, cell[at:]]
