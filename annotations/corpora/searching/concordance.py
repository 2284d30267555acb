"""Keyword in context: every place where the words of a query stand, with what stands around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from typing import TypeVar

from annotations.corpora.models import Corpus
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.matching import hits, pattern
from annotations.corpora.searching.search import Search
from annotations.corpora.searching.texts import bodies
from annotations.corpora.searching.walking import Span
from annotations.text.tokens import folded, runs

MOST = 1_000
"""Hits that are put in an order; those of the articles that were loaded first."""

AROUND = 70
"""Code points of context on each side."""

_COMPARED = 6
"""Words of the context by which hits are put in order."""
_ARTICLES, _MOST_ARTICLES = 50, 1_000
_TEXTS = 5_000
"""Texts that are read for one list before it stops and says so."""


class Sort(StrEnum):
    FOUND = "found"
    LEFT = "left"
    HIT = "hit"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Line:
    """One hit: the code points [start, end) of an article's text, and what stands around them."""

    article: int
    start: int
    end: int
    left: str
    hit: str
    right: str


AnyLine = TypeVar("AnyLine", bound=Line)


@dataclass(frozen=True, slots=True)
class Concordance:
    """`lines` in order; `complete`: whether these are all; `dropped`: words not looked for."""

    lines: Sequence[Line]
    complete: bool
    dropped: Sequence[str] = ()


def concordance(corpus: Corpus, criteria: Criteria, *, sort: Sort, most: int = MOST) -> Concordance:
    """Return the first hits of the words of some criteria in the texts that meet them, put in order
    among themselves; none where the criteria have no words. Searchable articles only."""
    wanted = pattern(criteria.terms)
    if wanted is None:
        return Concordance((), True)
    search = Search(corpus, _as_written(criteria))
    walking = search.walk(Span(0, search.last))
    lines: list[Line] = []
    at_once, looked_at, is_end = _ARTICLES, 0, False
    while len(lines) <= most and looked_at < _TEXTS and not is_end:
        some = walking.next(at_once)
        texts = bodies(some.keys)
        for key in some.keys:
            if len(lines) > most:
                break
            text = texts[key]
            for start, end in hits(text, wanted, most + 1 - len(lines)):
                lines.append(Line(key, *stretch(text, start, end)))
        looked_at += len(some.keys)
        is_end = len(some.keys) < at_once
        enough = ceil(looked_at * (most + 1 - len(lines)) / max(1, len(lines)))
        at_once = min(max(_ARTICLES, enough), _MOST_ARTICLES)
    complete = len(lines) <= most and is_end and not some.stopped
    return Concordance(in_order(lines[:most], sort), complete, search.dropped)


def _as_written(criteria: Criteria) -> Criteria:
    """A single word is asked for as it is shown, in the form that was typed: articles that have it
    in other forms only would be read in vain."""
    shown = [term for term in criteria.terms if not term.without]
    if len(shown) > 1:
        return criteria
    terms = tuple(term if term.without else replace(term, exact=True) for term in criteria.terms)
    return replace(criteria, terms=terms)


def stretch(text: str, start: int, end: int) -> tuple[int, int, str, str, str]:
    """Return the code points [start, end) of a text as a line has them: where they stand, what is
    before them, they, and what follows."""
    left, right = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return start, end, left, text[start:end], right


def in_order(lines: Sequence[AnyLine], sort: Sort) -> Sequence[AnyLine]:
    """Return the lines in an order; equal ones stay as they are."""
    if sort is Sort.LEFT:
        return sorted(lines, key=lambda line: [*_words(runs(line.left)[::-1])])
    if sort is Sort.RIGHT:
        return sorted(lines, key=lambda line: [*_words(runs(line.right))])
    if sort is Sort.HIT:
        return sorted(lines, key=lambda line: [*_words(runs(line.hit)), *_words(runs(line.right))])
    return lines


def _words(context: Sequence[str]) -> Iterator[str]:
    return (folded(run) for run in context[:_COMPARED])
