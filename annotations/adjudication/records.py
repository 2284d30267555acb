"""The layers of an article, and the cases between them, in the shape that programs read. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from annotations.spans.remarks import Flag, FlagImage, Member, NoteImage, WaiverImage
from annotations.spans.requests import RelationImage, SpanImage

Attributes = dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class Layer:
    """What one annotator submitted; `id` is the key of the assignment."""

    id: int
    spans: Sequence[SpanImage] = ()
    relations: Sequence[RelationImage] = ()
    notes: Sequence[NoteImage] = ()
    flags: Sequence[FlagImage] = ()
    waivers: Sequence[WaiverImage] = ()


class Named(msgspec.Struct, frozen=True):
    """An entity as it is shown; one that was merged is the one that it goes on as."""

    id: UUID
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    proposed: bool = False


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an annotator says beside the spans: a note, or flags and how sure they are."""

    layer: int
    text: str = ""
    flags: Sequence[Flag] = ()
    confidence: int | None = None


class Shape(msgspec.Struct, frozen=True):
    """A span without its id: what a layer can have in common with another."""

    label: str
    fragments: list[list[int]]
    text: list[str]
    attributes: Attributes
    entity: Named | None


class SpanVersion(msgspec.Struct, frozen=True):
    """A span, and the layers that have it so."""

    layers: list[int]
    members: list[Member]
    span: Shape
    remarks: list[Said]


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a relation ends: at a span case, or at an entity."""

    case: str | None = None
    entity: Named | None = None


class RelationVersion(msgspec.Struct, frozen=True):
    """Where relations of a type go on to from one place, each with its attributes, and the layers
    that have them so."""

    layers: list[int]
    members: list[Member]
    to: list[Target]
    attributes: list[Attributes]


class SpanCase(msgspec.Struct, frozen=True, tag_field="kind", tag="span"):
    """Spans of different layers that are one, at most one of each layer. `missing` are the layers
    that have none; `differs` says in what the others are unlike: missing, label, extent, entity, and
    keys of attributes. `label` and the order of `versions` follow most layers."""

    id: str
    label: str
    range: tuple[int, int]
    differs: list[str]
    equal: bool
    missing: list[int]
    versions: list[SpanVersion]


class RelationCase(
    msgspec.Struct, frozen=True, tag_field="kind", tag="relation", rename={"source": "from"}
):
    """All relations of a type from one span case, or from the article. A layer without that span
    takes no part; `differs`: missing, target, and keys of attributes."""

    id: str
    type: str
    source: str
    range: tuple[int, int]
    differs: list[str]
    equal: bool
    missing: list[int]
    versions: list[RelationVersion]


Case = SpanCase | RelationCase

ARTICLE = "article"
"""What a relation case is from where it starts at no span."""


def members_of(case: Case) -> frozenset[Member]:
    return frozenset(member for version in case.versions for member in version.members)


def in_order(member: Member) -> tuple[int, str]:
    return member.layer, str(member.span or member.relation)
