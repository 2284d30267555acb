"""UIMA JSON CAS: a list of the structures of the CAS, `@` before each feature that leads to one."""

from collections.abc import Mapping
from typing import Any

from annotations.corpora.readers.drafts import Place
from annotations.corpora.readers.objects import Record
from annotations.exchange.formats.annotated import Loss, Value, lost
from annotations.exchange.formats.uima_cas import (
    LISTS,
    MOST_STRUCTURES,
    Cas,
    Structure,
    joined,
)

ENDINGS = (".json",)
STRUCTURES = "%FEATURE_STRUCTURES"
_OTHERS = ("@sofa", "begin", "end", "^begin", "^end")
_MARKS = "#^"
"""Before numbers that JSON cannot write, and before places."""


def cas_of(item: Record, losses: list[Loss]) -> Cas | None:
    """The CAS of an object; None where it is none."""
    given = (item.value or {}).get(STRUCTURES)
    if not isinstance(given, list):
        return None
    cas = Cas(item.encoding)
    for fields in given[:MOST_STRUCTURES]:
        one = _structure(fields, item.place) if isinstance(fields, dict) else None
        if one is None or one.id in cas.structures:
            losses.append(lost(item.place, "uima_odd", structure=str(fields)[:60]))
        elif one.type == "uima.cas.Sofa":
            cas.texts[one.id] = str(one.values.get("sofaString", ""))
        else:
            cas.structures[one.id] = one
    if len(given) > MOST_STRUCTURES:
        losses.append(lost(item.place, "uima_more", limit=MOST_STRUCTURES))
    return cas


def _structure(fields: Mapping[str, Any], place: Place) -> Structure | None:
    id, type = fields.get("%ID"), fields.get("%TYPE")
    if not isinstance(id, int | str) or not isinstance(type, str):
        return None
    begin, end = (_number(fields.get(side, fields.get(f"^{side}"))) for side in ("begin", "end"))
    one = Structure(str(id), type, place, _id(fields.get("@sofa")), begin, end)
    for name, value in fields.items():
        if name.startswith("@") and name != "@sofa":
            ids = value if isinstance(value, list) else [value]
            if found := [_id(id) for id in ids if isinstance(id, int | str)]:
                one.references[name[1:]] = found
        elif name[:1] != "%" and name not in _OTHERS and (said := _value(value)) is not None:
            one.values[name.lstrip(_MARKS)] = said
    _elements(one, fields.get("%ELEMENTS"))
    return one


def _elements(one: Structure, given: object) -> None:
    """What an array holds: ids of structures, or values."""
    if not isinstance(given, list):
        return
    if one.type in LISTS:
        one.words = joined([str(word) for word in given if not isinstance(word, list | dict)])
    else:
        one.elements = [_id(id) for id in given if isinstance(id, int | str)]


def _value(given: object) -> Value | None:
    """What a feature says; None where it says nothing."""
    if isinstance(given, bool):
        return given
    if isinstance(given, int | float | str):
        return str(given) or None
    if isinstance(given, list):
        return joined([str(word) for word in given if not isinstance(word, list | dict)])
    return None


def _number(given: object) -> int | None:
    fits = isinstance(given, int) and not isinstance(given, bool) and abs(given) < 1_000_000_000
    return given if fits and isinstance(given, int) else None


def _id(given: object) -> str:
    return "" if given is None else str(given)
