"""What the schema and the text say to what an operation asks for. Pure; all raise Refusal."""

from uuid import UUID

from annotations.schema.spec import Attribute, Label, RelationType
from annotations.spans.layer import Layer, Refusal
from annotations.text.fragments import FragmentError, covered, parse
from annotations.text.words import N_


def label_of(layer: Layer, key: str) -> Label:
    label = layer.spec.label(key)
    if label is None:
        raise Refusal("schema", N_("The schema has no label %(label)s."), label=key)
    return label


def relation_type_of(layer: Layer, key: str) -> RelationType:
    kind = layer.spec.relation(key)
    if kind is None:
        raise Refusal("schema", N_("The schema has no relation %(relation)s."), relation=key)
    return kind


def check_attributes(known: tuple[Attribute, ...], values: dict[str, str | bool]) -> None:
    by_key = {attribute.key: attribute for attribute in known}
    for key, value in values.items():
        if key not in by_key:
            raise Refusal("schema", N_("There is no attribute %(attribute)s here."), attribute=key)
        if not by_key[key].accepts(value):
            raise Refusal(
                "schema",
                N_("The attribute %(attribute)s has no value %(value)s."),
                attribute=key,
                value=value,
            )


def check_entity(layer: Layer, label: Label, entity: UUID | None) -> None:
    if entity is None:
        return
    if not label.entity:
        raise Refusal(
            "schema", N_("A span labelled %(label)s is not linked to entities."), label=label.key
        )
    if entity not in layer.entities:
        raise Refusal("schema", N_("The registry has no such entity."))


def fragments_of(layer: Layer, raw: list[list[int]], text: list[str]) -> list[list[int]]:
    """The fragments, if they can stand and cover the text the client saw."""
    try:
        fragments = parse(raw, len(layer.text))
    except FragmentError as error:
        raise Refusal(
            "fragments", N_("The fragments cannot stand: %(reason)s."), reason=error.reason
        ) from error
    here = covered(layer.text, fragments)
    if list(here) != text:
        raise Refusal(
            "text",
            N_("The text at these offsets is not the text you see. Nothing was changed."),
            {"fragments": [list(pair) for pair in fragments], "text": list(here)},
        )
    if any(not piece.strip() for piece in here):
        raise Refusal("fragments", N_("A fragment holds nothing but spaces."))
    return [list(pair) for pair in fragments]
