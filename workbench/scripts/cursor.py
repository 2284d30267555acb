"""A place in a script, that goes on word by word."""

from collections.abc import Iterator
from contextlib import contextmanager

from workbench.scripts.scopes import Scope
from workbench.scripts.script import Script
from workbench.scripts.tokens import Kind, matches_of, tokens_of

KEYWORDS = frozenset(
    {"var", "with", "switch", "case", "default", "do", "enum", "debugger", "let", "const", "if"}
    | {"else", "for", "while", "return", "throw", "try", "catch", "finally", "break", "continue"}
    | {"export", "extends", "in", "instanceof"}
)
"""Words that are no value."""


class Cursor:
    """Where the reading is, and what has been read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._match = matches_of(self._tokens)
        self._at = 0
        self.script = Script(self._tokens)
        self._scope = self.script.top
        self._class = Scope()
        self._wholes: dict[int, int] = {}  # brackets that are needless if a statement ends there

    @property
    def _now(self) -> str:
        """The word or sign that comes now; none for strings, numbers and the like."""
        token = self._tokens[self._at]
        return token.text if token.kind in (Kind.SIGN, Kind.NAME) else ""

    @property
    def _kind(self) -> Kind:
        return self._tokens[self._at].kind

    def _next(self, further: int = 1) -> str:
        return self._tokens[min(self._at + further, len(self._tokens) - 1)].text

    def _take(self, wanted: str = "") -> int:
        if wanted and self._now != wanted:
            self._refuse()
        self._at += 1
        return self._at - 1

    def _taken(self, word: str) -> bool:
        if self._now != word:
            return False
        self._at += 1
        return True

    def _refuse(self) -> None:
        token = self._tokens[self._at]
        line = self._text.count("\n", 0, token.place) + 1
        words = self._text[token.place : token.place + 60].split("\n")[0]
        raise ValueError(f"line {line}: cannot read “{words}”")

    @contextmanager
    def _within(self, scope: Scope) -> Iterator[None]:
        outer, self._scope = self._scope, scope
        yield
        self._scope = outer

    def _use(self, *, short: bool = False) -> int:
        if self._kind is not Kind.NAME or self._now in KEYWORDS or self._now[0] == "#":
            self._refuse()
        self.script.used[self._at] = self._scope
        if short:
            self.script.short.add(self._at)
        return self._take()

    def _declare(self, *, short: bool = False) -> int:
        number = self._use(short=short)
        self._scope.declare(self._tokens[number].text)
        return number
