"""What goes in and what comes out: names, suggestions, and the reasons for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from annotations.text.fragments import Fragments

Attributes = Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class Name:
    """One name or alias of an entity of the registry; `kind` is the alias's, or "name"."""

    entity: UUID
    text: str
    kind: str
    type: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is suggested: a sentence with %(names)s for `details`. Whoever shows it
    translates it."""

    sentence: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A span that a suggestion brings along: the cue of a quote, or its speaker."""

    label: str
    fragments: Fragments
    attributes: Attributes
    entity: UUID | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One span that may be placed, how sure that is (0 to 1), and why."""

    label: str
    fragments: Fragments
    attributes: Attributes
    reason: Reason
    score: float
    entity: UUID | None = None
    cue: Part | None = None
    speaker: Part | None = None
