"""The articles that meet some criteria, in the order in which they were loaded, as many as are
wanted: what finds fifty among a million must not look at them all.

A word in every tenth article is found by reading a few hundred in order; one in every thousandth by
the index, but the index gives all of its articles at once. So the corpus is gone through by shelves,
a few of them first, then more and more, and the index is asked for what stands on those.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from annotations.corpora.searching.lexemes import SHELF_BITS, quoted

_READ = 300
"""Articles that are read in order before the index is asked."""
_FIRST_SHELVES, _MOST_SHELVES = 4, 64


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


def walk(wanted: Wanted, span: Span, most: int) -> list[int]:
    """Return the keys of the articles, in the order of the span, `most` at the most."""
    with transaction.atomic(), connection.cursor() as cursor:
        # the planner believes that a word is everywhere or nowhere; both would read the whole table
        cursor.execute("SET LOCAL enable_seqscan = off")
        return list(islice(_walked(cursor, wanted, span, most), most))


def among(wanted: Wanted, keys: Sequence[int], span: Span, most: int) -> list[int]:
    """As `walk`, but only of these articles. One query."""
    down = span.is_downwards
    conditions = "".join(f" AND {condition}" for condition in _conditions(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.article_id FROM article_search s JOIN article a ON a.id = s.article_id
                 WHERE s.corpus_id = %s AND s.article_id = ANY(%s)
                   AND {_keys("s.article_id", down)}{conditions}
                 ORDER BY s.article_id {"DESC" if down else ""} LIMIT %s""",
            [wanted.corpus_id, list(keys), span.after, span.to, *_values(wanted), most],
        )
        return [key for (key,) in cursor.fetchall()]


def _walked(cursor: Any, wanted: Wanted, span: Span, most: int) -> Iterator[int]:
    last, count = span.after, 0
    for key, is_hit in _read(cursor, wanted, span):
        last, count = key, count + 1
        if is_hit:
            yield key
    if count < _READ:
        return
    shelves = _FIRST_SHELVES
    while last != span.to:
        upto = _end_of(last, shelves, span)
        keys = _found(cursor, wanted, Span(last, upto), most)
        yield from keys
        last = keys[-1] if len(keys) == most else upto
        shelves = min(4 * shelves, _MOST_SHELVES)


def _end_of(last: int, shelves: int, span: Span) -> int:
    """The last key of so many shelves, the one of `last` included, in the direction of the span."""
    first = last >> SHELF_BITS
    if span.is_downwards:
        return max(span.to, (first - shelves + 1) << SHELF_BITS)
    return min(span.to, ((first + shelves) << SHELF_BITS) - 1)


def _read(cursor: Any, wanted: Wanted, span: Span) -> Sequence[tuple[int, bool]]:
    """The next articles in order, each with whether it is wanted."""
    conditions = list(_conditions(wanted)) or ["true"]
    down = span.is_downwards
    cursor.execute(
        f"""SELECT s.article_id, ({" AND ".join(conditions)}) IS TRUE
              FROM (SELECT * FROM article_search
                     WHERE corpus_id = %s AND {_keys("article_id", down)}
                     ORDER BY article_id {"DESC" if down else ""} LIMIT {_READ}) s
              JOIN article a ON a.id = s.article_id ORDER BY s.article_id {"DESC" if down else ""}""",
        [*_values(wanted), wanted.corpus_id, span.after, span.to],
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
