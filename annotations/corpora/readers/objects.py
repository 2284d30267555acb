"""The JSON values of a file, one after the other: of an array, of lines, or simply in a row.

A file of any size is read in constant memory: only one value is held at a time. What JSON leaves
open is refused as in `jsonl`. A value that is read to its end costs nothing but itself; where its
end is not to be found, nothing says where the next value of an array begins, but in a file of lines
the next line does.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Generic, TypeVar

from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.decoding import Encoding, undecodable
from annotations.corpora.readers.drafts import LineRefusal, Place, UnfitError
from annotations.corpora.readers.json_text import parse
from annotations.corpora.readers.lines import source_encoding
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

_CHUNK = 262_144
_BLANK = re.compile(r"[ \t\r\n,]*")
_PAIR = re.compile(r'\[[ \t\r\n]*"')
# as far as an array is looked into, to know whether it begins with a text
_AHEAD = 64
_CLOSED = '}]"'
# numbers are only passed over here, and Python refuses to make integers of very many digits
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len)
# a value that is cut off fails where it is cut: this near the end, for what is no text in quotes
_NEAR = len("-Infinity") + 3
# bytes that are no text stand in the window as these, which no decoded text holds
_RAW_BYTE = re.compile("[\udc80-\udcff]")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """One value and where it begins, or the fault that stands there; `encoding` is the file's."""

    place: Place
    value: T
    encoding: str
    fault: UnfitError | None = None

    def refused(self) -> LineRefusal:
        """The refusal of what stands here: its fault, or that it is no object."""
        reason = (self.fault or UnfitError("json_not_object")).reason
        return LineRefusal(self.place, reason, self.encoding)


Record = Item[dict[str, object] | None]
"""An object, or no value where something else stands."""


def objects_of(source: Source) -> Iterator[Record]:
    """Yield every object of the file, or the fault in its place, in order. What is no object is a
    fault, too (`json_not_object`); an object may be as long as a line of layers."""
    for one in values_of(source):
        if isinstance(one.value, dict):
            yield Item(one.place, one.value, one.encoding)
        else:
            fault = one.fault or UnfitError("json_not_object")
            yield Item(one.place, None, one.encoding, fault)


def values_of(source: Source) -> Iterator[Item[object]]:
    """As `objects_of`, for values of any kind; only the fault tells a null from what was not read.
    An array that begins with a text in quotes is itself a value, as where spaCy writes a text and
    its entities on each line."""
    try:
        encoding = source_encoding(source)
        with source.open() as stream:
            stream.read(encoding.mark)
            yield from _Splitting(source.name, stream, encoding).items()
    except DAMAGED:
        yield Item(Place(source.name, 0, 0), None, "", UnfitError("zip_damaged"))


class _BrokenError(Exception):
    """The bytes that follow are no text, and nothing says where text begins again."""


