"""What several layers say together: their majority, their union. Pure.

Both are made of the layers of one article, and neither knows whose these are: their order changes
nothing. docs/jsonl.md promises what stands here.

**Union**: every span of every layer; spans of one label over the same fragments are one.

**Majority**: spans of one label belong together if they share more than half of the code points
that they cover together, directly or by way of others. What belongs together is a span of the
majority if more than half of the layers have a part in it, and it covers what more than half of
the layers cover there. Where no code point is covered by so many, there is no span.

In both, an attribute has the value, and a span the entity, that more than half of those layers
gave that have a part in the span; else none; of entities that were merged the layers that come
here link those that go on. A relation joins the spans that its ends became
part of; in the majority it stands if more than half of the layers have it. Remarks stay with the
layers of those who made them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from annotations.exchange.records import (
    Attributes,
    EndRecord,
    LayerRecord,
    Line,
    Pair,
    RelationRecord,
    SpanRecord,
    named_key,
    spelled,
    text_order,
)
from annotations.text.fragments import Fragments, covered

Way = Literal["majority", "union"]
Value = str | bool

_Place = tuple[str, Fragments]
"""A label and where it stands: what spans are told apart by."""


def merged(line: Line, layers: Sequence[LayerRecord], way: Way) -> LayerRecord | None:
    """The majority or the union of these layers of the line; None where there are none."""
    if not layers:
        return None
    named = f"kutip:{way}:{line.article.sha256}"
    spans, became = _spans(line.article.text, layers, way, named)
    return LayerRecord(
        annotator=way,
        kind=way,
        notes=(),
        relations=_relations(layers, became, way, named),
        spans=spans,
        status="submitted",
        submitted_at=None,
    )


@dataclass(slots=True)
class _Group:
    """Spans that are one in the merged layer, with the number of each one's layer."""

    members: list[tuple[int, SpanRecord]] = field(default_factory=list)

    def firsts(self) -> list[SpanRecord]:
        """The span by which each layer has a part in it: the first in text order."""
        if len(self.members) == 1:
            return [self.members[0][1]]
        first: dict[int, SpanRecord] = {}
        for number, span in sorted(self.members, key=lambda one: text_order(one[1])):
            first.setdefault(number, span)
        return list(first.values())


def _spans(
    text: str, layers: Sequence[LayerRecord], way: Way, named: str
) -> tuple[list[SpanRecord], dict[tuple[int, str], str]]:
    """The merged spans, and the id of the one that each span of each layer is part of."""
    places: dict[_Place, _Group] = defaultdict(_Group)
    for number, layer in enumerate(layers):
        for span in layer.spans:
            fragments = tuple((start, end) for start, end in span.fragments)
            places[span.label, fragments].members.append((number, span))
    if way == "majority":
        places = _majority(places, len(layers))
    spans: list[SpanRecord] = []
    became: dict[tuple[int, str], str] = {}
    for (label, fragments), group in places.items():
        key = _made_id(f"{named}:{label}:{fragments}")
        votes = group.firsts()
        became.update({(number, span.id): key for number, span in group.members})
        spans.append(
            SpanRecord(
                attributes=_attributes([span.attributes for span in votes]),
                entity=cast("str | None", _voted([span.entity for span in votes], len(votes))),
                fragments=fragments,
                id=key,
                label=label,
                notes=(),
                text=covered(text, fragments),
            )
        )
    return sorted(spans, key=text_order), became


def _majority(places: Mapping[_Place, _Group], layers: int) -> dict[_Place, _Group]:
    """What more than half of the layers have a part in, under what more than half cover of it."""
    found: dict[_Place, _Group] = defaultdict(_Group)
    for alike in _alike(places):
        members = [member for place in alike for member in places[place].members]
        fragments = _covered_by_most(members, layers)  # none where only half have a part in it
        if fragments:
            found[alike[0][0], fragments].members += members
    return found


def _alike(places: Iterable[_Place]) -> Iterator[list[_Place]]:
    """The places that belong together, in text order; each stands in one list."""
    by_label: dict[str, list[_Place]] = defaultdict(list)
    for place in sorted(places):
        by_label[place[0]].append(place)
    for known in by_label.values():
        yield from _together(known)


