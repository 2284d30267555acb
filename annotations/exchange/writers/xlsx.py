"""XLSX: a workbook with the sheets of quotations, stances and spans, cells and columns as in the CSV
tables, and one that names what is lost.

Written as it comes: the spans into the package, the other two aside until these are whole. What
has no room in a sheet goes on in a next one. No cell is a formula here, as each says that it is a
text or a number; that it is defused all the same serves who saves a sheet as CSV.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import lru_cache, partial

from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.archive import Archive
from annotations.exchange.writers.cells import defused
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Piece, put
from annotations.exchange.writers.shape import Writer
from annotations.exchange.writers.spool import Spool
from annotations.exchange.writers.tables import (
    HOLDS,
    UNLINKED,
    UNREMARKED,
    Columns,
    KnownLayer,
    columns_of,
    layers_of,
    place,
    remarks,
)
from annotations.exchange.writers.workbook import (
    CLOSING,
    MEDIA_TYPE,
    NUMBER,
    NUMBER_END,
    ROWS,
    TEXT,
    TEXT_END,
    UNITS,
    Cell,
    cell,
    cells,
    cut,
    frame,
    opening,
    sheet_file,
)
from annotations.schema.spec import Spec

_OF_LOSSES = ("kind", "count", "article", "annotator", "id")
_WIDE = {"words": 60, "title": 40, "notes": 40}
_MOST, _LONG = 1_000, 4_000
"""So many attributes are remembered as cells, and none that are longer."""


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
        self.columns = columns_of(spec, label)
        self._header = self.columns.header()
        self.bare = _Bare(self.columns)
        self._begin()

    def behind(self, known: KnownLayer, span: SpanRecord) -> bytes:
        """How the row ends, from the attributes on."""
        values, ends = self.columns.values(span.attributes), known.ends(span, self.columns)
        return f"{cells(values)}{cells(ends)}{cells(remarks(span))}</row>".encode()

    def fitted(self, line: Line, known: KnownLayer, span: SpanRecord, about: bytes) -> bytes:
        """The row of which some cell is cut."""
        own = _fitted(line, known.layer, span.id, known.row(span, self.columns), self._report)
        return b"".join((about, own, b"</row>"))

    def sheeted(self, rows: Sequence[bytes]) -> Iterator[Piece]:
        """The rows in their sheets."""
        at = 0
        while at < len(rows):
            if self._rows == self._most:
                yield self.end()
                self._begin()
            some = rows[at : at + self._most - self._rows]
            at += len(some)
            self._rows += len(some)
            yield self._piece(*some)

    def end(self) -> Piece:
        """The end of the sheet."""
        return self._piece(CLOSING.encode())

    def _begin(self) -> None:
        self._file = self._sheets.begin(self._name)
        widths = [_WIDE.get(name, 16) for name in self._header]
        self._held = opening(self._header, widths).encode()
        self._rows = 1

    def _piece(self, *parts: bytes) -> Piece:
        held, self._held = self._held, b""
        return Piece(self._file, b"".join((held, *parts)))


class _Bare(dict[tuple[tuple[str, str | bool], ...], bytes]):
    """How a row ends from the attributes on, without relations and remarks: as nearly all do, in some
    hundred ways."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns
        self._behind = f"{cells(columns.unlinked)}{cells(UNREMARKED)}</row>"

    def __missing__(self, given: tuple[tuple[str, str | bool], ...]) -> bytes:
        values = self._columns.values(dict(given))
        behind = f"{cells(values)}{self._behind}".encode()
        if len(self) < _MOST and len(behind) < _LONG:
            self[given] = behind
        return behind


class _Rows:
    """The rows of articles in all of the tables, the first of which has all spans."""

    def __init__(self, tables: Sequence[Table], report: LossReport) -> None:
        self._tables, self._report = tables, report
        self._ways = {
            label: [each for each in enumerate(tables) if label in each[1].columns.labels]
            for label in tables[0].columns.labels
        }

    def of(self, line: Line) -> list[list[bytes]]:
        """Those of an article, for each table."""
        rows: list[list[bytes]] = [[] for _ in self._tables]
        for known in layers_of(line):
            layer = known.layer
            if not layer.spans:
                continue
            about = b"<row>" + _fitted(line, layer, "", known.about, self._report)
            for span in layer.spans:
                ways = self._ways.get(span.label)
                if ways is None:
                    self._report.lose(Part.OTHER_LABELS, line, layer, span.id)
                    continue
                before, bare = _before(known, span), known.is_bare(span)
                given = tuple(span.attributes.items())
                for number, table in ways:
                    behind = table.bare[given] if bare else table.behind(known, span)
                    if len(before) + len(behind) <= UNITS:  # in bytes, which are no fewer
                        row = b"".join((about, before, behind))
                    else:
                        row = table.fitted(line, known, span, about)
                    rows[number].append(row)
        return rows


def _before(known: KnownLayer, span: SpanRecord) -> bytes:
    """The cells from the id, which is a UUID, to the entity."""
    start, end, offsets, words = place(span)
    linked = cells(known.linked(span)) if span.entity else _UNLINKED
    return (
        f"{TEXT}{span.id}{_label(span.label)}{start}{_NUMBERS}{end}{_OFFSETS}{offsets}{TEXT_END}"
        f"{cell(words)}{linked}"
    ).encode()


_NUMBERS, _OFFSETS = NUMBER_END + NUMBER, NUMBER_END + TEXT


@lru_cache(maxsize=1_000)
def _label(label: str) -> str:
    """The cell of the label with what stands around it."""
    return f"{TEXT_END}{cell(defused(label))}{NUMBER}"


_UNLINKED = cells(UNLINKED)


def _fitted(
    line: Line, layer: LayerRecord, id: str, values: Sequence[Cell], report: LossReport
) -> bytes:
    """The cells, none longer than there is room for."""
    whole = cells(values).encode()
    if len(whole) <= UNITS:
        return whole
    short = [cut(value) for value in values]
    lost = sum(a != b for a, b in zip(short, values, strict=True))
    if lost:
        report.lose(Part.CUT, line, layer, id, lost)
    return cells(short).encode()


def write(
    lines: Iterable[Line], spec: Spec, report: LossReport, *, most: int = ROWS
) -> Iterator[bytes]:
    """The workbook, whose sheets have at most `most` rows."""
    archive, sheets = Archive(), Sheets()
    table = partial(Table, spec=spec, sheets=sheets, most=most)
    # what the others lose is lost among the spans, too, and counted there
    spans = table("spans", None, report=report)
    others = [table("quotes", "QUOTE", report=LossReport(""))]
    others += [table("stances", "STANCE", report=LossReport(""))]
    with ExitStack() as stack:
        aside = [(one, stack.enter_context(closing(Spool()))) for one in others]
        rows = _Rows([spans, *others], report)
        yield from put(archive, _spans(lines, rows, spans, aside))
        for one, spool in aside:
            spool.put([one.end()])
            yield from spool.taken(archive)
    last = [Piece(sheets.begin("losses"), _losses(report).encode())]
    last += [Piece(name, content.encode()) for name, content in frame(sheets).items()]
    yield from put(archive, last)
    yield archive.end()


def _spans(
    lines: Iterable[Line], rows: _Rows, spans: Table, aside: Sequence[tuple[Table, Spool]]
) -> Iterator[Piece]:
    """The sheets of all spans, while the rows of the other tables are put aside."""
    for line in lines:
        own, *others = rows.of(line)
        yield from spans.sheeted(own)
        for (one, spool), some in zip(aside, others, strict=True):
            spool.put(one.sheeted(some))
    yield spans.end()


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
