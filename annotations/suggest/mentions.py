"""Who is mentioned in a text: names of the registry, other names, pronouns."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from annotations.suggest.lexicon import Lexicon
from annotations.suggest.names import Match, Matcher
from annotations.suggest.runs import runs
from annotations.suggest.tokens import Tokens
from annotations.text.names import inline_alias

Ground = Literal[
    "registry", "ambiguous", "metonym", "role", "definition", "title", "name", "pronoun"
]

_DASHES = ("–", "—", "-")


@dataclass(frozen=True, slots=True)
class Mention:
    """The tokens `[first, end)` name somebody. `ground`: how that was seen; `personal`: it is
    more likely one person than an institution or a place."""

    first: int
    end: int
    ground: Ground
    entity: UUID | None = None
    personal: bool = False

    @property
    def form(self) -> str:
        """The value of the attribute `form` of an ACTOR."""
        return self.ground if self.ground in ("pronoun", "role") else "name"


def mentions(
    tokens: Tokens, matcher: Matcher, lexicon: Lexicon | None, starts: AbstractSet[int]
) -> list[Mention]:
    """All mentions in text order, apart from each other. `starts`: the tokens that begin a
    sentence. Without a lexicon only names of the registry are known."""
    matches = list(matcher.matches(tokens))
    found = runs(tokens, lexicon, starts) if lexicon else ()
    named = [
        mention
        for run, inside in _clusters(list(found), matches)
        for mention in _of_cluster(tokens, lexicon, starts, run, inside)
        if not _is_dateline(tokens, mention, starts)
    ]
    named = list(_defining(tokens, named))
    taken = {index for mention in named for index in range(mention.first, mention.end)}
    pronouns = [
        Mention(index, index + 1, "pronoun")
        for index, word in enumerate(tokens.folded)
        if lexicon and lexicon.has("pronoun", word) and index not in taken
    ]
    return sorted([*named, *pronouns], key=lambda mention: mention.first)


def _clusters(
    found: Sequence[tuple[int, int]], matches: Sequence[Match]
) -> Iterator[tuple[tuple[int, int], list[Match]]]:
    """Runs and matches that overlap, together."""
    pieces: list[tuple[int, int, Match | None]] = [(first, end, None) for first, end in found]
    pieces += [(match.first, match.end, match) for match in matches]
    whole: tuple[int, int] = (0, 0)
    inside: list[Match] = []
    for first, end, match in sorted(pieces, key=lambda piece: piece[:2]):
        if first >= whole[1]:
            if whole[1]:
                yield whole, inside
            whole, inside = (first, end), []
        whole = (whole[0], max(whole[1], end))
        inside += [match] if match else []
    if whole[1]:
        yield whole, inside


def _of_cluster(
    tokens: Tokens,
    lexicon: Lexicon | None,
    starts: AbstractSet[int],
    whole: tuple[int, int],
    inside: list[Match],
) -> Iterator[Mention]:
    first, end = whole
    titled = lexicon is not None and lexicon.has("title", tokens.folded[first])
    last = inside[-1] if inside else None
    if last is None and titled and end - first == 1:
        return
    if last is None:
        yield Mention(first, end, "title" if titled else "name", None, titled or end - first > 1)
    elif (last.first, last.end) == whole:
        yield _of_match(last)
    elif _is_two(inside, first, end):
        yield from (_of_match(match) for match in inside)
    elif last.end == end and last.is_personal and last.kind not in ("metonym", "role"):
        yield Mention(first, end, _of_match(last).ground, last.entity, personal=True)
    elif titled:
        yield Mention(first, end, "title")
    elif (first in starts and last.first == first + 1) or not _is_run(tokens, last):
        yield _of_match(last)
    else:
        yield Mention(first, end, "name")


def _is_two(inside: list[Match], first: int, end: int) -> bool:
    """Two names that only stand side by side: Velmora Laras Prabasari; a role is part of a name."""
    if len(inside) != 2 or inside[0].kind == "role":
        return False
    one, other = inside
    return one.first == first and one.end == other.first and other.end == end


def _is_run(tokens: Tokens, match: Match) -> bool:
    return all(tokens.is_capital(index) for index in range(match.first, match.end))


def _of_match(match: Match) -> Mention:
    kind = match.kind
    ground: Ground = "registry"
    if kind in ("ambiguous", "metonym", "role"):
        ground = kind  # type: ignore[assignment]  # one of the three
    return Mention(match.first, match.end, ground, match.entity, match.is_personal)


def _is_dateline(tokens: Tokens, mention: Mention, starts: AbstractSet[int]) -> bool:
    """A place in capitals before a dash, where a report begins, says where it was written."""
    words = tokens.text[tokens.starts[mention.first] : tokens.ends[mention.end - 1]]
    return mention.first in starts and words.isupper() and tokens.word(mention.end) in _DASHES


def _defining(tokens: Tokens, named: Sequence[Mention]) -> Iterator[Mention]:
    """The mentions, with what stands in brackets behind a name where it defines an abbreviation."""
    skipped = -1
    for place, mention in enumerate(named):
        if mention.first < skipped:
            continue
        end = _end_of_definition(tokens, mention)
        if end is None:
            yield mention
            continue
        alias = named[place + 1] if place + 1 < len(named) else None
        known = alias.entity if alias and alias.first < end else None
        yield Mention(mention.first, end, "definition", mention.entity or known)
        skipped = end


def _end_of_definition(tokens: Tokens, mention: Mention) -> int | None:
    if tokens.word(mention.end) != "(":
        return None
    for end in range(mention.end + 2, min(mention.end + 6, len(tokens))):
        if tokens.folded[end] == ")":
            words = tokens.text[tokens.starts[mention.first] : tokens.ends[end]]
            found = inline_alias(words)
            return end + 1 if found and found[1][0].isupper() else None
    return None
