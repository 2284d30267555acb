"""A text as words and signs, in the form in which names and cues are compared."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Generic, TypeVar

from annotations.text.tokens import PARTED, folded

_TOKEN = re.compile(rf"[@#]?{PARTED}|\S")
_LINE_BREAKS = re.compile(r"[\n\r\x85\u2029]\s*[\n\r\x85\u2029]")

T = TypeVar("T")


class Tokens:
    """The tokens of a text, folded: each knows where it stands, and what space goes before it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.folded: list[str] = []
        self.keys: list[str] = []
        before = 0
        for found in _TOKEN.finditer(text):
            start, end = found.span()
            token = folded(found.group())
            self.starts.append(start)
            self.ends.append(end)
            self.folded.append(token)
            self.keys.append(self._gap(before, start) + token)
            before = end

    def _gap(self, before: int, start: int) -> str:
        if before == start:
            return ""
        return "\n" if _LINE_BREAKS.search(self.text, before, start) else " "

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, offset: int) -> int:
        """The first token that begins at or after an offset."""
        return bisect_left(self.starts, offset)

    def word(self, index: int) -> str:
        """The folded token, or nothing beyond the ends of the text."""
        return self.folded[index] if 0 <= index < len(self.folded) else ""

    def is_apart(self, index: int) -> bool:
        """White space goes before it."""
        return self.keys[index] != self.folded[index]

    def is_capital(self, index: int) -> bool:
        return self.text[self.starts[index]].isupper()

    def is_word(self, index: int) -> bool:
        return self.text[self.starts[index]].isalnum()


class Trie(Generic[T]):
    """What begins at a token: sequences of folded tokens, each with what it stands for."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, form: str, value: T) -> None:
        tokens = Tokens(form)
        node = self._root
        for key in (*tokens.folded[:1], *tokens.keys[1:]):
            node = node.children.setdefault(key, _Node())
        if len(tokens):
            node.values.append(value)

    def matches(self, tokens: Tokens, index: int) -> Iterator[tuple[int, list[T]]]:
        """All sequences that begin at a token, the shortest first: the token behind each, and its
        values."""
        node = self._root.children.get(tokens.folded[index])
        while node is not None:
            index += 1
            if node.values:
                yield index, node.values
            node = node.children.get(tokens.keys[index]) if index < len(tokens) else None


class _Node(Generic[T]):
    __slots__ = ("children", "values")

    def __init__(self) -> None:
        self.children: dict[str, _Node[T]] = {}
        self.values: list[T] = []
