"""What has been read of a script."""

from dataclasses import dataclass, field

from workbench.scripts.scopes import Scope, Variable
from workbench.scripts.tokens import Token


@dataclass(frozen=True, slots=True)
class Import:
    """One import: of these names (as exported, and what they are here), or of a whole module."""

    url: str
    first: int
    last: int
    names: tuple[tuple[str, int], ...] = ()  # as exported, and where the name here stands
    whole: str = ""


@dataclass(slots=True)
class Script:
    """What a script says. Numbers are those of its tokens."""

    tokens: list[Token]
    top: Scope = field(default_factory=Scope)
    imports: list[Import] = field(default_factory=list)
    exports: dict[str, int] = field(default_factory=dict)  # and where the word `export` stands
    asked: list[int] = field(default_factory=list)  # each `import(` that is a value
    used: dict[int, Scope] = field(default_factory=dict)  # names, and the scope they are seen from
    short: set[int] = field(default_factory=set)  # of them those that are a property's name, too
    private: dict[int, Scope] = field(default_factory=dict)
    ends: set[int] = field(default_factory=set)  # the last tokens of statements that need a `;`
    needless: set[int] = field(default_factory=set)  # brackets and signs that say nothing
    following: dict[int, tuple[int, int]] = field(default_factory=dict)  # `const` behind another,
    # or `let`: where that one stands and ends
    classes: list[Scope] = field(default_factory=list)

    @property
    def is_module(self) -> bool:
        return bool(self.imports or self.exports)

    def meaning(self, number: int) -> Variable | None:
        """What the name at this place stands for; None for a name that the browser knows."""
        return self.used[number].find(self.tokens[number].text)
