"""What annotators' layers say of what was settled, each version once; each kind of row read at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from annotations.assignments.models import Assignment
from annotations.spans import images
from annotations.spans.remarks import Member
from annotations.spans.requests import RelationImage, SpanImage

_WANTED = "unnest(%(layers)s::bigint[], %(ids)s::uuid[]) AS w (layer, id)"
_SPANS = f"""
SELECT s.assignment_id, {images.SPAN_COLUMNS} FROM span s
  JOIN label l ON l.id = s.label_id LEFT JOIN entity e ON e.id = s.entity_id
  JOIN {_WANTED} ON s.assignment_id = w.layer AND s.id = w.id"""
_RELATIONS = f"""
SELECT r.assignment_id, {images.RELATION_COLUMNS} FROM relation r
  JOIN relation_type k ON k.id = r.type_id LEFT JOIN entity e ON e.id = r.to_entity_id
  JOIN {_WANTED} ON r.assignment_id = w.layer AND r.id = w.id"""

Key = tuple[int, UUID]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A relation of a layer with its ends, as far as they are spans."""

    relation: RelationImage
    source: SpanImage | None
    target: SpanImage | None


@dataclass(frozen=True, slots=True)
class Version:
    """What the layers of these annotators have: spans, or relations. Of gold nobody is named."""

    annotators: Sequence[str]
    spans: Sequence[SpanImage] = ()
    relations: Sequence[Drawn] = ()


class Versions:
    """The versions of what some members of layers are. Three queries, fewer where there are none;
    what a layer has no more is told as it was."""

    def __init__(self, members: Collection[Member]) -> None:
        relations = _fetched(_RELATIONS, {(m.layer, m.relation) for m in members if m.relation})
        drawn = ((layer, images.relation_image(tuple(row))[0]) for layer, *row in relations)
        self._relations = {(layer, relation.id): relation for layer, relation in drawn}
        wanted = {(m.layer, m.span) for m in members if m.span} | set(self._ends())
        spans = (
            (layer, images.span_image(tuple(row))[0]) for layer, *row in _fetched(_SPANS, wanted)
        )
        self._spans = {(layer, span.id): span for layer, span in spans}
        self._names = _annotators({member.layer for member in members})

    def name(self, layer: int | None) -> str:
        """Who made this layer; "" for none."""
        return self._names.get(layer or 0, "")

    def of(self, members: Iterable[Member]) -> Sequence[Version]:
        """Return the versions that layers have, each with everyone who has it."""
        layers: dict[int, list[Member]] = {}
        for member in members:
            layers.setdefault(member.layer, []).append(member)
        alike: dict[bytes, list[int]] = {}
        for layer, theirs in layers.items():
            alike.setdefault(_look(self.version(theirs)), []).append(layer)
        return [
            self.version(layers[some[0]], sorted(self.name(layer) for layer in some))
            for some in alike.values()
        ]

    def version(self, members: Iterable[Member], annotators: Sequence[str] = ()) -> Version:
        """Return what one layer has."""
        theirs = list(members)
        spans = (self._spans.get((each.layer, each.span)) for each in theirs if each.span)
        drawn = (self._drawn((each.layer, each.relation)) for each in theirs if each.relation)
        return Version(annotators, [*filter(None, spans)], [*filter(None, drawn)])

    def _ends(self) -> Iterable[Key]:
        """The spans at which the relations begin and end."""
        for (layer, _), relation in self._relations.items():
            for end in (relation.source, relation.target):
                if end.span is not None:
                    yield layer, end.span

    def _drawn(self, key: Key) -> Drawn | None:
        relation = self._relations.get(key)
        if relation is None:
            return None
        source, target = (
            self._spans.get((key[0], end.span)) if end.span else None
            for end in (relation.source, relation.target)
        )
        return Drawn(relation, source, target)


def _look(version: Version) -> bytes:
    """What tells versions apart: all of a span but its id; of a relation its type, its attributes and
    where it leads."""
    spans = [(one.label, one.fragments, one.attributes, one.entity) for one in version.spans]
    drawn = [
        (
            each.relation.type,
            each.relation.attributes,
            each.target.fragments if each.target else each.relation.target.entity,
        )
        for each in version.relations
    ]
    return b"\n".join(
        sorted(msgspec.json.encode(each, order="sorted") for each in (*spans, *drawn))
    )


def _fetched(query: str, wanted: Collection[Key]) -> Sequence[tuple[Any, ...]]:
    if not wanted:
        return ()
    layers, ids = zip(*wanted, strict=True)
    return images.fetch(query, {"layers": list(layers), "ids": list(ids)})


def _annotators(layers: Collection[int]) -> Mapping[int, str]:
    people = Assignment.objects.filter(pk__in=layers).select_related("annotator")
    return {each.pk: str(each.annotator or "") for each in people} if layers else {}
