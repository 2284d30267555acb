"""CSV and TSV: a row of names, then one article a row. Commas, semicolons, tabs or bars are found out.

Quoting is strict, as a lenient reader alters texts silently. After a row whose quotation marks do
not pair up nothing says where the next row begins, so the rest of the file is refused.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from annotations.corpora.readers.columns import (
    DROPPED,
    KEPT,
    Wish,
    names_of,
    targets,
    wish_for,
)
from annotations.corpora.readers.dates import Dates
from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import (
    ArticleDraft,
    LineRefusal,
    Place,
    Reading,
    Reason,
    UnfitError,
    shown,
)
from annotations.corpora.readers.fields import draft
from annotations.corpora.readers.json_text import parse
from annotations.corpora.readers.lines import Line, lines_of, source_encoding
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

_SEPARATORS = ",;\t|"
_DECLARED = re.compile(r'(?P<quote>"?)sep=(?P<separator>.)(?P=quote)\r?\n?', re.IGNORECASE)

csv.field_size_limit(LIMITS.line_bytes)


class _Feed:
    """Hands lines to the csv reader and remembers the row it is reading: where, and its fault."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.begin()

    def begin(self) -> None:
        self.first = Line(0, 0, "")
        self.fault: LineRefusal | None = None
        self.quotes = self.length = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if not self.length:
            self.first = line
        self.fault = self.fault or line.fault
        self.quotes += line.text.count('"')
        self.length += len(line.text)
        if self.length > LIMITS.line_bytes or (line.fault and not line.text):
            raise csv.Error(_TOO_LONG)
        return line.text


@dataclass(frozen=True, slots=True)
class Row:
    place: Place
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, no two alike, and the rows below them in which anything stands;
    empty cells beyond the columns, as spreadsheets write them, are cut off."""

    place: Place
    names: tuple[str, ...]
    rows: Iterator["Row | LineRefusal"]


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every row that is not empty, or the row's refusal."""
    encoding = source_encoding(source)
    recorded = str(encoding)
    for found in _readings(source, encoding, recorded):
        yield found.read_as(recorded) if isinstance(found, LineRefusal) else found


def table(source: Source, encoding: Encoding) -> Table | LineRefusal:
    """Return the table that the file holds, read as its rows are, or why there is none."""
    separator = _separator(lines_of(source, encoding), source.wishes)
    rows = _rows(source, lines_of(source, encoding), separator)
    header = next(rows, None)
    if header is None or isinstance(header, LineRefusal):
        return header or source.refused(Reason("csv_no_header"))
    if len(header.cells) > LIMITS.csv_columns:
        values = {"count": len(header.cells), "limit": LIMITS.csv_columns}
        return LineRefusal(header.place, Reason("csv_columns", values))
    names = tuple(names_of(header.cells))
    return Table(header.place, names, (_without_surplus(row, len(names)) for row in rows))


def _without_surplus(row: Row | LineRefusal, count: int) -> Row | LineRefusal:
    if isinstance(row, Row) and len(row.cells) > count and not any(row.cells[count:]):
        return Row(row.place, row.cells[:count])
    return row


def _readings(source: Source, encoding: Encoding, recorded: str) -> Iterator[Reading]:
    found = table(source, encoding)
    if isinstance(found, LineRefusal):
        yield found
        return
    wish = wish_for(source.wishes, found.names)
    becomes = targets(found.names, wish, source.note)
    if "text" not in becomes:
        names = shown(", ".join(found.names)[:200])
        yield LineRefusal(found.place, Reason("csv_no_text", {"names": names}))
        return
    columns = _Columns(found.names, becomes)
    dates = Dates(wish.order, source.order, lambda: _dates(source, encoding, columns), source.note)
    row: Row | LineRefusal | None = None
    for row in found.rows:
        yield row if isinstance(row, LineRefusal) else _article(row, columns, dates, recorded)
    if row is None:
        source.note(Reason("file_nothing"))


