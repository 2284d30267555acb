"""What a REFI-QDA project holds, before anything is made of it: users, codes, texts, selections."""

from dataclasses import dataclass, field

from annotations.corpora.readers.drafts import Place

_MOST_LEVELS = 20


@dataclass(slots=True)
class Code:
    """A code and the one it stands under."""

    name: str
    codable: bool
    above: "Code | None" = None

    def path(self) -> list[str]:
        """The names from the top (or the lowest levels of very many) down to this one."""
        names, code = [self.name], self.above
        while code is not None and len(names) < _MOST_LEVELS:
            names.append(code.name)
            code = code.above
        return names[::-1]


@dataclass(slots=True)
class Coding:
    guid: str
    user: str
    place: Place
    code: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Selection:
    """`start` and `end` as they are written; `words` is its own memo, `notes` the ids of others."""

    guid: str
    name: str
    start: str
    end: str
    user: str
    place: Place
    words: str = ""
    codings: list[Coding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class TextSource:
    """A text, or a note, which has the same shape. `values` are those of variables, by their ids."""

    guid: str
    name: str
    path: str
    formatted: bool
    user: str
    place: Place
    content: str | None = None
    words: str = ""
    selections: list[Selection] = field(default_factory=list)
    codings: list[Coding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Project:
    """Everything by its GUID in small letters, without braces. `beside` counts what is not read,
    by what it is, with the place of the first; `links` are ends of links, in both directions."""

    place: Place
    encoding: str = ""
    origin: str = ""
    users: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    texts: list[TextSource] = field(default_factory=list)
    notes: dict[str, TextSource] = field(default_factory=dict)
    links: list[tuple[str, str, Place]] = field(default_factory=list)
    beside: dict[str, tuple[int, Place]] = field(default_factory=dict)

    def leave(self, what: str, place: Place) -> None:
        """One more of what is not read."""
        count, first = self.beside.get(what, (0, place))
        self.beside[what] = (count + 1, first)
