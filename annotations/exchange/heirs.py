"""What merged entities of a line go on as. Pure.

A line says of each span which entity its annotator linked, and of that entity where it went
(`merged_into`, ADR 17). Whatever counts or names entities wants the one at the end of that way.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from annotations.exchange.records import EndRecord, EntityRecord, LayerRecord, Line, RelationRecord
from annotations.exchange.settlements import standing

K = TypeVar("K", bound=Hashable)


class Circle(ValueError):
    """What an entity was merged into was merged into it."""


def pointers(entities: Iterable[EntityRecord]) -> dict[str, str]:
    """By the id of each that was merged, the id of the one it was merged into."""
    return {one.id: one.merged_into for one in entities if one.merged_into is not None}


def last_heirs(into: Mapping[str, str]) -> dict[str, str]:
    """By each that was merged, the one it goes on as; each pointer is followed once. Raises
    Circle."""
    found: dict[str, str] = {}
    for one in into:
        at, way = one, dict[str, None]()
        while at in into and at not in found:
            if at in way:
                raise Circle(at)
            way[at] = None
            at = into[at]
        found.update(dict.fromkeys(way, found.get(at, at)))
    return found


def with_heirs(linked: Iterable[K], into: Mapping[K, K]) -> set[K]:
    """These entities, and all that they were merged into on the way to the last."""
    found: set[K] = set()
    for one in linked:
        at: K | None = one
        while at is not None and at not in found:
            found.add(at)
            at = into.get(at)
    return found


def going_on(line: Line) -> Line:
    """The line with the entities that go on: none that was merged stands in it. The line itself
    where none was. A settlement tells nothing of a relation that is gone. Raises Circle."""
    heirs = last_heirs(pointers(line.entities))
    if not heirs:
        return line
    return replace(
        line,
        entities=[one for one in line.entities if one.id not in heirs],
        layers=standing(moved(line.layers, heirs)),
    )


def moved(layers: Sequence[LayerRecord], heirs: Mapping[str, str]) -> Sequence[LayerRecord]:
    """The layers with links to heirs. Where one thing is related to two that are one now, it is so
    once: by the relation that stands first."""
    if not heirs:
        return layers
    return [
        replace(
            layer,
            relations=_moved_relations(layer.relations, heirs),
            spans=[
                replace(span, entity=heirs[span.entity])
                if span.entity is not None and span.entity in heirs
                else span
                for span in layer.spans
            ],
        )
        for layer in layers
    ]


def _moved_relations(
    relations: Sequence[RelationRecord], heirs: Mapping[str, str]
) -> list[RelationRecord]:
    found: dict[object, RelationRecord] = {}
    for one in relations:
        entity = one.target.entity
        if entity is None:
            found[one.id] = one
            continue
        if entity in heirs:
            one = replace(one, target=EndRecord(entity=heirs[entity]))
        found.setdefault((one.type, one.source.span, one.target.entity), one)
    return [*found.values()]