def _dates(source: Source, encoding: Encoding, columns: "_Columns") -> Iterator[str]:
    """Yield what stands in the column of dates, from the first row to the last."""
    found = table(source, encoding)
    for row in found.rows if isinstance(found, Table) else ():
        if isinstance(row, Row) and len(row.cells) == columns.count:
            yield from (row.cells[at] for at, field in columns.fields if field == "published")


def _separator(lines: Iterator[Line], wishes: tuple[Wish, ...]) -> str:
    """Return what separates the cells: as declared, else the one that makes a column of texts, or
    most columns."""
    first = next(lines, Line(0, 0, "")).text
    declared = _DECLARED.fullmatch(first)
    if declared:
        return declared["separator"]
    return max(_SEPARATORS, key=lambda mark: _fits(first, mark, wishes))


def _fits(header: str, separator: str, wishes: tuple[Wish, ...]) -> tuple[bool, int]:
    cells = header.rstrip("\r\n").replace('"', "").split(separator)[: LIMITS.csv_columns]
    names = names_of(cells)
    return ("text" in targets(names, wish_for(wishes, tuple(names))), len(cells))


def _rows(source: Source, lines: Iterator[Line], separator: str) -> Iterator[Row | LineRefusal]:
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield feed.fault or _misquoted(source, feed, error)
            if _is_lost(feed, error):
                return
        else:
            yield from _row(source, feed, cells)


def _row(source: Source, feed: _Feed, cells: list[str]) -> Iterator[Row | LineRefusal]:
    """Yield the row or its fault; nothing where all cells are empty, or the separator is declared."""
    first = feed.first
    if feed.fault:
        yield feed.fault
    elif any(cells) and not (first.number == 1 and _DECLARED.fullmatch(first.text)):
        yield Row(Place(source.name, first.number, first.byte), cells)


_TOO_LONG = "field larger than field limit"
_FAULTS = {
    "unexpected end of data": "csv_unclosed",
    _TOO_LONG: "csv_unclosed",
    "new-line character seen": "csv_carriage_return",
}


def _is_lost(feed: _Feed, error: csv.Error) -> bool:
    """Whether an odd quotation mark, or a line too long to see, hides where the next row begins."""
    return feed.quotes % 2 == 1 or str(error).startswith(_TOO_LONG)


def _misquoted(source: Source, feed: _Feed, error: csv.Error) -> LineRefusal:
    known = (code for begin, code in _FAULTS.items() if str(error).startswith(begin))
    code = next(known, "csv_lost" if feed.quotes % 2 else "csv_quote")
    return source.refused(Reason(code), line=feed.first.number, byte=feed.first.byte)


class _Columns:
    """What each column becomes, as positions in a row."""

    def __init__(self, names: tuple[str, ...], becomes: list[str]) -> None:
        self.count = len(names)
        all_of_them = list(zip(range(self.count), names, becomes, strict=True))
        self.fields = [(at, to) for at, _, to in all_of_them if to not in (KEPT, DROPPED)]
        self.of = {to: name for _, name, to in all_of_them}
        self.kept = [(at, name) for at, name, to in all_of_them if to == KEPT]


def _article(
    row: Row, columns: _Columns, dates: Dates, encoding: str
) -> ArticleDraft | LineRefusal:
    try:
        if len(row.cells) != columns.count:
            raise UnfitError("csv_cells", count=len(row.cells), expected=columns.count)
        fields = _filled(row.cells, columns.fields)
        if "metadata" in fields:
            fields["metadata"] = _parsed(str(fields["metadata"]))
        beside = _filled(row.cells, columns.kept)
        return draft(fields, row.place, encoding, beside, dates.moment)
    except UnfitError as unfit:
        return LineRefusal(row.place, unfit.in_column(columns.of))


def _parsed(cell: str) -> object:
    try:
        return parse(cell)
    except UnfitError as unfit:
        values = {"field": "metadata", **unfit.reason.values}
        raise UnfitError.of(Reason(unfit.reason.code, values)) from unfit


def _filled(cells: list[str], columns: list[tuple[int, str]]) -> dict[str, object]:
    """Return the row's cells by the names of their columns; an empty cell is the same as none."""
    return {name: cells[at] for at, name in columns if cells[at]}
