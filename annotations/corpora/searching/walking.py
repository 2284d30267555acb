"""The articles that meet some criteria, in the order in which they were loaded, as many as are
wanted: what finds fifty among a million must not look at them all.

What is dense is found by reading in order, what is rare by the index; but the index gives all of a
word's articles at once. So it is asked for what stands on some shelves, about as many as the density
met so far promises to be enough.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import connection, transaction

from annotations.corpora.searching.lexemes import SHELF_BITS, quoted

_READ, _MOST_READ = 100, 1_500
"""Articles that are read in order: at the beginning, and at once later."""
_DENSE = 0.05
"""From this share of hits on, reading in order costs less than asking the index."""
_MOST_SHELVES = 64


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

    def next(self, most: int) -> list[int]:
        """Return the next keys in the order of the span: `most`, or fewer where it ends."""
        keys: list[int] = []
        with transaction.atomic(), connection.cursor() as cursor:
            # the planner believes a word everywhere or nowhere, and would read the whole table
            cursor.execute("SET LOCAL enable_seqscan = off")
            while len(keys) < most and not self._ended:
                keys += self._step(cursor, most - len(keys))
        return keys

    def _step(self, cursor: Any, most: int) -> list[int]:
        density = (self._found + 1) / (self._looked_at + 1)
        expected = ceil(most / density)
        if not self._looked_at or density >= _DENSE:
            count = max(_READ, min(expected, _MOST_READ))
            keys = self._read(cursor, count, most)
        else:
            shelves = min(max(1, expected >> SHELF_BITS), _MOST_SHELVES)
            keys = self._ask(cursor, shelves, most)
        self._found += len(keys)
        self._ended = self._ended or self._last == self._to
        return keys

    def _read(self, cursor: Any, count: int, most: int) -> list[int]:
        """The hits among the next articles in order."""
        keys: list[int] = []
        rows = _read(cursor, self._wanted, Span(self._last, self._to), count)
        for key, is_hit in rows:
            self._last = key
            self._looked_at += 1
            if is_hit:
                keys.append(key)
                if len(keys) == most:
                    return keys
        self._ended = len(rows) < count
        return keys

    def _ask(self, cursor: Any, shelves: int, most: int) -> list[int]:
        """What stands on the next shelves, by the index."""
        upto = self._end_of(shelves)
        keys = _found(cursor, self._wanted, Span(self._last, upto), most)
        before = self._last
        self._last = keys[-1] if len(keys) == most else upto
        self._looked_at += abs(self._last - before)
        return keys

    def _end_of(self, shelves: int) -> int:
        """The last key of so many shelves, the one begun included."""
        first = self._last >> SHELF_BITS
        if self._down:
            return max(self._to, (first - shelves) << SHELF_BITS)
        return min(self._to, ((first + shelves + 1) << SHELF_BITS) - 1)


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


def _found(cursor: Any, wanted: Wanted, span: Span, most: int) -> list[int]:
    """What stands on some shelves, by the index."""
    down = span.is_downwards
    like = " AND s.title LIKE %s" if wanted.like else ""
    also = "".join(f" AND {condition}" for condition in wanted.also)
    cursor.execute(
        f"""WITH hits AS MATERIALIZED (
                 SELECT s.article_id FROM article_search s WHERE s.words @@ %s::tsquery{like})
            SELECT h.article_id FROM hits h {"JOIN article a ON a.id = h.article_id" if also else ""}
             WHERE {_keys("h.article_id", down)}{also}
             ORDER BY h.article_id {"DESC" if down else ""} LIMIT %s""",
        [
            _on_shelves(wanted, span),
            *([wanted.like] if wanted.like else []),
            *(span.after, span.to),
            *wanted.values,
            most,
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


def _on_shelves(wanted: Wanted, span: Span) -> str:
    first, last = sorted((span.after >> SHELF_BITS, span.to >> SHELF_BITS))
    shelves = " | ".join(
        quoted(f"#shelf={wanted.corpus_id}.{number}") for number in range(first, last + 1)
    )
    return f"({shelves}) & {wanted.words}" if wanted.words else shelves
