"""Turns a spelled layer into spans with offsets and relations with ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

from annotations.demo import places, spelling
from annotations.demo.misspelled import MisspelledError
from annotations.demo.pages import Line
from annotations.demo.records import DemoLayer, DemoRelation, DemoSpan


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a layer is compiled against: the file, its text, whose pass, the known entities."""

    file: str
    text: str
    scope: str
    entities: Mapping[str, UUID]

    def id(self, *names: str) -> UUID:
        """Return the id of a thing of this layer: the same for the same names, always."""
        return uuid5(NAMESPACE_URL, ":".join(("kutip:demo", self.scope, *names)))


def compile_layer(sheet: Sheet, lines: Sequence[Line]) -> DemoLayer:
    """Return the layer that the lines spell.

    Raises MisspelledError, with file and line, for a line without shape, words that are not in the
    text or in it too often, fragments out of order, and any name that nothing bears.
    """
    spelled = [(line, _read(sheet, line)) for line in lines]
    names = _names(sheet, spelled)
    spans = [_span(sheet, line, one) for line, one in spelled if one.label]
    return DemoLayer(tuple(spans), tuple(_relations(sheet, spelled, names)))


def _read(sheet: Sheet, line: Line) -> spelling.SpelledSpan:
    try:
        return spelling.read(line.text)
    except spelling.UnreadError as unread:
        raise MisspelledError(sheet.file, line.number, str(unread)) from unread


def _names(sheet: Sheet, spelled: Sequence[tuple[Line, spelling.SpelledSpan]]) -> set[str]:
    names: set[str] = set()
    for line, one in spelled:
        if one.name in names:
            raise MisspelledError(sheet.file, line.number, f"a second {one.name} in this layer")
        names.add(one.name)
    return names - {spelling.ARTICLE}


def _span(sheet: Sheet, line: Line, one: spelling.SpelledSpan) -> DemoSpan:
    fragments = _fragments(sheet, line, one)
    return DemoSpan(
        id=sheet.id(one.name),
        label=one.label or "",
        fragments=fragments,
        text=tuple(sheet.text[start:end] for start, end in fragments),
        attributes=one.attributes,
        entity=_entity(sheet, line, one.entity),
    )


def _fragments(sheet: Sheet, line: Line, one: spelling.SpelledSpan) -> tuple[tuple[int, int], ...]:
    try:
        found = tuple(places.find(sheet.text, place) for place in one.places)
    except places.UnplacedError as unplaced:
        raise MisspelledError(sheet.file, line.number, str(unplaced)) from unplaced
    if any(left[1] >= right[0] for left, right in pairwise(found)):
        raise MisspelledError(
            sheet.file, line.number, "fragments touch, overlap or are out of order"
        )
    return found


def _entity(sheet: Sheet, line: Line, key: str | None) -> UUID | None:
    if key is None:
        return None
    if key not in sheet.entities:
        raise MisspelledError(sheet.file, line.number, f"no entity {key} in the registry")
    return sheet.entities[key]


def _relations(
    sheet: Sheet, spelled: Sequence[tuple[Line, spelling.SpelledSpan]], names: set[str]
) -> list[DemoRelation]:
    relations: list[DemoRelation] = []
    for line, one in spelled:
        for type_, target in one.relations:
            to_span, to_entity = _end(sheet, line, target, names)
            relations.append(
                DemoRelation(
                    id=sheet.id(one.name, type_, target),
                    type=type_,
                    from_span=sheet.id(one.name) if one.label else None,
                    to_span=to_span,
                    to_entity=to_entity,
                )
            )
    return relations


def _end(sheet: Sheet, line: Line, target: str, names: set[str]) -> tuple[UUID | None, UUID | None]:
    if target.startswith("@"):
        return None, _entity(sheet, line, target[1:])
    if target not in names:
        raise MisspelledError(sheet.file, line.number, f"no span {target} in this layer")
    return sheet.id(target), None
