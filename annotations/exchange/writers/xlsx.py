"""XLSX: a workbook with the sheets of quotations, stances and spans, cells and columns as in the CSV
tables, and one that names what is lost.

Written as it comes: the spans into the package, the other two aside until these are whole. What
has no room in a sheet goes on in a next one. No cell is a formula here, as each says that it is a
text or a number; that it is defused all the same serves who saves a sheet as CSV.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial

from annotations.exchange.records import LayerRecord, Line
from annotations.exchange.writers.cells import defused
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Piece, streamed
from annotations.exchange.writers.shape import Writer
from annotations.exchange.writers.spool import Spool
from annotations.exchange.writers.tables import HOLDS, columns_of, rows
from annotations.exchange.writers.workbook import (
    CLOSING,
    MEDIA_TYPE,
    ROWS,
    UNITS,
    Cell,
    cells,
    cut,
    frame,
    opening,
    sheet_file,
)
from annotations.schema.spec import Spec

_OF_LOSSES = ("kind", "count", "article", "annotator", "id")
_WIDE = {"words": 60, "title": 40, "notes": 40}


class Sheets(list[str]):
    """The names of the sheets, in the order in which they were begun."""

    def begin(self, name: str) -> str:
        """The file of a new sheet. What goes on from a sheet has a number behind its name."""
        again = sum(one == name or one.startswith(f"{name} ") for one in self)
        self.append(f"{name} {again + 1}" if again else name)
        return sheet_file(len(self))


class Table:
    """The rows of spans, over as many sheets as they need."""

    def __init__(
        self,
        name: str,
        label: str | None,
        spec: Spec,
        sheets: Sheets,
        report: LossReport,
        most: int,
    ) -> None:
        self._name, self._sheets, self._report, self._most = name, sheets, report, most
        self._columns = columns_of(spec, label)
        self._header = self._columns.header()
        self._begin()

    def pieces(self, line: Line) -> Iterator[Piece]:
        """The rows of one article."""
        known, about_xml = None, ""
        for layer, about, own in rows(line, self._columns, self._report):
            if about is not known:
                known, about_xml = about, self._cells(line, layer, "", about)
            if self._rows == self._most:
                yield self.end()
                self._begin()
            own_xml = self._cells(line, layer, str(own[0]), own)
            self._out.append(f"<row>{about_xml}{own_xml}</row>")
            self._rows += 1
        yield self._taken()

    def end(self) -> Piece:
        """The end of the sheet."""
        self._out.append(CLOSING)
        return self._taken()

    def _begin(self) -> None:
        self._file = self._sheets.begin(self._name)
        self._out = [opening(self._header, [_WIDE.get(name, 16) for name in self._header])]
        self._rows = 1

    def _taken(self) -> Piece:
        piece = Piece(self._file, "".join(self._out).encode())
        self._out = []
        return piece

    def _cells(self, line: Line, layer: LayerRecord, id: str, values: Sequence[Cell]) -> str:
        whole = cells(values)
        if len(whole) * 2 <= UNITS:
            return whole
        short = [cut(value) for value in values]
        lost = sum(a != b for a, b in zip(short, values, strict=True))
        if lost:
            self._report.lose(Part.CUT, line, layer, id, lost)
        return cells(short)


def write(
    lines: Iterable[Line], spec: Spec, report: LossReport, *, most: int = ROWS
) -> Iterator[bytes]:
    """The workbook, whose sheets have at most `most` rows."""
    return streamed(_pieces(lines, spec, report, most))


def _pieces(lines: Iterable[Line], spec: Spec, report: LossReport, most: int) -> Iterator[Piece]:
    sheets = Sheets()
    table = partial(Table, spec=spec, sheets=sheets, most=most)
    spans = table("spans", None, report=report)
    with ExitStack() as stack:
        # what these lose is lost among the spans, too, and counted there
        aside = [
            (table(name, label, report=LossReport("")), stack.enter_context(closing(Spool())))
            for name, label in (("quotes", "QUOTE"), ("stances", "STANCE"))
        ]
        for line in lines:
            yield from spans.pieces(line)
            for one, spool in aside:
                spool.put(one.pieces(line))
        yield spans.end()
        for one, spool in aside:
            spool.put([one.end()])
            yield from spool.taken()
    yield Piece(sheets.begin("losses"), _losses(report).encode())
    for name, content in frame(sheets).items():
        yield Piece(name, content.encode())


def _losses(report: LossReport) -> str:
    """The sheet of what is not in the others: how many of a kind, and the first places of each."""
    out = [opening(_OF_LOSSES, [36 if name == "kind" else 16 for name in _OF_LOSSES])]
    for part in Part:
        if part in report.lost:
            count: Cell = report.lost[part].count
            for place in report.lost[part].places:
                out.append(f"<row>{cells([part.value, count, *map(defused, place)])}</row>")
                count = ""
    return "".join([*out, CLOSING])


WRITER = Writer(
    key="tables-xlsx",
    name="All tables, XLSX",
    extension="xlsx",
    media_type=MEDIA_TYPE,
    holds=HOLDS,
    write=write,
)
