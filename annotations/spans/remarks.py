"""What is said beside the spans, as the protocol shows it: notes, flags, waivers, settlements. Pure."""

from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec

ARTICLE = UUID(int=0)
"""The id of what is flagged about the article; about a span it is the span's."""

Flag = Literal["unsure", "discuss", "guideline"]
Confidence = Literal[1, 2, 3]
Decision = Literal["take", "merge", "none", "equal"]
"""take: one layer's version; merge: one that nobody has; none: nothing; equal: what all layers have."""
LayerKey = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
"""The key of an annotator's layer."""
FLAGS: tuple[Flag, ...] = get_args(Flag)
"""Every flag, in the order in which they are kept. guideline: the guideline is unclear."""


class NoteImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note on a span or, without one, on the article."""

    id: UUID
    span: UUID | None
    text: str


class FlagImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is flagged about a span or the article, and how sure its annotator is of it."""

    id: UUID
    span: UUID | None
    flags: list[Flag]
    confidence: Confidence | None


class WaiverImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """These words are no such span. Without a reason: a suggestion was rejected."""

    id: UUID
    label: str
    fragments: list[list[int]]
    text: list[str]
    reason: str


class Member(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A span or a relation of an annotator's layer."""

    layer: LayerKey
    span: UUID | None = None
    relation: UUID | None = None

    def __post_init__(self) -> None:
        if (self.span is None) == (self.relation is None):
            raise ValueError("a member names a span or a relation")


class Result(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a gold layer has for what was settled: a span, or relations."""

    span: UUID | None = None
    relations: list[UUID] | None = None

    def __post_init__(self) -> None:
        if (self.span is None) == (self.relations is None):
            raise ValueError("a result names a span or relations")
        if self.relations is not None and not 0 < len(set(self.relations)) == len(self.relations):
            raise ValueError("a result names its relations once each")


class SettlementImage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a gold layer makes of spans or relations of annotators' layers."""

    id: UUID
    of: list[Member]
    decision: Decision
    took: LayerKey | None
    result: Result | None
    reason: str

    @property
    def span(self) -> UUID | None:
        """The span of the gold layer that came of it."""
        return self.result.span if self.result else None

    @property
    def relations(self) -> list[UUID]:
        """The relations of the gold layer that came of it."""
        return (self.result.relations or []) if self.result else []


RemarkImage = NoteImage | FlagImage | WaiverImage | SettlementImage