class _Splitting:
    """A window on the text: read as far as it is needed, forgotten up to `_at` when more is."""

    def __init__(self, name: str, stream: BinaryIO, encoding: Encoding) -> None:
        self._name, self._stream, self._codec = name, stream, encoding.codec
        self._recorded = str(encoding)
        # in wider units all that follows a fault may be out of step
        self._errors = "surrogateescape" if encoding.unit == 1 else "strict"
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(self._errors)
        self._text, self._at = "", 0
        self._ended = False
        self._broken: UnfitError | None = None
        self._line, self._byte, self._read = 1, encoding.mark, encoding.mark

    def items(self) -> Iterator[Item[object]]:
        try:
            yield from self._values()
        except _BrokenError:
            yield self._fault(self._place(), self._broken)

    def _values(self) -> Iterator[Item[object]]:
        in_array = False
        while self._skip():
            if in_array and self._text[self._at] == "]":
                in_array = False
                self._pass(1)
            elif not in_array and self._opens_array():
                in_array = True
                self._pass(1)
            else:
                item, has_end = self._value()
                yield item
                if not has_end and (in_array or not self._to_next_line()):
                    return
        if in_array:
            yield self._fault(self._place(), UnfitError("json_comma"))

    def _opens_array(self) -> bool:
        if self._text[self._at] != "[":
            return False
        while not self._ended and len(self._text) - self._at < _AHEAD:
            self._more(_CHUNK)
        return not _PAIR.match(self._text, self._at)

    def _value(self) -> tuple[Item[object], bool]:
        """The value that begins here, or its fault, and whether its end is known: then the window
        stands behind it."""
        place = self._place()
        try:
            end = self._end()
        except UnfitError as unfit:
            return self._fault(place, unfit), False
        text = self._text[self._at : end]
        self._pass(len(text))
        try:
            self._must_be_text(text, place.byte)
            return Item(place, parse(text), self._recorded), True
        except UnfitError as unfit:
            return self._fault(place, unfit), True

    def _end(self) -> int:
        """Where the value ends that begins here. Each time more of it is needed, twice as much is
        read: the work grows with its length, not with the square."""
        size = _CHUNK
        while True:
            try:
                _, end = _DECODER.raw_decode(self._text, self._at)
                # a number may go on where the window ends
                is_whole = self._text[end - 1] in _CLOSED or end + _NEAR < len(self._text)
                if is_whole or not self._more(self._within_limit(size)):
                    return end
            except json.JSONDecodeError as fault:
                if not self._is_cut(fault) or not self._more(self._within_limit(size)):
                    raise self._syntax(fault.pos) from fault
            except RecursionError as fault:
                raise UnfitError("json_too_deep") from fault
            size *= 2

    def _is_cut(self, fault: json.JSONDecodeError) -> bool:
        """Whether the window may end too early, rather than hold what is no JSON: else a fault in
        the first line would have the rest of the file read."""
        in_quotes = fault.msg.startswith("Unterminated string")
        return in_quotes or fault.pos + _NEAR >= len(self._text)

    def _within_limit(self, size: int) -> int:
        held = self._read - self._byte
        if held > LIMITS.layer_line_bytes:
            raise UnfitError("line_too_long", limit=LIMITS.layer_line_bytes)
        return min(size, LIMITS.layer_line_bytes - held + 1)

    def _syntax(self, at: int) -> UnfitError:
        """What is wrong there, in the words of `jsonl`; nothing behind it matters."""
        end = self._text.find("\n", at)
        try:
            self._must_be_text(self._text[self._at : at + 1], self._byte)
            parse(self._text[self._at : end if end >= 0 else None])
        except UnfitError as unfit:
            return unfit
        return UnfitError("json_syntax")

    def _must_be_text(self, text: str, byte: int) -> None:
        """Raises UnfitError where bytes are no text; `byte` is where they begin."""
        if not _RAW_BYTE.search(text):
            return
        try:
            text.encode(self._codec, self._errors).decode(self._codec)
        except UnicodeDecodeError as fault:
            raise undecodable(fault, self._codec, byte) from fault

    def _skip(self) -> bool:
        """Pass over blanks and commas; whether anything is left."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._pass(len(blank[0]) if blank else 0)
            if self._at < len(self._text):
                return True
            if not self._more(_CHUNK):
                return False

    def _to_next_line(self) -> bool:
        while (end := self._text.find("\n", self._at)) < 0:
            self._pass(len(self._text) - self._at)
            if not self._more(_CHUNK):
                return False
        self._pass(end + 1 - self._at)
        return True

    def _more(self, size: int) -> bool:
        """Whether the window reaches further now. Raises _BrokenError where it cannot."""
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            if text := self._decoded(data):
                self._text = self._text[self._at :] + text
                self._at = 0
                return True
        if self._broken:
            raise _BrokenError
        return False

    def _decoded(self, data: bytes) -> str:
        begin = self._read - len(self._decoder.getstate()[0])
        self._read += len(data)
        try:
            return self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as fault:
            self._ended, self._broken = True, undecodable(fault, self._codec, begin)
            return fault.object[: fault.start].decode(self._codec, self._errors)

    def _pass(self, count: int) -> None:
        gone = self._text[self._at : self._at + count]
        self._line += gone.count("\n")
        self._byte += len(gone.encode(self._codec, self._errors))
        self._at += count

    def _fault(self, place: Place, unfit: UnfitError | None) -> Item[object]:
        return Item(place, None, self._recorded, unfit)

    def _place(self) -> Place:
        return Place(self._name, self._line, self._byte)
