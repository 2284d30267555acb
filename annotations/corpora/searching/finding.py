"""Articles of a corpus by what is asked for, a page at a time, at a cost that does not grow with
the corpus."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from django.db import connection, transaction

from annotations.corpora.models import UNDATED, Corpus
from annotations.corpora.searching.conditions import DAY
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.lexemes import BOOKCASE, quoted
from annotations.corpora.searching.models import ArticleSearch
from annotations.corpora.searching.search import Search
from annotations.corpora.searching.walking import Span
from annotations.text.names import fold

COUNTED = 1_000
"""So many hits are counted, and put in another order than that in which they were loaded."""

_TITLES_LIKE = """
SELECT article_id FROM (
  SELECT article_id, word_similarity(%(words)s, title) AS likeness FROM article_search
   WHERE words @@ %(places)s::tsquery AND %(words)s <%% title LIMIT 2000) alike
 ORDER BY likeness DESC, article_id LIMIT %(most)s"""


class Order(StrEnum):
    LOADED = "loaded"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind an article, or before it; at the beginning where both are 0."""

    after: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `keys` of articles in order; `before`, `after`: whether there are others.
    `hits`: how many articles meet the criteria; None where that is not known (see `count`).
    `order`: the one they are in. `dropped`: words that were not looked for. `stopped`: the article
    behind which nothing has been looked at yet, 0 where all has; `hurried`: whether it is there
    because patience had ended, and one with more would find more."""

    keys: Sequence[int]
    before: bool
    after: bool
    hits: int | None
    order: Order
    dropped: Sequence[str] = ()
    stopped: int = 0
    hurried: bool = False


def find(
    corpus: Corpus,
    criteria: Criteria,
    *,
    order: Order,
    place: Place,
    size: int,
    patience: float = inf,
) -> Found:
    """Return one page of the articles that meet the criteria; of all where nothing is asked.

    Only searchable articles are found by criteria. More than COUNTED hits are in the order in
    which they were loaded, whatever was asked. `patience`: after so many seconds the search for a
    phrase ends with what it has.
    """
    if not criteria.ask_for_something():
        return _listed(corpus, order, place, size)
    search = Search(corpus, criteria)
    if order is not Order.LOADED:
        first = search.keys(Span(0, search.last), COUNTED + 1, patience)
        if len(first.keys) <= COUNTED and not first.stopped:
            keys = _in_order(first.keys, order)
            begin, end = _stretch(keys, place, size)
            return Found(
                keys[begin:end], begin > 0, end < len(keys), len(keys), order, search.dropped
            )
    if place.before:
        some = search.keys(Span(place.before, 0), size + 1, patience)
        keys = some.keys[:size][::-1]
        more = len(some.keys) > size or some.stopped > 0
        return Found(keys, more, True, None, Order.LOADED, search.dropped, hurried=some.hurried)
    some = search.keys(Span(place.after, search.last), size + 1, patience)
    is_more = len(some.keys) > size
    return Found(
        some.keys[:size],
        place.after > 0,
        is_more,
        None if is_more or some.stopped or place.after else len(some.keys),
        Order.LOADED,
        search.dropped,
        0 if is_more else some.stopped,
        some.hurried,
    )


def count(corpus: Corpus, criteria: Criteria) -> int | None:
    """Return how many articles meet the criteria, COUNTED + 1 for more than COUNTED; None where a
    phrase is so rare that not all articles were looked through."""
    search = Search(corpus, criteria)
    found = search.keys(Span(0, search.last), COUNTED + 1)
    return None if found.stopped and len(found.keys) <= COUNTED else len(found.keys)


def titles_like(corpus: Corpus, words: str, most: int) -> list[int]:
    """Return the keys of searchable articles whose titles hold words spelt like these, the most
    alike first: for words that are in no article. By trigrams, of the first 2,000 that share
    enough, in the first two bookcases of the corpus: a hundred thousand articles."""
    first = ArticleSearch.objects.filter(corpus=corpus).order_by("article_id")
    key = first.values_list("article_id", flat=True).first()
    if key is None:
        return []
    bookcases = (BOOKCASE.lexeme(corpus.pk, BOOKCASE.number(key) + more) for more in (0, 1))
    places = " | ".join(map(quoted, bookcases))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_TITLES_LIKE, {"words": fold(words), "places": places, "most": most})
        return [key for (key,) in cursor.fetchall()]


def _listed(corpus: Corpus, order: Order, place: Place, size: int) -> Found:
    """A page of all articles, the not yet searchable ones too. One query."""
    backwards = bool(place.before)
    down = (order is Order.NEWEST) is not backwards
    by = ["a.id"] if order is Order.LOADED else [DAY, "a.id"]
    key = place.before or place.after
    row = ", ".join(by)
    edge = f"AND ({row}) {'<' if down else '>'} (SELECT {row} FROM article a WHERE a.id = %(key)s)"
    direction = "DESC" if down else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT a.id FROM article a
                 WHERE a.corpus_id = %(corpus)s AND a.withdrawn_at IS NULL AND NOT a.superseded {edge if key else ""}
                 ORDER BY {f" {direction}, ".join(by)} {direction} LIMIT %(size)s""",
            {"corpus": corpus.pk, "key": key, "undated": UNDATED, "size": size + 1},
        )
        keys = [found for (found,) in cursor.fetchall()]
    more = len(keys) > size
    keys = keys[:size]
    if backwards:
        return Found(keys[::-1], more, True, None, order)
    return Found(keys, bool(place.after), more, None, order)


def _in_order(keys: Sequence[int], order: Order) -> Sequence[int]:
    if order is Order.LOADED:
        return keys
    direction = "DESC" if order is Order.NEWEST else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT a.id FROM article a WHERE a.id = ANY(%(keys)s)
                 ORDER BY {DAY} {direction}, a.id {direction}""",
            {"keys": list(keys), "undated": UNDATED},
        )
        return [key for (key,) in cursor.fetchall()]


def _stretch(keys: Sequence[int], place: Place, size: int) -> tuple[int, int]:
    """Which of the keys stand on a page; the first ones where its place is not among them."""
    if place.before in keys:
        end = keys.index(place.before)
        return max(0, end - size), end
    begin = keys.index(place.after) + 1 if place.after in keys else 0
    return begin, min(begin + size, len(keys))
