"""What can be chosen of how a format is written: a frozen dataclass, read from words.

A field of a `StrEnum` is one of its values, of `Number` a whole number within bounds, of `bool` yes or
no, of `date | None` a day or nothing. Every field has a default. What does not go together its
`__post_init__` refuses (BadOption).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, get_args, get_type_hints

YES, NO = "yes", "no"


class Wrong(StrEnum):
    """Why a choice is refused."""

    UNKNOWN = "unknown"
    VALUE = "value"
    NUMBER = "number"
    DAY = "day"
    ONE_MODE = "one-mode"
    TWO_MODE = "two-mode"
    COMBINED = "combined"
    KERNEL = "kernel"
    TIME = "time"


class BadOption(ValueError):
    """The option `key` cannot be `given`; `known` is what it, or the format, could have."""

    def __init__(self, wrong: Wrong, key: str, given: str = "", known: Sequence[str] = ()) -> None:
        super().__init__(f"{key}={given}: {wrong}")
        self.wrong, self.key, self.given, self.known = wrong, key, given, known


@dataclass(frozen=True, slots=True)
class Between:
    """The bounds of a whole number, both included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `values` are all there are, or none where it is a number or a day."""

    key: str
    default: Any
    values: tuple[str, ...] = ()
    between: Between | None = None

    def read(self, raw: str) -> object:
        """Raises BadOption."""
        if self.between:
            return self._number(raw, self.between)
        if not self.values:
            return self._day(raw)
        if raw not in self.values:
            raise BadOption(Wrong.VALUE, self.key, raw, self.values)
        return raw == YES if isinstance(self.default, bool) else type(self.default)(raw)

    def word(self, value: Any) -> str:
        """The value as it is given: ``read(word(value)) == value``."""
        if isinstance(value, bool):
            return YES if value else NO
        return "" if value is None else str(value)

    def _number(self, raw: str, between: Between) -> int:
        plain = raw.isascii() and raw.isdigit() and len(raw) <= 9
        if not plain or not between.least <= int(raw) <= between.most:
            known = (str(between.least), str(between.most))
            raise BadOption(Wrong.NUMBER, self.key, raw, known)
        return int(raw)

    def _day(self, raw: str) -> date | None:
        if not raw:
            return None
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            raise BadOption(Wrong.DAY, self.key, raw) from None
        if str(day) != raw:
            raise BadOption(Wrong.DAY, self.key, raw)
        return day


@dataclass(frozen=True, slots=True)
class Options:
    """What a writer offers: the dataclass of its choices, and how it writes with one (the keyword
    `choices`)."""

    chosen: type[Any]
    write: Callable[..., Iterator[bytes]]

    def of(self, words: Mapping[str, str]) -> Any:
        """The choices that the words say, the rest by default. Raises BadOption for an unknown option
        or value, or what does not go together."""
        known = options_of(self.chosen)
        read: dict[str, Any] = {}
        for key, raw in words.items():
            if key not in known:
                raise BadOption(Wrong.UNKNOWN, key, raw, tuple(known))
            read[key.replace("-", "_")] = known[key].read(raw)
        return self.chosen(**read)


def words_of(choices: Any) -> dict[str, str]:
    """All choices as words, in the order of the fields."""
    known = options_of(type(choices))
    return {key: known[key].word(getattr(choices, key.replace("-", "_"))) for key in known}


def options_of(chosen: type[Any]) -> Mapping[str, Option]:
    """The options of a dataclass, by key: the names of its fields, with hyphens."""
    return {option.key: option for option in _options(chosen)}


def _options(chosen: type[Any]) -> Iterator[Option]:
    hints = get_type_hints(chosen, include_extras=True)
    for field in fields(chosen):
        key, default = field.name.replace("_", "-"), field.default
        hint = hints[field.name]
        if isinstance(default, bool):
            yield Option(key, default, (NO, YES))
        elif isinstance(default, StrEnum):
            yield Option(key, default, tuple(type(default)))
        elif isinstance(default, int):
            yield Option(key, default, between=get_args(hint)[1])
        else:
            yield Option(key, default)
