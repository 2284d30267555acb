"""What a person looks for, as they type it: words, "phrases", -without, beginnings*."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotations.corpora.searching.lexemes import LONGEST, pieces
from annotations.text.tokens import folded, is_unparted, runs

MOST_TERMS = 20
LONGEST_QUERY = 300
"""Code points; the search field takes no more."""

_QUOTES = '"“”„‟«»「」'
_CHUNK = re.compile(
    rf"(?P<minus>[-\u2212])?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s{_QUOTES}]+))"
)


class TooManyTerms(ValueError):
    """More than MOST_TERMS words and phrases."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that an article must hold, or with `without` must not: words that follow one
    another (folded), of which the last may be a beginning. `exact`: these forms, no others."""

    words: tuple[str, ...]
    exact: bool = False
    begins: bool = False
    without: bool = False


def parse(text: str) -> Sequence[Term]:
    """Return the terms of a query, in order; no term where it holds no word.

    Raises TooManyTerms.
    """
    terms = list(_terms(text[:LONGEST_QUERY]))
    if len(terms) > MOST_TERMS:
        raise TooManyTerms
    return terms


def _terms(text: str) -> Iterator[Term]:
    for chunk in _CHUNK.finditer(text):
        written = chunk["phrase"] if chunk["bare"] is None else chunk["bare"]
        words = tuple(folded(run[:LONGEST]) for run in runs(written))
        if words:
            yield Term(
                words,
                exact=chunk["bare"] is None or len(words) > 1 or is_unparted(words[0]),
                begins=written.endswith("*"),
                without=chunk["minus"] is not None,
            )


def looked_up(term: Term) -> Iterator[tuple[str, bool]]:
    """Yield the lexemes that an article with this term has, each with whether it only begins so."""
    last = len(term.words) - 1
    for index, word in enumerate(term.words):
        begins = term.begins and index == last
        if is_unparted(word):
            pairs = [piece for piece in pieces(word) if len(piece) > 1]
            yield from ((piece, False) for piece in pairs or word)
        else:
            yield word, begins


def told_by_its_text(term: Term) -> bool:
    """Whether signs must follow one another in a way that only the text tells, not its lexemes."""
    return term.exact and (len(term.words) > 1 or len(list(looked_up(term))) > 1)
