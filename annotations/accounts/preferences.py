"""PURE. What a person sets for themselves: how pages look, how articles read, which keys do what.

Kept as JSON with the account. What comes in is checked strictly and refused with a sentence;
what is stored and no longer fits (an older release wrote it) reads as its default.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from annotations.accounts.bindings import BINDINGS
from annotations.text.gate import refuse_line
from annotations.text.words import N_

MOST_KEYS = 8
NOTATION_LENGTH = 40  # code points

Theme = Literal["auto", "light", "dark", "sepia", "contrast"]
Notation = Annotated[str, Meta(min_length=1, max_length=NOTATION_LENGTH)]

# "Mod+Shift+z", "Alt+[", "?", "Shift+PageDown": modifiers in this order, then a key without spaces
_NOTATION = re.compile(r"(?:Mod\+)?(?:Alt\+)?(?:Shift\+)?(?:\+|[^\s+]+)")


class Refused(ValueError):
    """A preference that cannot be. `message` and `details` are a sentence for the person, in the
    source language: the doors translate it."""

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message % details)
        self.message, self.details = message, details


class Preferences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's. `keys` holds, by the id of a binding, the notations that replace its own."""

    theme: Theme = "auto"
    font_size: Annotated[int, Meta(ge=1, le=5)] = 3
    line_length: Literal["narrow", "normal", "wide"] = "normal"
    line_spacing: Literal["close", "normal", "open"] = "normal"
    typeface: Literal["serif", "sans"] = "serif"
    motion: Literal["system", "reduced"] = "system"
    badges: bool = True
    single_keys: bool = True
    hide_names: bool = False
    keys: dict[str, Annotated[list[Notation], Meta(max_length=MOST_KEYS)]] = {}


FIELDS = {field.name: field for field in msgspec.structs.fields(Preferences)}
DEFAULTS = Preferences()


def read(stored: object) -> Preferences:
    """Return the preferences as they are kept; what does not fit there is as if never chosen."""
    if not isinstance(stored, Mapping):
        return DEFAULTS
    told = {name: value for name, value in stored.items() if _fits(name, value)}
    if isinstance(keys := stored.get("keys"), Mapping):
        told["keys"] = {name: own for name, own in keys.items() if _fits("keys", {name: own})}
    return Preferences(**told)


def merged(before: Preferences, changes: object, *, lax: bool = False) -> Preferences:
    """Return `before` with these changes; null gives a preference back its default.

    Refused (and nothing of it counts): anything but an object, an unknown name, a value that
    does not fit. `lax` also takes numbers and truth as text, as forms send them.
    """
    if not isinstance(changes, Mapping):
        raise Refused(N_("Preferences are sent as an object of names and values."))
    told = {name: _changed(name, value, lax=lax) for name, value in changes.items()}
    return msgspec.structs.replace(before, **told)


def kept(preferences: Preferences) -> dict[str, Any]:
    """Return what is worth keeping of them: what differs from the defaults."""
    every = msgspec.structs.asdict(preferences)
    return {name: value for name, value in every.items() if value != getattr(DEFAULTS, name)}


def _fits(name: str, value: object) -> bool:
    try:
        return name in FIELDS and _fitting(name, value) is not None
    except Refused:
        return False


def _changed(name: object, value: object, *, lax: bool) -> Any:
    if name not in FIELDS:
        raise Refused(N_("There is no preference “%(name)s”."), name=_shown(name))
    return (
        _fitting(str(name), value, lax=lax) if value is not None else getattr(DEFAULTS, str(name))
    )


def _fitting(name: str, value: object, *, lax: bool = False) -> Any:
    try:
        fitting = msgspec.convert(value, FIELDS[name].type, strict=not lax)
    except msgspec.ValidationError as error:
        raise Refused(
            N_("“%(value)s” is no value of the preference “%(name)s”."),
            value=_shown(value),
            name=name,
        ) from error
    if name == "keys":
        _check_keys(fitting)
    return fitting


def _check_keys(keys: Mapping[str, list[str]]) -> None:
    for binding, notations in keys.items():
        if binding not in BINDINGS:
            raise Refused(N_("There is no key to choose for “%(name)s”."), name=_shown(binding))
        for notation in notations:
            if not _NOTATION.fullmatch(notation) or refuse_line(notation):
                raise Refused(N_("“%(key)s” is no key."), key=_shown(notation))


def _shown(value: object) -> str:
    """Return the value, short and printable, for a sentence about it."""
    text = value if isinstance(value, str) else repr(value)
    return "".join(one if one.isprintable() else "�" for one in text[:60])
