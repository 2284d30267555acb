"""The articles that meet some criteria, in the order in which they were loaded, as many as are
wanted: what finds fifty among a million must not look at them all.

What is dense is found by reading in order, what is rare by the index; but the index gives all of a
word's articles at once. So it is asked for what stands on some shelves, or in some bookcases, about as many as the density
met so far promises to be enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import connection, transaction

from annotations.corpora.searching.lexemes import BOOKCASE, SHELF, Stretch, quoted

_READ, _MOST_READ = 100, 1_500
"""Articles that are read in order: at the beginning, and at once later."""
_DENSE, _FEW = 0.2, 300
"""From this share of hits on, reading so many in order costs less than asking the index for a shelf;
more only where no words are asked for, which lie outside the rows."""
_SHELVES = 8
"""What needs more shelves is looked for in bookcases."""
_GROWTH = 50
"""So many times what has been looked at is looked at next, at the most: a word that came up late may
be everywhere from then on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words`: a tsquery, or "". `like`: a pattern of LIKE for the folded title, or "". `also`:
    conditions in SQL over article `a`, with `values`."""

    corpus_id: int
    words: str = ""
    like: str = ""
    also: Sequence[str] = ()
    values: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The keys of the articles to look at: those in (after, to], or downwards in [to, after)."""

    after: int
    to: int

    @property
    def is_downwards(self) -> bool:
        return self.to < self.after


class Walk:
    """Goes through a span once; each call of `next` goes on where the last one stopped."""

    def __init__(self, wanted: Wanted, span: Span) -> None:
        self._wanted, self._to = wanted, span.to
        self._down = span.is_downwards
        self._last = span.after
        self._looked_at = self._found = 0
        self._ended = span.after == span.to
        self._met: list[int] = []

    def next(self, most: int) -> list[int]:
        """Return the next keys in the order of the span: `most`, or fewer where it ends."""
        with transaction.atomic(), connection.cursor() as cursor:
            # the planner believes a word everywhere or nowhere, and would read the whole table
            cursor.execute("SET LOCAL enable_seqscan = off")
            while len(self._met) < most and not self._ended:
                keys = self._step(cursor, most - len(self._met))
                self._found += len(keys)
                self._ended = self._ended or self._last == self._to
                self._met += keys
        keys, self._met = self._met[:most], self._met[most:]
        return keys

    def _step(self, cursor: Any, most: int) -> Sequence[int]:
        density = (self._found + 1) / (self._looked_at + 1)
        expected = min(ceil(most / density), _GROWTH * self._looked_at)
        if density >= _DENSE and (expected <= _FEW or not self._wanted.words):
            return self._read(cursor, max(_READ, min(expected, _MOST_READ)))
        shelves = expected >> SHELF.bits
        if shelves < _SHELVES:
            return self._ask(cursor, SHELF, shelves)
        return self._ask(cursor, BOOKCASE, expected >> BOOKCASE.bits)

    def _read(self, cursor: Any, count: int) -> Sequence[int]:
        """The hits among the next articles in order."""
        rows = _read(cursor, self._wanted, Span(self._last, self._to), count)
        self._last = rows[-1][0] if rows else self._to
        self._looked_at += len(rows)
        self._ended = len(rows) < count
        return [key for key, is_hit in rows if is_hit]

    def _ask(self, cursor: Any, stretch: Stretch, more: int) -> Sequence[int]:
        """What stands on the next shelf or bookcase, and on so many more, by the index."""
        upto = self._end_of(stretch, more)
        keys = _found(cursor, self._wanted, stretch, Span(self._last, upto))
        self._looked_at += abs(upto - self._last)
        self._last = upto
        return keys

    def _end_of(self, stretch: Stretch, more: int) -> int:
        """The last key of the shelf or bookcase that is next or begun, and of so many more."""
        first = stretch.number(self._last - 1 if self._down else self._last + 1)
        if self._down:
            return max(self._to, (first - more) << stretch.bits)
        return min(self._to, ((first + more + 1) << stretch.bits) - 1)


def among(wanted: Wanted, keys: Sequence[int], span: Span) -> list[int]:
    """Return those of these articles that are wanted, in the order of the span. One query."""
    down = span.is_downwards
    conditions = "".join(f" AND {condition}" for condition in _conditions(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.article_id FROM article_search s JOIN article a ON a.id = s.article_id
                 WHERE s.corpus_id = %s AND s.article_id = ANY(%s)
                   AND {_keys("s.article_id", down)}{conditions}
                 ORDER BY s.article_id {"DESC" if down else ""}""",
            [wanted.corpus_id, list(keys), span.after, span.to, *_values(wanted)],
        )
        return [key for (key,) in cursor.fetchall()]


def _read(cursor: Any, wanted: Wanted, span: Span, count: int) -> Sequence[tuple[int, bool]]:
    """The next articles in order, each with whether it is wanted."""
    conditions = list(_conditions(wanted)) or ["true"]
    direction = "DESC" if span.is_downwards else ""
    article = "JOIN article a ON a.id = s.article_id" if wanted.also else ""
    corpus = wanted.corpus_id
    behind, upto = ("<", ">=") if span.is_downwards else (">", "<=")
    # rows are compared, so that only the index of both columns serves: by that of articles alone the
    # planner would go through every other corpus first
    cursor.execute(
        f"""SELECT s.article_id, ({" AND ".join(conditions)}) IS TRUE
              FROM (SELECT * FROM article_search
                     WHERE (corpus_id, article_id) {behind} (%s, %s)
                       AND (corpus_id, article_id) {upto} (%s, %s)
                     ORDER BY corpus_id {direction}, article_id {direction} LIMIT {count}) s
                   {article} ORDER BY s.article_id {direction}""",
        [*_values(wanted), corpus, span.after, corpus, span.to],
    )
    rows: list[tuple[int, bool]] = cursor.fetchall()
    return rows


def _found(cursor: Any, wanted: Wanted, stretch: Stretch, span: Span) -> Sequence[int]:
    """What stands on some shelves or in some bookcases, by the index."""
    down = span.is_downwards
    like = " AND s.title LIKE %s" if wanted.like else ""
    also = "".join(f" AND {condition}" for condition in wanted.also)
    cursor.execute(
        f"""WITH hits AS MATERIALIZED (
                 SELECT s.article_id FROM article_search s WHERE s.words @@ %s::tsquery{like})
            SELECT h.article_id FROM hits h {"JOIN article a ON a.id = h.article_id" if also else ""}
             WHERE {_keys("h.article_id", down)}{also}
             ORDER BY h.article_id {"DESC" if down else ""}""",
        [
            _standing(wanted, stretch, span),
            *([wanted.like] if wanted.like else []),
            *(span.after, span.to),
            *wanted.values,
        ],
    )
    return [key for (key,) in cursor.fetchall()]


def _keys(column: str, down: bool) -> str:
    return f"{column} < %s AND {column} >= %s" if down else f"{column} > %s AND {column} <= %s"


def _conditions(wanted: Wanted) -> Iterator[str]:
    if wanted.words:
        yield "s.words @@ %s::tsquery"
    if wanted.like:
        yield "s.title LIKE %s"
    yield from wanted.also


def _values(wanted: Wanted) -> Sequence[Any]:
    return [*filter(None, (wanted.words, wanted.like)), *wanted.values]


def _standing(wanted: Wanted, stretch: Stretch, span: Span) -> str:
    first, last = sorted((stretch.number(span.after), stretch.number(span.to)))
    places = " | ".join(
        quoted(stretch.lexeme(wanted.corpus_id, number)) for number in range(first, last + 1)
    )
    return f"({places}) & {wanted.words}" if wanted.words else places
