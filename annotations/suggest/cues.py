"""Cues: where a text says that somebody says, thinks or wants something."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotations.suggest.lexicon import CLITIC, Form, Lexicon
from annotations.suggest.tokens import Tokens

_NEGATED_WITHIN = 3
# at the beginning of a clause it is the speaker who was asked
_ANSWERED = ("asked",)


@dataclass(frozen=True, slots=True)
class Cue:
    """The tokens `[first, end)` are a cue; `start` and `stop` bound it in the text, without the
    `clitic` that may stand for its speaker."""

    first: int
    end: int
    start: int
    stop: int
    form: Form
    negated: bool
    clitic: tuple[int, int] | None = None


def cues(tokens: Tokens, lexicon: Lexicon) -> Iterator[Cue]:
    """The cues of a text, in order and apart, the longest form at each place. Left out are
    passives, infinitives and nouns that look like one. Whether a cue has anything to introduce
    is not asked here."""
    index = 0
    while index < len(tokens):
        found = _at(tokens, lexicon, index)
        if found and not _is_other(tokens, lexicon, found):
            yield found
        index = found.end if found else index + 1


def _at(tokens: Tokens, lexicon: Lexicon, index: int) -> Cue | None:
    form = None
    for _, forms in lexicon.cues.matches(tokens, index):
        form = forms[0]
    if form:
        end = index + form.length
        start, stop = tokens.starts[index], tokens.ends[end - 1]
        return Cue(index, end, start, stop, form, _negated(tokens, lexicon, index, form))
    return _with_clitic(tokens, lexicon, index)


def _with_clitic(tokens: Tokens, lexicon: Lexicon, index: int) -> Cue | None:
    """`katanya`: the cue is `kata`, `nya` is who said it."""
    word = tokens.folded[index]
    form = lexicon.form(word.removesuffix(CLITIC)) if word.endswith(CLITIC) else None
    if form is None or form.use not in ("tag", "source"):
        return None
    start, end = tokens.starts[index], tokens.ends[index]
    if len(word) != end - start:
        return None
    stop = end - len(CLITIC)
    negated = _negated(tokens, lexicon, index, form)
    return Cue(index, index + 1, start, stop, form, negated, (stop, end))


def _negated(tokens: Tokens, lexicon: Lexicon, index: int, form: Form) -> bool:
    if form.negated:
        return True
    for at in range(index - 1, max(-1, index - 1 - _NEGATED_WITHIN), -1):
        word = tokens.folded[at]
        if lexicon.has("not", word) or _is_contraction(tokens, at):
            return True
        if not lexicon.has("modifier", word):
            return False
    return False


def _is_contraction(tokens: Tokens, index: int) -> bool:
    """The t of didn't."""
    return (
        tokens.folded[index] == "t"
        and tokens.word(index - 1) in ("'", "’")
        and tokens.word(index - 2).endswith("n")
    )


def _is_other(tokens: Tokens, lexicon: Lexicon, cue: Cue) -> bool:
    before = tokens.word(cue.first - 1)
    if before == "-" and not tokens.is_apart(cue.first):
        return True
    if cue.form.form in _ANSWERED and (before in ("", ",", ".", "?", "!", "”", '"', "’")):
        return True
    if before == "yang" and cue.form.use == "clause" and tokens.word(cue.end) != "bahwa":
        return True
    if lexicon.language == "en" and tokens.word(cue.end) == "by":
        return True
    return cue.form.length == 1 and not cue.form.negated and lexicon.has("before", before)
