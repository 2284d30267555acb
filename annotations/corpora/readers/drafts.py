"""What a reader yields: an article to be, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Values = Mapping[str, str | int]

_COLUMN = 60  # code points of the name of a column, where something is said of it


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused: a code with the values its sentence needs."""

    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article begins: its file, the line (from 1) and the byte (from 0)."""

    file: str
    line: int
    byte: int


@dataclass(frozen=True, slots=True)
class LineRefusal:
    """One article, or one whole file, that was not read. `byte` points at the fault itself.

    `encoding` is empty where nothing is known of it.
    """

    place: Place
    reason: Reason
    encoding: str = ""

    def read_as(self, encoding: str) -> "LineRefusal":
        return LineRefusal(self.place, self.reason, encoding)


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """One article as its file gave it: every code point of `text` stood in the file.

    `utf8` is the text in UTF-8: checking it needs those bytes, and so does hashing it.
    """

    place: Place
    encoding: str
    text: str
    utf8: bytes
    external_id: str | None = None
    title: str = ""
    source: str = ""
    author: str = ""
    url: str = ""
    language: str = ""
    published: datetime | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


Reading = ArticleDraft | LineRefusal


class UnfitError(ValueError):
    """What was read cannot become an article. `offset` counts code points from where it began."""

    def __init__(self, code: str, offset: int = 0, **values: str | int) -> None:
        super().__init__(code)
        self.reason = Reason(code, {name: _safe(value) for name, value in values.items()})
        self.offset = offset

    @classmethod
    def of(cls, reason: Reason) -> "UnfitError":
        """What is refused for this reason, whose values were made safe already."""
        unfit = cls(reason.code)
        unfit.reason = reason
        return unfit

    def in_column(self, columns: Mapping[str, str]) -> Reason:
        """The reason, with the name that the file has for the field at fault: `columns` says which
        column or key gave each field. Where that is the field's own name, it stands for itself."""
        values = self.reason.values
        column = columns.get(str(values.get("field", "")))
        if column is None or "column" in values or column == values["field"]:
            return self.reason
        return Reason(self.reason.code, {**values, "column": shown(column[:_COLUMN])})


def shown(value: str) -> str:
    """Return `value` with what cannot be seen (NUL, controls, surrogates) spelled out."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value)


def _safe(value: str | int) -> str | int:
    return shown(value) if isinstance(value, str) else value
