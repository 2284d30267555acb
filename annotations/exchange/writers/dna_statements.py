"""What both files of Discourse Network Analyzer (DNA) have: where its statements stand, and when.

DNA is a Java program: its texts have LF alone and its offsets count UTF-16 units. A statement is one
stretch: of several fragments it is all from the first to the last.
"""

from collections.abc import Iterator
from functools import cached_property

from annotations.exchange.records import LayerRecord, Line, SpanRecord
from annotations.exchange.writers.line_ends import Folded
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.stances import Stance, stances_of
from annotations.exchange.writers.utf16 import Units


class Text:
    """The text of an article as DNA has it."""

    def __init__(self, line: Line, report: LossReport) -> None:
        self._folded = Folded(line.article.text)
        self.text = self._folded.text
        if self._folded.differs:
            report.lose(Part.LINE_ENDS, line)

    def bounds(self, span: SpanRecord) -> tuple[int, int]:
        """Start and end in code points of this text. Not empty: what covers only the CR of a
        CRLF has the LF."""
        start, end = self._folded.at(span.fragments[0][0]), self._folded.at(span.fragments[-1][1])
        return (start, end) if start < end else (start, start + 1)

    @cached_property
    def _units(self) -> Units:
        return Units(self.text)

    def units(self, bounds: tuple[int, int]) -> tuple[int, int]:
        return self._units.at(bounds[0]), self._units.at(bounds[1])

    def covered(self, bounds: tuple[int, int]) -> str:
        return self.text[bounds[0] : bounds[1]]


def statements_of(line: Line, layer: LayerRecord, report: LossReport) -> Iterator[Stance]:
    """The layer's stances; that several fragments become one stretch is in the report, once for
    each span."""
    last = ""
    for stance in stances_of(line, layer, report):
        span = stance.span
        if len(span.fragments) > 1 and span.id != last:
            report.lose(Part.HULL, line, layer, span.id)
        last = span.id
        yield stance
