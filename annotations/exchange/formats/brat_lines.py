"""The lines of a brat `.ann` file: of which kind each is, what it says, and how its offsets count.

A line is an id, a tab, and what belongs to an id that begins with this letter. brat opens its files
with universal line ends, so a CR alone ends a line, too. Knows no layer.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import Place, Reason
from annotations.corpora.readers.lines import Line, lines_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Loss, lost
from annotations.limits import LIMITS
from annotations.text import gate

MOST_LINES = 500_000
"""Lines of one file that are read: more than an article of the greatest length can need."""

_MARK = "\ufeff"
_ID = re.compile(r"(?:[TEARMN#][0-9]+\S*|\*)\t")
_LIKE_AN_ID = re.compile(r"[A-Za-z#*]+[0-9]+\S*\t")
_BOUNDS = re.compile(r"[0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*")
_BLANK = re.compile(r"\r\n|\s")
_ENOUGH = 200

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Odd:
    """A line that is no annotation."""

    text: str
    place: Place


@dataclass(slots=True)
class Mark:
    """An annotation: its id, what stands behind the first tab, and what behind the second. `odd`
    are the lines below it that are none: its words may go on there."""

    id: str
    body: str
    words: str | None
    place: Place
    odd: list[Odd] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The letter of its id; brat once wrote attributes without a value as M."""
        return self.id[0].replace("M", "A")

    def parts(self, most: int = -1) -> list[str]:
        """What single spaces part in the body: at most so many and the rest."""
        return [part for part in self.body.split(" ", most) if part]

    def bounds(self) -> list[str]:
        """The pieces of a span as the file has them, or none where they are no offsets."""
        bounds = self.body.partition(" ")[2].rstrip(" ")
        return bounds.split(";") if _BOUNDS.fullmatch(bounds) else []


def marks_of(source: Source, losses: list[Loss]) -> Mapping[str, Sequence[Mark]]:
    """The annotations of a file by their kind, in order. What is none is said in the losses, but
    for lines below a span: where its words break over a line, only the text can tell."""
    marks: dict[str, list[Mark]] = {kind: [] for kind in "TEARN#*"}
    last: Mark | None = None
    for line in _some_lines(source, losses):
        if mark := _mark(line):
            marks[mark.kind].append(mark)
            last = mark
        elif last and last.kind == "T":
            last.odd.append(line)
        elif last and last.kind == "#" and last.words and not _LIKE_AN_ID.match(line.text):
            last.words += f"\n{line.text}"
        else:
            losses.append(none_written(line.text, line.place))
    return marks


def none_written(text: str, place: Place) -> Loss:
    """The loss of a line, or a part of one, that is nothing brat writes."""
    return lost(place, "brat_line", line=text[:60])


def _mark(line: Odd) -> Mark | None:
    if not _ID.match(line.text) or gate.refusal(line.text):
        return None
    id, body, *words = line.text.split("\t", 2)
    return Mark(id, body, words[0] if words else None, line.place)


def _some_lines(source: Source, losses: list[Loss]) -> Iterator[Odd]:
    """The lines that are not blank, as far as the limits; the losses say where they end sooner."""
    for count, line in enumerate(_lines(source, losses)):
        if count >= MOST_LINES or line.place.byte > LIMITS.layer_line_bytes:
            values = {"bytes": LIMITS.layer_line_bytes, "lines": MOST_LINES}
            losses.append(Loss(line.place, Reason("brat_stopped", values)))
            return
        if line.text.strip():
            yield line


def _lines(source: Source, losses: list[Loss]) -> Iterator[Odd]:
    try:
        for line in lines_of(source, Encoding("utf-8")):
            if line.fault:
                losses.append(Loss(line.fault.place, line.fault.reason))
            else:
                yield from _broken(source.name, line)
    except DAMAGED:
        losses.append(Loss(Place(source.name, 0, 0), Reason("zip_damaged")))


def _broken(file: str, line: Line) -> Iterator[Odd]:
    """One line, or several where a CR alone ends them."""
    text, byte = line.text.rstrip("\r\n"), line.byte
    if line.number == 1 and text.startswith(_MARK):
        text, byte = text.removeprefix(_MARK), byte + len(_MARK.encode())
    for part in text.split("\r"):
        yield Odd(part, Place(file, line.number, byte))
        byte += len(part.encode()) + 1


# --- offsets ----------------------------------------------------------------------------------


class Counting:
    """Offsets of the file as offsets of the text: whether it counts each CRLF once (`universal`),
    and whether it counts the byte order mark that was taken off (`mark`)."""

    def __init__(self, text: str, *, universal: bool, mark: bool) -> None:
        breaks = [found.start() for found in re.finditer("\r\n", text)] if universal else []
        self._before = [at - number for number, at in enumerate(breaks)]
        self._mark = int(mark)

    def piece(self, bounds: str) -> Piece:
        start, end = bounds.split()
        return self._offset(int(start)), self._offset(int(end))

    def _offset(self, given: int) -> int:
        at = max(0, given - self._mark)
        return at + bisect_left(self._before, at)


def counting_of(text: str, spans: Sequence[Mark], *, mark: bool) -> Counting:
    """How a file over this text counts: as most of its words say; where they do not tell, as brat
    does. `mark` says that a byte order mark was taken off."""
    universal = (True, False) if "\r\n" in text else (False,)
    marked = (True, False) if mark else (False,)
    ways = [Counting(text, universal=u, mark=m) for u, m in product(universal, marked)]
    if len(ways) == 1:
        return ways[0]
    return max(ways, key=lambda way: sum(_agrees(text, span, way) for span in spans))


def _agrees(text: str, span: Mark, way: Counting) -> bool:
    """Whether the words begin with those of the first piece."""
    bounds = span.bounds()
    if not span.words or not bounds:
        return False
    start, end = way.piece(bounds[0])
    words = "\n".join((span.words, *(odd.text for odd in span.odd[:_ENOUGH])))
    covered = _flat(text[start : min(end, start + _ENOUGH)])
    return bool(covered) and _flat(words[: 2 * _ENOUGH]).startswith(covered)


def _flat(text: str) -> str:
    return _BLANK.sub(" ", text)


def joined(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """The pieces in order, without those that cover nothing. brat's editor cuts a span at every
    line break: what only a break (and the spaces around it) separates was one."""
    if any(start > end for start, end in pieces):
        return list(pieces)
    whole: list[Piece] = []
    for start, end in sorted(pieces):
        between = text[whole[-1][1] : start] if whole else ""
        if start == end:
            continue
        if between.isspace() and ("\n" in between or "\r" in between):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def going_on(mark: Mark, covered: str) -> tuple[str | None, Sequence[Odd]]:
    """All words of a span whose words may break over lines, and the lines that are none of them:
    those with which the covered text does not go on (white space aside)."""
    rest, words = _squeezed(covered), [mark.words or ""]
    at = len(_squeezed(words[0]))
    goes_on = bool(at) and rest.startswith(_squeezed(words[0]))
    for number, odd in enumerate(mark.odd):
        more = _squeezed(odd.text)
        if not (goes_on and rest.startswith(more, at)):
            return "\n".join(words) or None, mark.odd[number:]
        at += len(more)
        words.append(odd.text)
    return "\n".join(words) or None, []


def _squeezed(text: str) -> str:
    return "".join(text.split())
