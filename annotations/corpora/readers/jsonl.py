"""JSONL: one JSON object on each line. What JSON leaves open is refused, never guessed."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from annotations.corpora.readers.decoding import Encoding
from annotations.corpora.readers.drafts import (
    ArticleDraft,
    LineRefusal,
    Place,
    Reading,
    UnfitError,
)
from annotations.corpora.readers.fields import draft
from annotations.corpora.readers.lines import Line, lines_of, source_encoding
from annotations.corpora.readers.sources import Source

_SYNTAX = {
    "Unterminated string": "json_unterminated",
    "Invalid control character": "json_control",
    "Invalid \\": "json_escape",
    "Expecting ',' delimiter": "json_comma",
    "Expecting ':' delimiter": "json_colon",
    "Expecting property name": "json_key",
    "Expecting value": "json_value",
}


def read(source: Source) -> Iterator[Reading]:
    """Yield the article of every line that is not blank, or the line's refusal."""
    encoding = source_encoding(source)
    recorded = str(encoding)
    for line in lines_of(source, encoding):
        if line.fault:
            yield line.fault.read_as(recorded)
        elif not line.text.isspace():
            yield _article(source, line, encoding, recorded)


def _article(source: Source, line: Line, encoding: Encoding, recorded: str) -> Reading:
    try:
        return _draft(line, Place(source.name, line.number, line.byte), recorded)
    except UnfitError as unfit:
        byte = line.byte + len(line.text[: unfit.offset].encode(encoding.codec))
        return LineRefusal(Place(source.name, line.number, byte), unfit.reason, recorded)


def _draft(line: Line, place: Place, recorded: str) -> ArticleDraft:
    record = parse(line.text.rstrip("\r\n"))
    if not isinstance(record, dict):
        raise UnfitError("json_not_object")
    return draft(record, place, recorded)


def parse(text: str) -> object:
    """Return the JSON value of `text`. Raises UnfitError at the code point of the fault.

    Refused beside bad syntax: a key given twice, NaN and infinities, numbers that a double cannot
    keep, escapes of half a surrogate pair (by the gate of the field), and bottomless nesting.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as fault:
        raise _syntax(text, fault) from fault
    except RecursionError as fault:
        raise UnfitError("json_too_deep") from fault


def _syntax(text: str, fault: json.JSONDecodeError) -> UnfitError:
    if text.startswith("\ufeff"):
        return UnfitError("json_mark")
    if fault.msg == "Extra data":
        code = "json_carriage_return" if "\r" in text[: fault.pos] else "json_extra"
        return UnfitError(code, fault.pos)
    codes = (code for begin, code in _SYNTAX.items() if fault.msg.startswith(begin))
    return UnfitError(next(codes, "json_syntax"), fault.pos)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        twice, _times = Counter(key for key, _value in pairs).most_common(1)[0]
        raise UnfitError("json_key_twice", key=twice[:40])
    return unique


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as error:
        raise UnfitError("json_number", number=digits[:20]) from error


def _fraction(digits: str) -> float:
    number = float(digits)
    try:
        kept = Decimal(digits) == Decimal(repr(number))
    except ArithmeticError:
        kept = False
    if not kept:
        raise UnfitError("json_number", number=digits[:20])
    return number


def _constant(name: str) -> object:
    raise UnfitError("json_constant", constant=name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
)
