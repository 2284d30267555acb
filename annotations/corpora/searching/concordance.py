"""Keyword in context: every place where the words of a query stand, with what stands around them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate
from math import ceil, inf
from typing import TypeVar

from msgspec import Struct

from annotations.corpora.models import Corpus
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.patience import Patience
from annotations.corpora.searching.scanning import Scan
from annotations.corpora.searching.search import Search
from annotations.corpora.searching.texts import sent_bodies
from annotations.corpora.searching.walking import Span
from annotations.text.tokens import folded, runs

MOST = 1_000
"""Hits that are put in an order; those of the articles that were loaded first."""

_COMPARED = 6
"""Words of the context by which hits are put in order."""
_WORDS = bytes(byte if chr(byte).isalnum() or byte == ord("_") else ord(" ") for byte in range(128))
_WORDS = _WORDS.ljust(256).lower()
"""Small letters for ASCII letters, and spaces for what is in no word."""
_ARTICLES, _MOST_ARTICLES = 50, 1_000
_TEXTS = 5_000
"""Texts that are read for one list before it stops and says so."""


class Sort(StrEnum):
    FOUND = "found"
    LEFT = "left"
    HIT = "hit"
    RIGHT = "right"


class Line(Struct, frozen=True, gc=False):
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
    """`lines` in order; `complete`: whether these are all; `dropped`: words not looked for;
    `hurried`: whether the search stopped because patience had ended, and more would be found."""

    lines: Sequence[Line]
    complete: bool
    dropped: Sequence[str] = ()
    hurried: bool = False


def concordance(
    corpus: Corpus, criteria: Criteria, *, sort: Sort, most: int = MOST, patience: float = inf
) -> Concordance:
    """Return the first hits of the words of some criteria in the texts that meet them, put in order
    among themselves; none where the criteria have no words. Searchable articles only. After
    `patience` (seconds) it stops with what was found."""
    if all(term.without for term in criteria.terms):
        return Concordance((), True)
    scan = Scan(criteria.terms)
    search = Search(corpus, _as_written(criteria))
    walking = search.walk(Span(0, search.last))
    lines: list[Line] = []
    at_once, looked_at, is_end, hurried = _ARTICLES, 0, False, False
    waiting = Patience(patience)
    while len(lines) <= most and looked_at < _TEXTS and not is_end and not hurried:
        some = walking.next(at_once)
        lines += _lines(some.keys, scan, most + 1 - len(lines))
        looked_at += len(some.keys)
        is_end = len(some.keys) < at_once
        enough = ceil(looked_at * (most + 1 - len(lines)) / max(1, len(lines)))
        at_once = waiting.texts(min(max(_ARTICLES, enough), _MOST_ARTICLES), looked_at)
        hurried = waiting.has_ended
    hurried = hurried and len(lines) <= most and not is_end
    complete = len(lines) <= most and is_end and not some.stopped
    return Concordance(in_order(lines[:most], sort), complete, search.dropped, hurried)


def _lines(keys: Sequence[int], scan: Scan, most: int) -> Sequence[Line]:
    """The first hits in some texts, `most` at the most."""
    found: dict[int, Sequence[Line]] = {}
    number, last = 0, max(keys, default=0)
    for some in sent_bodies(keys):
        for key, text in sorted(one for one in some if one[0] <= last):
            found[key] = [Line(key, *where) for where in scan.stretches(text, most)]
            number += len(found[key])
            if number >= most:
                # texts come in any order: others may still stand before this one, none behind it
                last, number = _enough(found, most)
                if key >= last:
                    break
    return [line for key in sorted(found) for line in found[key]][:most]


def _enough(found: dict[int, Sequence[Line]], most: int) -> tuple[int, int]:
    """The text with which there are enough lines, and how many they are; those behind it go."""
    numbers = accumulate(len(found[key]) for key in sorted(found))
    last, number = next(one for one in zip(sorted(found), numbers, strict=True) if one[1] >= most)
    for key in [key for key in found if key > last]:
        del found[key]
    return last, number


def _as_written(criteria: Criteria) -> Criteria:
    """A single word is asked for as it is shown, in the form that was typed: articles that have it
    in other forms only would be read in vain."""
    shown = [term for term in criteria.terms if not term.without]
    if len(shown) > 1:
        return criteria
    terms = tuple(term if term.without else replace(term, exact=True) for term in criteria.terms)
    return replace(criteria, terms=terms)


def in_order(lines: Sequence[AnyLine], sort: Sort) -> Sequence[AnyLine]:
    """Return the lines in an order; equal ones stay as they are."""
    if sort is Sort.LEFT:
        return sorted(lines, key=lambda line: _last_words(line.left))
    if sort is Sort.RIGHT:
        return sorted(lines, key=lambda line: _first_words(line.right))
    if sort is Sort.HIT:
        return sorted(lines, key=lambda line: _first_words(line.hit) + _first_words(line.right))
    return lines


def _first_words(context: str) -> list[bytes]:
    """The words that a context begins with, folded, in UTF-8: it sorts as code points do."""
    if context.isascii():
        return context.encode().translate(_WORDS).split(None, _COMPARED)[:_COMPARED]
    return [folded(run).encode() for run in runs(context)[:_COMPARED]]


def _last_words(context: str) -> list[bytes]:
    """The words that a context ends with, the last one first."""
    if context.isascii():
        return context.encode().translate(_WORDS).rsplit(None, _COMPARED)[: -_COMPARED - 1 : -1]
    return [folded(run).encode() for run in runs(context)[: -_COMPARED - 1 : -1]]
