"""The value of a JSON text. What JSON leaves open is refused, never guessed."""

import json
from collections import Counter
from decimal import Decimal

from annotations.corpora.readers.drafts import UnfitError

_SYNTAX = {
    "Unterminated string": "json_unterminated",
    "Invalid control character": "json_control",
    "Invalid \\": "json_escape",
    "Expecting ',' delimiter": "json_comma",
    "Expecting ':' delimiter": "json_colon",
    "Expecting property name": "json_key",
    "Expecting value": "json_value",
}


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
