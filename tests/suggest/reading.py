"""Suggestions as a reader sees them: words in the place of offsets."""

from uuid import UUID, uuid5

from annotations.suggest.proposing import suggestions
from annotations.suggest.records import Name, Part, Suggestion

HERE = UUID(int=7)


def name(text: str, of: str = "", *, kind: str = "name", type: str = "person") -> Name:
    """A name of the entity `of` (itself, where that is not given)."""
    return Name(uuid5(HERE, of or text), text, kind, type)


def found(text: str, language: str = "id", *names: Name, label: str = "QUOTE") -> list[Suggestion]:
    return [one for one in suggestions(text, language, names) if one.label == label]


def words(text: str, part: Part | Suggestion | None) -> str | None:
    """The words of a part, its fragments parted by a bar."""
    if part is None:
        return None
    return " | ".join(text[start:end] for start, end in part.fragments)


def quotes(text: str, language: str = "id", *names: Name) -> list[tuple[str | None, ...]]:
    """Each quote with its cue and its speaker."""
    return [
        (words(text, one), words(text, one.cue), words(text, one.speaker))
        for one in found(text, language, *names)
    ]
