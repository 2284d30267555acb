"""Names that no registry knows: runs of words with a capital letter."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from annotations.suggest.lexicon import Lexicon
from annotations.suggest.tokens import Tokens

_JOINTS = "-'’"
_LONGEST = 12


def runs(tokens: Tokens, lexicon: Lexicon, starts: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """The runs of tokens that look like a name, in order and apart. `starts`: the tokens that
    begin a sentence, where a capital says little."""
    index = 0
    while index < len(tokens):
        end = _end(tokens, lexicon, index) if _begins(tokens, lexicon, index) else index
        if end == index + 1 and index in starts and lexicon.has("lead", tokens.folded[index]):
            end = index
        if end > index:
            yield index, end
        index = max(end, index + 1)


def _begins(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    word = tokens.folded[index]
    if word[0] == "@" and len(word) > 1:
        return True
    if not _is_name(tokens, lexicon, index):
        return False
    return not lexicon.has("lead", word) or lexicon.has("title", word)


def _is_name(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    return tokens.is_capital(index) and not lexicon.has("date", tokens.folded[index])


def _end(tokens: Tokens, lexicon: Lexicon, first: int) -> int:
    end = first + 1
    while end - first < _LONGEST:
        following = _next(tokens, lexicon, end)
        if following is None:
            return end
        end = following
    return end


def _next(tokens: Tokens, lexicon: Lexicon, index: int) -> int | None:
    """Behind the next word of the name, which may be tied to the last one by a sign or a small
    word."""
    at = index
    if _is_stop(tokens, lexicon, at) or lexicon.has("particle", tokens.word(at)):
        at += 1
    if at < len(tokens) and tokens.word(at) in _JOINTS and not tokens.is_apart(at):
        at += 1
        if at < len(tokens) and tokens.is_apart(at):
            return None
    if at >= len(tokens) or tokens.keys[at].startswith("\n"):
        return None
    return at + 1 if _is_name(tokens, lexicon, at) else None


def _is_stop(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """The full stop of an initial or of a title."""
    before = tokens.word(index - 1)
    short = len(before) == 1 or lexicon.has("title", before)
    return short and tokens.word(index) == "." and not tokens.is_apart(index)
