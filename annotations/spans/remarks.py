"""What is said beside the spans, as the protocol shows it: notes, flags, waivers. Pure."""

from typing import Literal, get_args
from uuid import UUID

import msgspec

ARTICLE = UUID(int=0)
"""The id of what is flagged about the article; about a span it is the span's."""

Flag = Literal["unsure", "discuss", "guideline"]
Confidence = Literal[1, 2, 3]
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


RemarkImage = NoteImage | FlagImage | WaiverImage
