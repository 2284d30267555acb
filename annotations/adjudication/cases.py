"""Where the layers of an article differ: span cases and relation cases, in the order of the text.

Pure. A case is all that the layers say of one thing, be they of one mind or not: which of them have
it, in how many versions, and in what those are unlike. Its id follows from its members, so that it is
the same whoever asks, and another one as soon as a layer gains or loses a part in it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from annotations.adjudication.clustering import Placed, clusters, sameness
from annotations.adjudication.records import (
    ARTICLE,
    Case,
    Layer,
    Named,
    RelationCase,
    RelationVersion,
    Said,
    Shape,
    SpanCase,
    SpanVersion,
    Target,
    in_order,
)
from annotations.spans.remarks import Member
from annotations.spans.requests import RelationImage

Entities = Mapping[UUID, Named]


def cases(layers: Sequence[Layer], entities: Entities) -> list[Case]:
    """Return the cases between some layers of one article. `entities` are those that the layers link
    to; a merged one stands for what it goes on as."""
    known = _Known(sorted(layers, key=lambda layer: layer.id), entities)
    spans = [_span_case(cluster, known) for cluster in clusters(known.layers, known.identity)]
    found: list[Case] = [*spans, *_relation_cases(spans, known)]
    return sorted(found, key=_in_text)


def of_article(layers: Iterable[Layer]) -> list[Said]:
    """Return what the annotators say of the article as a whole."""
    ordered = sorted(layers, key=lambda layer: layer.id)
    return [said for layer in ordered for said in _remarks(layer).get(None, ())]


class _Known:
    """The layers, and what is looked up in them again and again."""

    def __init__(self, layers: Sequence[Layer], entities: Entities) -> None:
        self.layers = layers
        self._entities = entities
        self.remarks = {layer.id: _remarks(layer) for layer in layers}

    def entity(self, uuid: UUID | None) -> Named | None:
        return self._entities.get(uuid) or Named(uuid, "", "") if uuid else None

    def identity(self, uuid: UUID) -> UUID:
        found = self._entities.get(uuid)
        return found.id if found else uuid


def _remarks(layer: Layer) -> Mapping[UUID | None, Sequence[Said]]:
    """What is said in a layer, by the span it is about (None: the article): notes, then flags."""
    found: defaultdict[UUID | None, list[Said]] = defaultdict(list)
    for note in layer.notes:
        found[note.span].append(Said(layer.id, text=note.text))
    for flag in layer.flags:
        said = Said(layer.id, flags=tuple(flag.flags), confidence=flag.confidence)
        found[flag.span].append(said)
    return found


def _in_text(case: Case) -> tuple[int, int, bool, str, str]:
    start, end = case.range
    if isinstance(case, SpanCase):
        return start, -end, False, case.label, case.id
    return start, -end, True, case.type, case.id


def _id(kind: str, members: Iterable[Member]) -> str:
    told = " ".join(
        f"{one.layer}:{one.span or one.relation}" for one in sorted(members, key=in_order)
    )
    return hashlib.sha256(f"{kind} {told}".encode()).hexdigest()[:32]


# --- spans -----------------------------------------------------------------------------------


def _span_case(cluster: Sequence[Placed], known: _Known) -> SpanCase:
    same: defaultdict[tuple[str, str, str], list[Placed]] = defaultdict(list)
    for placed in sorted(cluster, key=lambda placed: placed.layer):
        same[sameness(placed.span, known.identity)].append(placed)
    ordered = sorted(same.items(), key=lambda item: (-len(item[1]), item[0]))
    versions = [_span_version(placed, known) for _, placed in ordered]
    there = {placed.layer for placed in cluster}
    missing = [layer.id for layer in known.layers if layer.id not in there]
    shapes = [version.span for version in versions]
    differs = _differs(missing, _unlike(shapes))
    return SpanCase(
        id=_id("span", (member for version in versions for member in version.members)),
        label=shapes[0].label,
        range=(
            min(shape.fragments[0][0] for shape in shapes),
            max(shape.fragments[-1][1] for shape in shapes),
        ),
        differs=differs,
        equal=not differs,
        missing=missing,
        versions=versions,
    )


def _span_version(same: Sequence[Placed], known: _Known) -> SpanVersion:
    first = same[0].span
    return SpanVersion(
        layers=[placed.layer for placed in same],
        members=[Member(placed.layer, span=placed.span.id) for placed in same],
        span=Shape(
            first.label, first.fragments, first.text, first.attributes, known.entity(first.entity)
        ),
        remarks=[
            said for placed in same for said in known.remarks[placed.layer].get(placed.span.id, ())
        ],
    )


def _unlike(shapes: Sequence[Shape]) -> Iterable[str]:
    """In what these are unlike. Attributes are compared where the label is the same: under another
    one they mean something else, or nothing."""
    if len({shape.label for shape in shapes}) > 1:
        yield "label"
    if any(shape.fragments != shapes[0].fragments for shape in shapes):
        yield "extent"
    if len({shape.entity and shape.entity.id for shape in shapes}) > 1:
        yield "entity"
    by_label: defaultdict[str, list[dict[str, str | bool]]] = defaultdict(list)
    for shape in shapes:
        by_label[shape.label].append(shape.attributes)
    yield from _unlike_keys(by_label.values())


def _unlike_keys(groups: Iterable[Sequence[dict[str, str | bool]]]) -> list[str]:
    """The keys, in their order, that are not set alike within some group."""
    keys = {
        key
        for some in groups
        for key in set().union(*some)
        if any(one.get(key) != some[0].get(key) for one in some)
    }
    return sorted(keys)


def _differs(missing: Sequence[int], unlike: Iterable[str]) -> list[str]:
    """No word twice, though a schema may call an attribute as it likes."""
    return list(dict.fromkeys([*(["missing"] if missing else []), *unlike]))


# --- relations -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Going:
    """One relation of a layer, by where it goes to."""

    to: Target
    attributes: dict[str, str | bool]
    member: Member

    @property
    def order(self) -> tuple[str, str]:
        entity = str(self.to.entity.id) if self.to.entity else ""
        return self.to.case or "", entity

    @property
    def sameness(self) -> tuple[str, str, bytes]:
        return *self.order, msgspec.json.encode(sorted(self.attributes.items()))


def _relation_cases(spans: Sequence[SpanCase], known: _Known) -> list[RelationCase]:
    by_member = {
        (member.layer, member.span): case
        for case in spans
        for version in case.versions
        for member in version.members
    }
    by_id = {case.id: case for case in spans}
    found: defaultdict[tuple[str, str], defaultdict[int, list[_Going]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for layer in known.layers:
        for relation in layer.relations:
            start = by_member.get((layer.id, relation.source.span))
            source = start.id if start else ARTICLE
            going = _going(layer.id, relation, by_member, known)
            found[relation.type, source][layer.id].append(going)
    return [
        _relation_case(kind, by_id.get(source), going, known)
        for (kind, source), going in found.items()
    ]


def _going(
    layer: int,
    relation: RelationImage,
    by_member: Mapping[tuple[int, UUID | None], SpanCase],
    known: _Known,
) -> _Going:
    end = relation.target
    if end.span:
        to = Target(case=by_member[layer, end.span].id)
    else:
        to = Target(entity=known.entity(end.entity))
    return _Going(to, relation.attributes, Member(layer, relation=relation.id))


def _relation_case(
    kind: str, source: SpanCase | None, by_layer: Mapping[int, list[_Going]], known: _Known
) -> RelationCase:
    same: defaultdict[tuple[tuple[str, str, bytes], ...], list[int]] = defaultdict(list)
    for layer, going in sorted(by_layer.items()):
        going.sort(key=lambda one: (one.sameness, in_order(one.member)))
        same[tuple(one.sameness for one in going)].append(layer)
    ordered = sorted(same.items(), key=lambda item: (-len(item[1]), item[0]))
    versions = [_relation_version(layers, by_layer) for _, layers in ordered]
    missing = [layer for layer in _may_have(source, known) if layer not in by_layer]
    differs = _differs(missing, _unlike_ways(versions))
    return RelationCase(
        id=_id(f"relation {kind}", (one.member for some in by_layer.values() for one in some)),
        type=kind,
        source=source.id if source else ARTICLE,
        range=source.range if source else (0, 0),
        differs=differs,
        equal=not differs,
        missing=missing,
        versions=versions,
    )


def _may_have(source: SpanCase | None, known: _Known) -> list[int]:
    """The layers that have what the relation starts at."""
    if source is None:
        return [layer.id for layer in known.layers]
    return sorted(layer for version in source.versions for layer in version.layers)


def _relation_version(
    layers: Sequence[int], by_layer: Mapping[int, Sequence[_Going]]
) -> RelationVersion:
    first = by_layer[layers[0]]
    return RelationVersion(
        layers=[*layers],
        members=[one.member for layer in layers for one in by_layer[layer]],
        to=[one.to for one in first],
        attributes=[one.attributes for one in first],
    )


def _unlike_ways(versions: Sequence[RelationVersion]) -> Iterable[str]:
    if len(versions) == 1:
        return
    if any(version.to != versions[0].to for version in versions):
        yield "target"
    by_target: defaultdict[Target, list[dict[str, str | bool]]] = defaultdict(list)
    for version in versions:
        for to, attributes in zip(version.to, version.attributes, strict=True):
            by_target[to].append(attributes)
    yield from _unlike_keys(by_target.values())
