"""The JSON objects of a file, one after the other: of an array, of lines, or simply in a row.

A file of any size is read in constant memory: only one object is held at a time. What JSON leaves
open is refused as in `jsonl`; after a fault in an array nothing says where the next object begins,
but in a file of lines the next line does.
"""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from annotations.corpora.readers.decoding import Encoding, undecodable
from annotations.corpora.readers.drafts import Place, UnfitError
from annotations.corpora.readers.jsonl import parse
from annotations.corpora.readers.lines import source_encoding
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

_CHUNK = 262_144
_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Item:
    """One object and where it begins, or the fault that stands there; `encoding` is the file's."""

    place: Place
    value: dict[str, object] | None
    encoding: str
    fault: UnfitError | None = None


def objects_of(source: Source) -> Iterator[Item]:
    """Yield every object of the file, or the fault in its place, in order. What is no object is a
    fault, too (`json_not_object`); an object may be as long as a line of layers."""
    encoding = source_encoding(source)
    with source.open() as stream:
        stream.read(encoding.mark)
        yield from _Splitting(source.name, stream, encoding).items()


class _Splitting:
    """A text that is read as far as it is needed, and forgotten behind the last object."""

    def __init__(self, name: str, stream: BinaryIO, encoding: Encoding) -> None:
        self._name, self._stream, self._codec = name, stream, encoding.codec
        self._recorded = str(encoding)
        self._decoder = codecs.getincrementaldecoder(encoding.codec)()
        self._text = ""
        self._ended = False
        self._line, self._byte = 1, encoding.mark

    def items(self) -> Iterator[Item]:
        try:
            in_array = self._opens_array()
            while self._skip(_BLANK + ","):
                if self._text[0] == "]" and in_array:
                    return
                item = self._item()
                yield item
                if item.fault and (in_array or not self._to_next_line()):
                    return
        except UnicodeDecodeError as fault:
            unfit = undecodable(fault, self._codec, self._byte)
            yield Item(self._place(), None, self._recorded, unfit)

    def _opens_array(self) -> bool:
        if not self._skip(_BLANK) or self._text[0] != "[":
            return False
        self._forget(1)
        return True

    def _item(self) -> Item:
        place = self._place()
        try:
            end = self._end()
            value = parse(self._text[:end])
            self._forget(end)
            if not isinstance(value, dict):
                raise UnfitError("json_not_object")
        except UnfitError as unfit:
            return Item(place, None, self._recorded, unfit)
        return Item(place, value, self._recorded)

    def _end(self) -> int:
        """Where the value ends that begins here. Each time more of it is needed, twice as much is
        read: the work grows with its length, not with the square."""
        size = _CHUNK
        while True:
            try:
                _, end = _DECODER.raw_decode(self._text)
                if end < len(self._text) or not self._more(_CHUNK):
                    return end
            except json.JSONDecodeError as fault:
                if len(self._text) > LIMITS.layer_line_bytes:
                    raise UnfitError("line_too_long", limit=LIMITS.layer_line_bytes) from fault
                if not self._more(size):
                    parse(self._text.split("\n", 1)[0])
                    raise UnfitError("json_syntax") from fault
                size *= 2
            except RecursionError as fault:
                raise UnfitError("json_too_deep") from fault

    def _skip(self, characters: str) -> bool:
        """Pass over these; whether anything is left."""
        while True:
            left = self._text.lstrip(characters)
            self._forget(len(self._text) - len(left))
            if left:
                return True
            if not self._more(_CHUNK):
                return False

    def _to_next_line(self) -> bool:
        while "\n" not in self._text:
            self._forget(len(self._text))
            if not self._more(_CHUNK):
                return False
        self._forget(self._text.index("\n") + 1)
        return True

    def _more(self, size: int) -> bool:
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            text = self._decoder.decode(data, final=self._ended)
            self._text += text
            if text:
                return True
        return False

    def _forget(self, count: int) -> None:
        gone = self._text[:count]
        self._line += gone.count("\n")
        self._byte += len(gone.encode(self._codec))
        self._text = self._text[count:]

    def _place(self) -> Place:
        return Place(self._name, self._line, self._byte)
