"""The names of a registry, found in a text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from annotations.suggest.records import Name
from annotations.suggest.tokens import Tokens, Trie

# who stands in a text under such an alias is for people to say
UNSURE_KINDS = frozenset({"metonym", "role"})
_PERSONAL = frozenset({"person", "unnamed"})
_ABBREVIATION = 5
_MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Match:
    """The tokens `[first, end)` bear a name of the registry: of one entity, or of several."""

    first: int
    end: int
    names: tuple[Name, ...]

    @property
    def entity(self) -> UUID | None:
        """Who is meant for sure: not by a metonym or a role, nor where several bear the name."""
        found = {name.entity for name in self.names}
        sure = any(name.kind not in UNSURE_KINDS for name in self.names)
        return next(iter(found)) if len(found) == 1 and sure else None

    @property
    def kind(self) -> str:
        """What kind of name it is; "ambiguous" where several entities bear it."""
        if len({name.entity for name in self.names}) > 1:
            return "ambiguous"
        return min((name.kind for name in self.names), key=lambda kind: kind in UNSURE_KINDS)

    @property
    def is_personal(self) -> bool:
        return all(name.type in _PERSONAL for name in self.names)


class Matcher:
    """Finds names: the longest at each place, whole words, whatever their case and accents."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._trie: Trie[Name] = Trie()
        for name in names:
            # a concept is no actor, and a name of a hundred words would make each place cost that
            if name.type != "concept" and len(name.text.split()) <= _MOST_WORDS:
                self._trie.add(name.text, name)

    def matches(self, tokens: Tokens) -> Iterator[Match]:
        index = 0
        while index < len(tokens):
            found = self._longest(tokens, index)
            if found:
                yield found
            index = found.end if found else index + 1

    def _longest(self, tokens: Tokens, first: int) -> Match | None:
        found = None
        for end, names in self._trie.matches(tokens, first):
            covered = tokens.text[tokens.starts[first] : tokens.ends[end - 1]]
            fitting = tuple(name for name in names if _fits(name.text, covered, end - first))
            if fitting:
                found = Match(first, end, fitting)
        return found


@lru_cache(maxsize=4)
def matcher_of(names: tuple[Name, ...]) -> Matcher:
    """The matcher of these names. Kept by the names themselves, so that it can never be stale,
    however many processes change the registry."""
    return Matcher(names)


def _fits(name: str, covered: str, length: int) -> bool:
    """Whether the letters are near enough: AS is not "as", nor is one word in lower case a name
    that has a capital."""
    if name.isupper() and len(name) <= _ABBREVIATION:
        return covered.isupper()
    return length > 1 or not name[0].isupper() or not covered[0].islower()
