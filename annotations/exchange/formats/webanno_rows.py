"""The lines of WebAnno TSV 3: its layers, its sentences and their rows. Knows neither spans nor
relations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import Place, Reason, Values, shown
from annotations.corpora.readers.lines import lines_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Loss, lost
from annotations.exchange.formats.webanno_cells import Column, Layer, unescaped
from annotations.limits import LIMITS

FORMAT = "#FORMAT=WebAnno TSV 3"
MOST_LINES = 500_000
"""Lines of one file that are read: more than an article of the greatest length can need."""
MOST_COLUMNS = LIMITS.csv_columns

_TEXT = "#Text="
_UNIT = re.compile(r"([0-9]{1,9}-[0-9]{1,9})(\.[0-9]{1,9})?")
_BOUNDS = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_HEADER = re.compile(r"#T_(SP|CH|RL)=(.*)", re.DOTALL)
_ROLE = re.compile(r"ROLE_[^:]*:(.+)_([^_.]+\..+)")


@dataclass(frozen=True, slots=True)
class Row:
    """A token or a part of one. `start` and `end` count UTF-16 units of the file's document."""

    place: Place
    unit: str
    start: int
    end: int
    words: str
    cells: Sequence[str]

    @property
    def is_token(self) -> bool:
        return "." not in self.unit


@dataclass(slots=True)
class Sentence:
    """A sentence, the lines of its text if the file gives it, and its rows."""

    place: Place
    lines: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def is_ours(head: bytes) -> bool:
    """Whether a file that begins like this is WebAnno TSV 3."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").startswith(FORMAT.encode())


# --- lines ------------------------------------------------------------------------------------


class Lines:
    """The sentences of one file; once one is yielded, the `layers` of the header are known."""

    def __init__(self, source: Source, encoding: Encoding, losses: list[Loss]) -> None:
        self._source, self._encoding, self._losses = source, encoding, losses
        self._is_begun = False
        self._width = 0
        self.layers: list[Layer] = []

    def sentences(self) -> Iterator[Sentence]:
        """Yield each sentence. Nothing comes of a file whose first line is not the format's."""
        sentence: Sentence | None = None
        for text, place in self._lines():
            if text.startswith(_TEXT):
                if sentence and sentence.rows:
                    yield sentence
                    sentence = None
                sentence = sentence or Sentence(place)
                sentence.lines.append(unescaped(text.removeprefix(_TEXT)))
            elif header := _HEADER.fullmatch(text):
                self._header(header[1], header[2].split("|"), place)
            elif not text.startswith("#") and (row := self._row(text, place)):
                sentence = sentence or Sentence(place)
                sentence.rows.append(row)
        if sentence:
            yield sentence

    def _lines(self) -> Iterator[tuple[str, Place]]:
        """The lines that are not blank, behind that which names the format."""
        for line in lines_of(self._source, self._encoding):
            place, text = Place(self._source.name, line.number, line.byte), line.text.rstrip("\r\n")
            if line.number > MOST_LINES or line.byte > LIMITS.layer_line_bytes:
                longest = LIMITS.layer_line_bytes
                self._losses.append(lost(place, "brat_stopped", bytes=longest, lines=MOST_LINES))
                return
            if line.fault:
                self._losses.append(Loss(line.fault.place, line.fault.reason))
            elif text.strip() and self._is_begun:
                yield text, place
            elif text.strip():
                self._is_begun = text.startswith(FORMAT)
                if not self._is_begun:
                    return

    def _header(self, kind: str, parts: Sequence[str], place: Place) -> None:
        layer = _layer(len(self.layers), kind, parts)
        if self._width + layer.width > MOST_COLUMNS:
            name = layer.label[:60]
            self._losses.append(lost(place, "webanno_layer", layer=name, limit=MOST_COLUMNS))
        else:
            self._width += layer.width
            self.layers.append(layer)

    def _row(self, text: str, place: Place) -> Row | None:
        parts = text.split("\t")
        unit, bounds, words = (*parts, "", "")[:3]
        ends, cells = _BOUNDS.fullmatch(bounds), parts[3:]
        if not _UNIT.fullmatch(unit) or ends is None:
            self._losses.append(lost(place, "webanno_line", line=text[:60]))
            return None
        if cells[-1:] == [""]:
            cells.pop()
        if len(cells) != self._width:
            values: Values = {
                "line": shown(text[:60]),
                "count": len(cells),
                "expected": self._width,
            }
            self._losses.append(Loss(place, Reason("webanno_columns", values), kept=True))
        return Row(place, unit, int(ends[1]), int(ends[2]), words, cells[: self._width])


def _layer(number: int, kind: str, parts: Sequence[str]) -> Layer:
    cells: list[Column | None] = []
    base, filling = "", False
    for name in parts[1:]:
        if filling:
            cells.append(None)
            filling = False
        elif kind == "RL" and name.startswith("BT_"):
            base = name.removeprefix("BT_")
            cells.append(None)
        elif name.startswith("ROLE_"):
            cells.append(Column(_slot(name), "?"))
            filling = True
        else:
            cells.append(Column(name))
    return Layer(number, kind, parts[0], _aimed(cells, parts[1:]), base)


def _aimed(cells: Sequence[Column | None], names: Sequence[str]) -> list[Column | None]:
    """The cells, those of slots with the type of what fills them: the name behind theirs."""
    return [
        Column(cell.name, name or "?") if cell and cell.target else cell
        for cell, name in zip(cells, [*names[1:], ""], strict=False)
    ]


def _slot(name: str) -> str:
    """The name of a slot, from ``ROLE_its.Host:name_its.Link``."""
    found = _ROLE.fullmatch(name)
    return found[1] if found else name.rpartition(":")[2]
