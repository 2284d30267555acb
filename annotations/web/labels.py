"""Labels, attributes and values by their names, as every screen shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotations.schema.naming import named
from annotations.schema.spec import CANNOT_TELL, Attribute, Label


@dataclass(frozen=True, slots=True)
class LabelName:
    """A label as it looks everywhere: its word, its letter, its colour's role."""

    word: str
    letter: str
    colour: str


def label_name(label: Label) -> LabelName:
    return LabelName(named(label.name), label.letter, label.colour)


def value_words(attribute: Attribute) -> dict[str, str]:
    """Return the word for every value that two annotators can agree on or not."""
    if attribute.kind == "bool":
        return {"false": _("no"), "true": _("yes")}
    return {value.key: named(value.name) for value in attribute.values}


def value_name(attribute: Attribute, value: str | bool | None) -> str:
    """The word for what an attribute is set to; None: to nothing. A free text is its own word."""
    if value is None:
        return _("not set")
    if value == CANNOT_TELL:
        return _("cannot tell")
    written = written_value(value)
    return value_words(attribute).get(written, written)


def values_in_words(
    attributes: Sequence[Attribute], values: Mapping[str, str | bool]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the word of every attribute that is set, in the order of the schema."""
    for attribute in attributes:
        if attribute.key in values:
            yield named(attribute.name), value_name(attribute, values[attribute.key])


def written_value(value: str | bool) -> str:
    """A value as forms and tallies write it."""
    return value if isinstance(value, str) else str(value).lower()
