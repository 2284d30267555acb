"""SpreadsheetML (ECMA-376) as far as plain tables need it: cells, rows, and what stands around them.

Texts stand in their cells, not in a table of their own: a sheet can be written as its rows come.
"""

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

ROWS = 1_048_576
"""So many rows a sheet has at most, its header included."""
UNITS = 32_767
"""So many UTF-16 units a cell has at most."""

Cell = str | int

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEDIA_TYPE = f"{_TYPE}.sheet"

EMPTY, CLOSING = "<c/>", "</sheetData></worksheet>"
NUMBER, NUMBER_END = "<c><v>", "</v></c>"
TEXT, TEXT_END = '<c t="inlineStr"><is><t>', "</t></is></c>"
"""What stands around a number, and around a text in which nothing is special."""

# what XML has no room for or changes; and what would be read as a sign written by its number
_SPECIAL = re.compile("[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
_NUMBERED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def cells(values: Sequence[Cell]) -> str:
    """The cells of a row, or some of them; empty texts are empty cells. Texts are not cut."""
    return "".join([EMPTY if value == "" else cell(value) for value in values])


def cell(value: Cell) -> str:
    """The cell of a number, or of a text that is not empty."""
    if isinstance(value, int):
        return f"{NUMBER}{value}{NUMBER_END}"
    if value.isalnum():  # as many
        return f"{TEXT}{value}{TEXT_END}"
    text = TEXT if value == value.strip() else f'{TEXT[:-1]} xml:space="preserve">'
    if _SPECIAL.search(value):
        value = _NUMBERED.sub(_number, value)
        for sign, entity in _ENTITIES.items():
            value = value.replace(sign, entity)
    return f"{text}{value}{TEXT_END}"


def cut(value: Cell) -> Cell:
    """The value as far as a cell has room for it; never ends within a character."""
    if isinstance(value, int) or len(value) * 2 <= UNITS:
        return value
    units = value.encode("utf-16-le")
    return value if len(units) <= 2 * UNITS else units[: 2 * UNITS].decode("utf-16-le", "ignore")


def opening(header: Sequence[str], widths: Sequence[int]) -> str:
    """The beginning of a sheet: its header, which stays in sight, and how wide the columns are."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    named = cells(header).replace("<c ", '<c s="1" ')
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData><row>{named}</row>"
    )


def sheet_file(number: int) -> str:
    """Where the sheet stands in the package, counted from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def frame(names: Sequence[str]) -> dict[str, str]:
    """All other files of a workbook whose sheets have these names."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    leads = [_lead(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    leads.append(_lead(len(names) + 1, "styles", "styles.xml"))
    kinds = "".join(_kind(f"/{sheet_file(number)}", "worksheet") for number in numbers)
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{_kind('/xl/workbook.xml', 'sheet.main')}{_kind('/xl/styles.xml', 'styles')}"
            f"{kinds}</Types>"
        ),
        "_rels/.rels": _leads(_lead(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
            "</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _leads(*leads),
        "xl/styles.xml": _STYLES,
    }


_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf'
    ' numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _number(found: re.Match[str]) -> str:
    return f"_x{ord(found.group()):04X}_"


def _kind(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>'


def _lead(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _leads(*leads: str) -> str:
    inside = "".join(leads)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'
