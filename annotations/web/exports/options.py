"""The choices of a format as a form shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from annotations.exchange.converting import Writer
from annotations.exchange.writers.options import Between, Option, options_of
from annotations.web.exports.option_names import GROUPS, OPTIONS, VALUES


@dataclass(frozen=True, slots=True)
class Value:
    """A value that can be chosen, and whether it is."""

    word: str
    name: str | Promise
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice and what stands in it. `values` are all there are; without any it is a number
    (`between`) or a day."""

    key: str
    name: str | Promise
    word: str
    values: Sequence[Value]
    between: Between | None


@dataclass(frozen=True, slots=True)
class Group:
    """Choices that belong together."""

    name: str | Promise
    choices: Sequence[Choice]


def groups_of(writer: Writer, asked: Mapping[str, str]) -> list[Group]:
    """The choices of the format with what was asked for in them, also where that was refused."""
    return list(_groups(options_of(writer.options.chosen), asked)) if writer.options else []


def _groups(options: Mapping[str, Option], asked: Mapping[str, str]) -> Iterator[Group]:
    for name, keys in GROUPS:
        choices = [_choice(options[key], asked) for key in keys if key in options]
        if choices:
            yield Group(name, choices)


def _choice(option: Option, asked: Mapping[str, str]) -> Choice:
    word = asked.get(option.key, option.word(option.default))
    values = [Value(one, VALUES[option.key][one], one == word) for one in option.values]
    return Choice(option.key, OPTIONS[option.key], word, values, option.between)
