"""Which encoding a file is in, and its text, code point for code point.

A byte order mark decides; else strict UTF-8; else, when the file holds more bytes that UTF-8
cannot explain than characters it can, an eight-bit encoding is guessed, and said to be guessed.
"""

import codecs
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from annotations.corpora.readers.drafts import UnfitError

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHUNK = 1_048_576
_SAMPLE = 65_536
# what is left of a quotation mark, an emoji or a letter with an accent when UTF-8 is cut
_CUT = re.compile(rb"(?:\xe2\x80|\xf0\x9f[\x80-\xbf]?|[a-z][\xc2\xc3])(?![\x80-\xbf])")
_HIGH = re.compile(rb"[\x80-\xff]")
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Western texts have accents on far fewer of their letters
_MOSTLY_HIGH = 0.3
_ENOUGH_HIGH = 20

# what a user may name where guessing is not enough
NAMED = (
    *("utf-8", "utf-16-le", "utf-16-be", "latin-1", "iso8859-15"),
    *(f"windows-{page}" for page in range(1250, 1259)),
    *("cp874", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "koi8-r"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec, whether a byte order mark stood before the text, and whether it was guessed."""

    codec: str
    bom: bool = False
    guessed: bool = False

    def __str__(self) -> str:
        notes = [self.codec, *["bom"] * self.bom, *["guessed"] * self.guessed]
        return " ".join(notes)

    @property
    def mark(self) -> int:
        """The number of bytes the byte order mark takes."""
        return len("\ufeff".encode(self.codec)) if self.bom else 0

    @property
    def unit(self) -> int:
        """The bytes of a code unit: 2 or 4 where a newline is more than one byte."""
        return {"utf-16": 2, "utf-32": 4}.get(self.codec[:6], 1)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A whole text, the codec that gave it, and whether a byte order mark was taken off."""

    text: str
    encoding: Encoding

    @property
    def bom(self) -> bool:
        return self.encoding.bom


def decode(data: bytes, named: str | None = None) -> Decoded:
    """Return the text of `data` with every code point kept, CR and LF too.

    Raises UnfitError when bytes do not belong to the encoding; its offset is then in bytes.
    """
    encoding = encoding_of(io.BytesIO(data), named)
    try:
        return Decoded(data[encoding.mark :].decode(encoding.codec), encoding)
    except UnicodeDecodeError as fault:
        raise undecodable(fault, encoding.codec, encoding.mark) from fault


def undecodable(fault: UnicodeDecodeError, codec: str, base: int) -> UnfitError:
    """Return `fault` as a refusal at its byte, `base` bytes after where decoding began."""
    shown = " ".join(f"{byte:02X}" for byte in fault.object[fault.start : fault.start + 4])
    code = "cut_character" if fault.reason in _CUT_SHORT else "undecodable"
    return UnfitError(code, base + fault.start, bytes=shown, encoding=codec.upper())


_CUT_SHORT = {"unexpected end of data", "truncated data"}


def encoding_of(stream: BinaryIO, named: str | None = None) -> Encoding:
    """Return the encoding of all that `stream` holds, reading in constant memory.

    A byte order mark is certain and wins over the `named` encoding, which wins over detection.
    """
    head = stream.read(_CHUNK)
    mark = next((codec for bom, codec in _MARKS if head.startswith(bom)), None)
    if mark is not None:
        return Encoding(mark, bom=True)
    if named is not None:
        return Encoding(named)
    wide = _without_mark(head[:_SAMPLE])
    if wide is not None:
        return Encoding(wide, guessed=True)
    if _is_utf8(head, stream):
        return Encoding("utf-8")
    stream.seek(0)
    return _weigh(iter(lambda: stream.readline(_SAMPLE), b""))


def _without_mark(head: bytes) -> str | None:
    """Return UTF-16 when every other byte is NUL as in mostly Latin text, else None."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    few, many = sorted((even, odd))
    if many * 2 < len(head) * 0.7 or few * 50 > many or not many:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(chunk: bytes, rest: BinaryIO) -> bool:
    """Whether the first chunk with anything beyond ASCII is UTF-8; True for a file of ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk:
            if not decoder.decode(chunk).isascii():
                return True
            chunk = rest.read(_CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _weigh(lines: Iterable[bytes]) -> Encoding:
    """Return UTF-8 (with faults) or an eight-bit guess.

    One line of UTF-8 outweighs ten others: a refused line can be mended, a text that was
    silently misread is not even noticed.
    """
    utf8 = other = 0
    sample = bytearray()
    for line in lines:
        if line.isascii():
            continue
        if len(sample) < _SAMPLE:
            sample += line
        speaks = _speaks_utf8(line)
        utf8 += speaks
        other += not speaks
    if utf8 * 10 >= other:
        return Encoding("utf-8")
    return Encoding(_eight_bit(bytes(sample)), guessed=True)


def _speaks_utf8(line: bytes) -> bool:
    """Whether UTF-8 explains more of the line's high bytes than it leaves unexplained."""
    understood = line.decode("utf-8", "ignore")
    explained = len(understood.encode()) - len(understood)
    faults = line.decode("utf-8", "replace").count("\ufffd") - understood.count("\ufffd")
    return explained + 2 * len(_CUT.findall(line)) > faults


def _eight_bit(sample: bytes) -> str:
    """Return the likeliest legacy encoding: the Western one unless most letters are not Latin."""
    high = len(_HIGH.findall(sample))
    if high > max(_ENOUGH_HIGH, _MOSTLY_HIGH * len(sample)):
        best = from_bytes(sample).best()
        if best is not None and not best.encoding.startswith(("ascii", "utf")):
            return best.encoding
    return "latin-1" if _UNDEFINED_1252.search(sample) else "windows-1252"