def _together(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Places of one label. Only those that are still open where another begins can be like it."""
    heads = {place: place for place in places}

    def head(place: _Place) -> _Place:
        while heads[place] != place:
            heads[place] = place = heads[heads[place]]
        return place

    opened: list[_Place] = []
    for place in sorted(places, key=lambda place: place[1]):
        begin = place[1][0][0]
        opened = [other for other in opened if other[1][-1][1] > begin]
        for other in opened:
            if _are_alike(place[1], other[1]):
                first, second = sorted((head(place), head(other)))
                heads[second] = first
        opened.append(place)
    groups: dict[_Place, list[_Place]] = defaultdict(list)
    for place in places:
        groups[head(place)].append(place)
    yield from groups.values()


def _are_alike(one: Fragments, other: Fragments) -> bool:
    """Whether more than half of what both cover is covered by each."""
    shared = sum(
        max(0, min(end, end2) - max(start, start2)) for start, end in one for start2, end2 in other
    )
    return 3 * shared > _length(one) + _length(other)


def _length(fragments: Fragments) -> int:
    return sum(end - start for start, end in fragments)


def _covered_by_most(members: Iterable[tuple[int, SpanRecord]], layers: int) -> Fragments:
    """The code points that more than half of the layers cover, whatever with how many spans."""
    by_layer: dict[int, list[Pair]] = defaultdict(list)
    for number, span in members:
        by_layer[number] += span.fragments
    steps: Counter[int] = Counter()
    for fragments in by_layer.values():
        for start, end in _joined(fragments):
            steps[start] += 1
            steps[end] -= 1
    found: list[Pair] = []
    depth = begin = 0
    for at in sorted(steps):
        was, depth = 2 * depth > layers, depth + steps[at]
        if 2 * depth > layers and not was:
            begin = at
        elif was and 2 * depth <= layers:
            found.append((begin, at))
    return tuple(found)


def _joined(fragments: Iterable[Pair]) -> list[Pair]:
    """The same code points in fragments that neither overlap nor touch."""
    joined: list[Pair] = []
    for start, end in sorted(fragments):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _attributes(votes: Sequence[Attributes]) -> Attributes:
    """Each attribute with what more than half of all voters say of it."""
    if len(votes) == 1:
        return votes[0]
    found: Attributes = {}
    for key in sorted({key for vote in votes for key in vote}):
        value = _voted([vote.get(key) for vote in votes], len(votes))
        if value is not None:
            found[key] = value
    return found


def _voted(values: Sequence[Value | None], of: int) -> Value | None:
    if len(values) == 1:
        return values[0]
    [(value, count)] = Counter(values).most_common(1)
    return value if 2 * count > of else None


def _relations(
    layers: Sequence[LayerRecord], became: Mapping[tuple[int, str], str], way: Way, named: str
) -> list[RelationRecord]:
    """Relations between what their ends became part of; one that would lead back to where it
    starts is none."""
    found: dict[tuple[str, str, str], dict[int, RelationRecord]] = defaultdict(dict)
    for number, layer in enumerate(layers):
        for relation in layer.relations:
            source = _end(relation.source, number, became)
            target = _end(relation.target, number, became)
            if source is not None and target is not None and source != target:
                key = (relation.type, _said(source), _said(target))
                moved = RelationRecord(
                    relation.attributes, source, relation.id, target, relation.type
                )
                found[key].setdefault(number, moved)
    least = len(layers) if way == "majority" else 0
    relations = [
        RelationRecord(
            _attributes([vote.attributes for vote in votes.values()]),
            next(iter(votes.values())).source,
            _made_id(f"{named}:{':'.join(key)}"),
            next(iter(votes.values())).target,
            key[0],
        )
        for key, votes in found.items()
        if 2 * len(votes) > least
    ]
    return sorted(relations, key=lambda relation: relation.id)


def _end(end: EndRecord, number: int, became: Mapping[tuple[int, str], str]) -> EndRecord | None:
    if end.span is None:
        return end
    key = became.get((number, end.span))
    return None if key is None else EndRecord(span=key)


def _made_id(said: str) -> str:
    return spelled(named_key(said.encode()))


def _said(end: EndRecord) -> str:
    return end.span or end.entity or "article"
