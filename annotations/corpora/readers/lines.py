"""Lines of a file, each with its number and byte. Only LF ends a line: U+2028 stays inside one."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from annotations.corpora.readers.decoding import Encoding, encoding_of, undecodable
from annotations.corpora.readers.drafts import LineRefusal, UnfitError
from annotations.corpora.readers.sources import Source
from annotations.limits import LIMITS

_CHUNK = 1_048_576


@dataclass(frozen=True, slots=True)
class Line:
    """`text` with its ending; `number` from 1, `byte` from 0.

    With a `fault` the text is only a hint (replacement characters, or nothing when too long).
    """

    number: int
    byte: int
    text: str
    fault: LineRefusal | None = None


def lines_of(source: Source, encoding: Encoding) -> Iterator[Line]:
    """Yield every line in order, in constant memory."""
    with source.open() as stream:
        stream.read(encoding.mark)
        read = _wide_lines if encoding.unit > 1 else _narrow_lines
        yield from read(source, encoding, stream)


def source_encoding(source: Source) -> Encoding:
    """Return the encoding of the file; reads all of it once."""
    with source.open() as stream:
        return encoding_of(stream, source.encoding)


def _narrow_lines(source: Source, encoding: Encoding, stream: BinaryIO) -> Iterator[Line]:
    number, byte = 0, encoding.mark
    while data := stream.readline(LIMITS.line_bytes + 1):
        number += 1
        if len(data) > LIMITS.line_bytes:
            yield _too_long(source, number, byte)
            byte += _skip_line(stream, data)
        else:
            yield _line(source, encoding, number, byte, data)
        byte += len(data)


def _line(source: Source, encoding: Encoding, number: int, byte: int, data: bytes) -> Line:
    try:
        return Line(number, byte, data.decode(encoding.codec))
    except UnicodeDecodeError as fault:
        unfit = undecodable(fault, encoding.codec, byte)
        return _faulty(source, unfit, number, byte, data.decode(encoding.codec, "replace"))


def _faulty(source: Source, unfit: UnfitError, number: int, byte: int, text: str) -> Line:
    return Line(number, byte, text, source.refused(unfit.reason, line=number, byte=unfit.offset))


def _too_long(source: Source, number: int, byte: int) -> Line:
    unfit = UnfitError("line_too_long", byte, limit=LIMITS.line_bytes)
    return _faulty(source, unfit, number, byte, "")


def _skip_line(stream: BinaryIO, data: bytes) -> int:
    """Read up to the end of the line that `data` began, and return the bytes that were left."""
    skipped = 0
    while data and not data.endswith(b"\n"):
        data = stream.readline(_CHUNK)
        skipped += len(data)
    return skipped


def _wide_lines(source: Source, encoding: Encoding, stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of UTF-16 or UTF-32. A fault ends the file: the units may be out of step."""
    number, byte, pending = 1, encoding.mark, ""
    try:
        for decoded in _decoded(encoding, stream):
            *whole, pending = (pending + decoded).split("\n")
            for text in whole:
                yield Line(number, byte, text + "\n")
                number, byte = number + 1, byte + len((text + "\n").encode(encoding.codec))
            if len(pending) * encoding.unit > LIMITS.line_bytes:
                yield _too_long(source, number, byte)
                return
    except UnfitError as unfit:
        yield _faulty(source, unfit, number, byte, pending)
        return
    if pending:
        yield Line(number, byte, pending)


def _decoded(encoding: Encoding, stream: BinaryIO) -> Iterator[str]:
    """Yield the text by chunks, the last one up to the fault. Raises UnfitError at its byte."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    byte, final = encoding.mark, False
    while not final:
        chunk = stream.read(_CHUNK)
        final = not chunk
        waiting = len(decoder.getstate()[0])
        try:
            yield decoder.decode(chunk, final)
        except UnicodeDecodeError as fault:
            yield fault.object[: fault.start].decode(encoding.codec)
            raise undecodable(fault, encoding.codec, byte - waiting) from fault
        byte += len(chunk)
