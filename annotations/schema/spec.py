"""The definition of a schema version, as data. Pure: JSON in, typed records out."""

import functools
from importlib import resources
from typing import Literal

import msgspec

Name = dict[str, str]
"""A display name by language; "en" is always there."""

CANNOT_TELL = "?"
"""The value every choice offers: the annotator looked and could not tell. Missing in agreement."""

Line = Literal["solid", "double", "dashed", "dotted", "thick", "wavy"]
Severity = Literal["E", "W", "I"]


class SpecError(ValueError):
    """A schema definition that cannot be used; the message says where and why."""


class Value(msgspec.Struct, frozen=True):
    key: str
    name: Name


class Attribute(msgspec.Struct, frozen=True):
    key: str
    kind: Literal["choice", "ordinal", "bool", "text"]
    name: Name
    required: bool = False
    values: tuple[Value, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether `value` may be stored: a value's key or "?", a boolean, or a text."""
        if self.kind == "bool":
            return isinstance(value, bool)
        if not isinstance(value, str):
            return False
        if self.kind == "text":
            return 0 < len(value) <= 2_000
        return value == CANNOT_TELL or any(v.key == value for v in self.values)


class Label(msgspec.Struct, frozen=True):
    key: str
    name: Name
    shortcut: str
    letter: str
    colour: str
    line: Line
    entity: bool = False
    guideline: Name = {}
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, key: str) -> Attribute | None:
        return next((a for a in self.attributes if a.key == key), None)


class RelationType(msgspec.Struct, frozen=True, rename={"sources": "from", "targets": "to"}):
    """`min` and `max` count the relations of this type from one span; null is no limit."""

    key: str
    name: Name
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    from_article: bool = False
    to_entity: bool = False
    min: int = 0
    max: int | None = None
    acyclic: bool = False
    inside: bool = False
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, key: str) -> Attribute | None:
        return next((a for a in self.attributes if a.key == key), None)


class Constraint(msgspec.Struct, frozen=True):
    code: str
    severity: Severity


class Spec(msgspec.Struct, frozen=True):
    key: str
    version: str
    name: Name
    labels: tuple[Label, ...]
    relations: tuple[RelationType, ...]
    constraints: tuple[Constraint, ...] = ()
    entity_types: tuple[Value, ...] = ()

    def label(self, key: str) -> Label | None:
        return next((label for label in self.labels if label.key == key), None)

    def relation(self, key: str) -> RelationType | None:
        return next((relation for relation in self.relations if relation.key == key), None)


def parse(document: object) -> Spec:
    """The schema that a decoded JSON document defines. Refuses (SpecError) unknown shapes,
    repeated keys and relations that name a label the schema does not have."""
    try:
        spec = msgspec.convert(document, Spec)
    except msgspec.ValidationError as error:
        raise SpecError(str(error)) from error
    _refuse_repeats("label", [label.key for label in spec.labels])
    _refuse_repeats("shortcut", [label.shortcut for label in spec.labels])
    _refuse_repeats("relation", [relation.key for relation in spec.relations])
    for label in spec.labels:
        _refuse_repeats(f"attribute of {label.key}", [a.key for a in label.attributes])
    known = {label.key for label in spec.labels}
    for relation in spec.relations:
        for key in (*relation.sources, *relation.targets):
            if key not in known:
                raise SpecError(
                    f"relation {relation.key} names the label {key}, which is not there"
                )
    return spec


def _refuse_repeats(what: str, keys: list[str]) -> None:
    for key in keys:
        if not key:
            raise SpecError(f"a {what} has an empty key")
        if keys.count(key) > 1:
            raise SpecError(f"the {what} {key} is there twice")


@functools.cache
def builtin_document(name: str = "atribusi-1.0") -> dict[str, object]:
    """The JSON document of a schema that comes with the product."""
    source = resources.files("annotations.schema") / "builtin" / f"{name}.json"
    document: dict[str, object] = msgspec.json.decode(source.read_bytes())
    return document
