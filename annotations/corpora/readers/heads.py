"""The first rows of files that have columns or keys, as they stand there, and what they become.

What a person must see to say which column is which: the headings, and what is below them. Files
with the same columns are one group; all files of objects are one, too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from annotations.corpora.readers import delimited, jsonl, kinds
from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.columns import Wish, meaning, targets
from annotations.corpora.readers.drafts import LineRefusal, Place, shown
from annotations.corpora.readers.fields import NAMES
from annotations.corpora.readers.keyed import Keys
from annotations.corpora.readers.lines import source_encoding
from annotations.corpora.readers.objects import Record, objects_of
from annotations.corpora.readers.sources import Source
from annotations.text import gate

ROWS = 20
MOST_GROUPS = 10
MOST_FILES = 200
"""Files that are looked into; those behind them are read by the same rules."""
MOST_NAMES = 500
"""Columns or keys of all groups: of more nobody can be asked."""
_NAME = 200  # code points: a longer heading is a text, as where the first row is none
_CELLS = 12_000  # code points shown of a row, and at most
_CELL = 300  # of each of its cells
_OBJECTS = 1_000  # looked through for keys
_BYTES = 8_388_608  # and no farther than here

Shown = str | int | float


@dataclass(slots=True)
class HeadRow:
    """One row: what is not empty of it, in one line, cut where it is long; and how long its texts
    are in the file."""

    file: str
    line: int
    values: dict[str, Shown]
    lengths: dict[str, int]


@dataclass(slots=True)
class Group:
    """Files with the same `names` of columns, or objects with some of these keys; `files` counts
    those that were looked into, `example` is the first one's name."""

    objects: bool
    names: list[str]
    example: str
    files: int = 0
    rows: list[HeadRow] = field(default_factory=list)

    @property
    def wish_names(self) -> tuple[str, ...]:
        """What a wish for these files calls them."""
        return () if self.objects else tuple(self.names)

    def meant(self) -> dict[str, str]:
        """What each name becomes when nobody says otherwise."""
        if self.objects:  # each may have other keys: what is the rule depends on its neighbours
            return {name: meaning(name)[0] for name in self.names}
        return dict(zip(self.names, targets(self.names), strict=True))

    def columns(self, row: HeadRow, wish: Wish) -> dict[str, str]:
        """Which column gives which field of the row under this wish, by the field, even where its
        cell is empty."""
        if self.objects:
            becomes = Keys(wish, lambda reason: None).becomes(row.values)
        else:
            becomes = dict(zip(self.names, targets(self.names, wish), strict=True))
        return {to: name for name, to in becomes.items() if to in NAMES}


def heads(files: Iterable[Source], tick: Callable[[], None] = lambda: None) -> list[Group]:
    """Return the groups of these files, in order; `tick` is called before each file is opened.
    Files that cannot be read, or name nothing that can be asked about, are in none."""
    groups: dict[tuple[str, ...], Group] = {}
    for source in islice(files, MOST_FILES):
        tick()
        try:
            _look(source, groups)
        except DAMAGED:
            continue
    return [group for group in groups.values() if group.names]


def _look(source: Source, groups: dict[tuple[str, ...], Group]) -> None:
    records = {".json": objects_of, ".jsonl": jsonl.records, ".ndjson": jsonl.records}
    if kinds.belied(source):
        return
    if source.suffix in (".csv", ".tsv"):
        _look_into_table(source, groups)
    elif source.suffix in records:
        _look_into_objects(source, groups, records[source.suffix](source))


def _look_into_table(source: Source, groups: dict[tuple[str, ...], Group]) -> None:
    table = delimited.table(source, source_encoding(source))
    if isinstance(table, LineRefusal) or not all(map(_is_askable, table.names)):
        return
    group = _group(groups, Group(False, list(table.names), source.name))
    if group is None:
        return
    for row in table.rows:
        if len(group.rows) >= ROWS:
            return
        if isinstance(row, delimited.Row) and len(row.cells) == len(table.names):
            values = zip(table.names, row.cells, strict=True)
            group.rows.append(_row(row.place, {name: cell for name, cell in values if cell}))


def _look_into_objects(
    source: Source, groups: dict[tuple[str, ...], Group], records: Iterator[Record]
) -> None:
    group = _group(groups, Group(True, [], source.name))
    if group is None:
        return
    known = dict.fromkeys(group.names)
    room = MOST_NAMES - sum(len(one.names) for one in groups.values())
    for record in islice(records, _OBJECTS):
        if record.place.byte > _BYTES:
            break
        keys = (key for key in record.value or {} if key not in known and _is_askable(key))
        new = list(islice(keys, max(0, room)))
        room -= len(new)
        known |= dict.fromkeys(new)
        if record.value and len(group.rows) < ROWS:
            group.rows.append(_row(record.place, record.value))
    group.names = list(known)


def _group(groups: dict[tuple[str, ...], Group], new: Group) -> Group | None:
    """The group that a file belongs to, which may be new, or None where there are too many."""
    group = groups.get(new.wish_names)
    asked = sum(len(one.names) for one in groups.values())
    if group is None and len(groups) < MOST_GROUPS and asked + len(new.names) <= MOST_NAMES:
        group = groups[new.wish_names] = new
    if group is not None:
        group.files += 1
    return group


def _is_askable(name: str) -> bool:
    return len(name) <= _NAME and gate.refusal(name) is None


def _row(place: Place, values: Mapping[str, object]) -> HeadRow:
    row = HeadRow(place.file, place.line, {}, {})
    longest = min(_CELL, max(20, _CELLS // max(1, len(values))))
    for name, value in islice(values.items(), MOST_NAMES):
        if not _is_askable(name):
            continue
        if isinstance(value, str):
            row.values[name] = beginning(value, longest)
            row.lengths[name] = len(value)
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
            row.values[name] = value
    return row


def beginning(text: str, longest: int = _CELL) -> str:
    """Return the first words of a text in one line."""
    return shown(" ".join(text[:longest].split()))
