"""CSV and TSV: a row of names, then one article a row. Commas, semicolons or tabs are found out.

Quoting is strict, as a lenient reader alters texts silently. After a row whose quotation marks do
not pair up nothing says where the next row begins, so the rest of the file is refused.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import (
    ArticleDraft,
    LineRefusal,
    Place,
    Reading,
    Reason,
    UnfitError,
)
from annotations.corpora.readers.fields import NAMES, draft
from annotations.corpora.readers.jsonl import parse
from annotations.corpora.readers.lines import Line, lines_of, source_encoding
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

_SEPARATORS = ",;\t"
_DECLARED = re.compile(r"sep=(?P<separator>.)\r?\n?", re.IGNORECASE)

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
class _Row:
    place: Place
    cells: list[str]


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every row that is not empty, or the row's refusal."""
    encoding = source_encoding(source)
    recorded = str(encoding)
    for found in _readings(source, encoding, recorded):
        yield found.read_as(recorded) if isinstance(found, LineRefusal) else found


def _readings(source: Source, encoding: Encoding, recorded: str) -> Iterator[Reading]:
    separator = _separator(lines_of(source, encoding))
    rows = _rows(source, lines_of(source, encoding), separator)
    header = next(rows, None)
    if header is None or isinstance(header, LineRefusal):
        yield header or source.refused(Reason("csv_no_header"))
        return
    try:
        names = _names(header.cells)
    except UnfitError as unfit:
        yield LineRefusal(header.place, unfit.reason)
        return
    for row in rows:
        yield row if isinstance(row, LineRefusal) else _article(row, names, recorded)


def _separator(lines: Iterator[Line]) -> str:
    """Return what separates the cells: as declared, else the one that makes `text` a column."""
    first = next(lines, Line(0, 0, "")).text
    declared = _DECLARED.fullmatch(first)
    if declared:
        return declared["separator"]
    return max(_SEPARATORS, key=lambda mark: _fits(first, mark))


def _fits(header: str, separator: str) -> tuple[bool, int]:
    cells = header.rstrip("\r\n").replace('"', "").split(separator)
    return ("text" in (_name(cell) for cell in cells), len(cells))


def _name(cell: str) -> str:
    return cell.strip().lower()


def _names(header: list[str]) -> list[str]:
    """Return the columns' names: fields in small letters, others as they are."""
    names = [
        (_name(cell) if _name(cell) in NAMES else cell.strip()) or f"column {number}"
        for number, cell in enumerate(header, 1)
    ]
    if len(names) > LIMITS.csv_columns:
        raise UnfitError("csv_columns", count=len(names), limit=LIMITS.csv_columns)
    if "text" not in names:
        raise UnfitError("csv_no_text", names=", ".join(names)[:200])
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UnfitError("csv_name_twice", name=min(twice)[:40])
    return names


def _rows(source: Source, lines: Iterator[Line], separator: str) -> Iterator[_Row | LineRefusal]:
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


def _row(source: Source, feed: _Feed, cells: list[str]) -> Iterator[_Row | LineRefusal]:
    """Yield the row or its fault; nothing for an empty line or one that declares the separator."""
    first = feed.first
    if feed.fault:
        yield feed.fault
    elif cells and not (first.number == 1 and _DECLARED.fullmatch(first.text)):
        yield _Row(Place(source.name, first.number, first.byte), cells)


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


def _article(row: _Row, names: list[str], encoding: str) -> ArticleDraft | LineRefusal:
    try:
        return draft(_record(row.cells, names), row.place, encoding)
    except UnfitError as unfit:
        return LineRefusal(row.place, unfit.reason)


def _record(cells: list[str], names: list[str]) -> dict[str, object]:
    """Return the row's fields; an empty cell is the same as none. `metadata` holds JSON."""
    if len(cells) != len(names):
        raise UnfitError("csv_cells", count=len(cells), expected=len(names))
    record: dict[str, object] = {
        name: cell for name, cell in zip(names, cells, strict=True) if cell
    }
    if "metadata" in record:
        record["metadata"] = parse(cells[names.index("metadata")])
    return record
