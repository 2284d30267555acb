"""Articles of a corpus by what is asked for, a page at a time, at a cost that does not grow with
the corpus."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from annotations.corpora.models import UNDATED, Corpus
from annotations.corpora.searching.criteria import Criteria, Forms, bounds, tsquery
from annotations.corpora.searching.matching import holds
from annotations.corpora.searching.models import CorpusFacet, CorpusSummary
from annotations.corpora.searching.query import Term, looked_up, told_by_its_text
from annotations.corpora.searching.stems import stems
from annotations.corpora.searching.walking import Span, Walk, Wanted, among
from annotations.text.names import fold

COUNTED = 1_000
"""So many hits are counted, and put in another order than that in which they were loaded."""

_FEW = 2_000
"""Where a tag, a cluster or a state has no more articles, those are looked at and no others."""

_TEXTS, _TEXTS_AT_ONCE = 1_500, 250
"""How many texts are read for a phrase before the search stops and says so."""

_LANGUAGES = 5
"""In so many of its languages, the most frequent ones, a corpus is searched for other forms."""

UNASSIGNED = "unassigned"
STATUSES: Mapping[str, Sequence[str]] = {
    "waiting": ("waiting",),
    "open": ("open", "reopened"),
    "submitted": ("submitted",),
    "skipped": ("skipped",),
}
"""The states that articles are looked for by: somebody's pass over it has one of these statuses."""

IN_HANDS = ("waiting", "open", "reopened")
"""The statuses of a pass that its annotator can still change."""

_DAY = "coalesce(a.published, %(undated)s)"
_TAGGED = "EXISTS (SELECT FROM article_tag u WHERE u.article_id = a.id AND u.tag_id = %s)"
_CLUSTERED = "EXISTS (SELECT FROM article_cluster u WHERE u.article_id = a.id AND u.cluster = %s)"
_HAS_STATUS = "EXISTS (SELECT FROM assignment g WHERE g.article_id = a.id AND g.status = ANY(%s))"
_HAS_NONE = "NOT EXISTS (SELECT FROM assignment g WHERE g.article_id = a.id)"
_HELD = """EXISTS (SELECT FROM assignment g
  WHERE g.campaign_id = %s AND g.annotator_id = %s AND g.status = ANY(%s) AND g.kind = 'annotator'
    AND NOT g.withdrawn AND g.article_id = a.id)"""
_OF_TAG = "SELECT article_id FROM article_tag WHERE tag_id = %s"
_OF_CLUSTER = "SELECT article_id FROM article_cluster WHERE corpus_id = %s AND cluster = %s"
_OF_STATE = "SELECT article_id FROM assignment WHERE corpus_id = %s AND status = ANY(%s)"
_OF_HANDS = """SELECT article_id FROM assignment
  WHERE campaign_id = %s AND annotator_id = %s AND status = ANY(%s) AND kind = 'annotator'
    AND NOT withdrawn"""
_TEXTS_OF = """SELECT a.id, a.title || E'\n' || t.text
  FROM article a JOIN article_text t ON t.article_id = a.id WHERE a.id = ANY(%s)"""
_BODIES_OF = "SELECT article_id, text FROM article_text WHERE article_id = ANY(%s)"
_TITLES_LIKE = """
SELECT article_id FROM (
  SELECT article_id, word_similarity(%(words)s, title) AS likeness FROM article_search
   WHERE %(words)s <%% title AND corpus_id = %(corpus)s LIMIT 2000) alike
 ORDER BY likeness DESC, article_id LIMIT %(most)s"""
_FIRST_AND_LAST = f"""SELECT
  (SELECT a.published FROM article a WHERE a.corpus_id = %(corpus)s AND {_DAY} > %(undated)s
    ORDER BY {_DAY}, a.id LIMIT 1),
  (SELECT a.published FROM article a WHERE a.corpus_id = %(corpus)s AND {_DAY} > %(undated)s
    ORDER BY {_DAY} DESC, a.id DESC LIMIT 1)"""


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
    behind which nothing has been looked at yet, 0 where all has."""

    keys: Sequence[int]
    before: bool
    after: bool
    hits: int | None
    order: Order
    dropped: Sequence[str] = ()
    stopped: int = 0


def find(corpus: Corpus, criteria: Criteria, *, order: Order, place: Place, size: int) -> Found:
    """Return one page of the articles that meet the criteria; of all where nothing is asked.

    Only searchable articles are found by criteria. More than COUNTED hits are in the order in
    which they were loaded, whatever was asked.
    """
    if not criteria.ask_for_something():
        return _listed(corpus, order, place, size)
    search = Search(corpus, criteria)
    if order is not Order.LOADED:
        first = search.keys(Span(0, search.last), COUNTED + 1)
        if len(first.keys) <= COUNTED and not first.stopped:
            keys = _in_order(first.keys, order)
            begin, end = _stretch(keys, place, size)
            return Found(
                keys[begin:end], begin > 0, end < len(keys), len(keys), order, search.dropped
            )
    if place.before:
        some = search.keys(Span(place.before, 0), size + 1)
        keys = some.keys[:size][::-1]
        more = len(some.keys) > size or some.stopped > 0
        return Found(keys, more, True, None, Order.LOADED, search.dropped)
    some = search.keys(Span(place.after, search.last), size + 1)
    is_more = len(some.keys) > size
    return Found(
        some.keys[:size],
        place.after > 0,
        is_more,
        None if is_more or some.stopped or place.after else len(some.keys),
        Order.LOADED,
        search.dropped,
        0 if is_more else some.stopped,
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
    enough."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_TITLES_LIKE, {"words": fold(words), "corpus": corpus.pk, "most": most})
        return [key for (key,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Some:
    """Keys of articles; `stopped`: the article behind which no text was looked at, 0 for none."""

    keys: Sequence[int]
    stopped: int = 0


class Search:
    """Criteria made ready for one corpus. `last`: the key of its last searchable article."""

    def __init__(self, corpus: Corpus, criteria: Criteria) -> None:
        looked = tsquery(_with_both_ends(corpus, criteria), forms_of(corpus, criteria))
        self.dropped = looked.dropped
        self.last = (
            CorpusSummary.objects.filter(corpus=corpus).values_list("searched_to", flat=True).get()
        )
        also, values = _conditions(criteria)
        like = _holding(criteria.title) if criteria.title else ""
        self._wanted = Wanted(corpus.pk, looked.words, like, also, values)
        self._few = _few(corpus, criteria)
        self._phrases = [term for term in criteria.terms if told_by_its_text(term)]

    def keys(self, span: Span, most: int) -> Some:
        """The articles of a span that meet the criteria, in its order, `most` at the most."""
        return self.walk(span).next(most)

    def walk(self, span: Span) -> "Walking":
        """The same, some after the other."""
        if self._few is None:
            return Walking(Walk(self._wanted, span).next, self._phrases)
        keys = among(self._wanted, self._few, span)
        return Walking(partial(_taken, keys), self._phrases)


class Walking:
    """Articles of a span that meet some criteria, some after the other."""

    def __init__(self, following: Callable[[int], list[int]], phrases: Sequence[Term]) -> None:
        self._following, self._phrases = following, phrases
        self._spare: list[int] = []

    def next(self, most: int) -> Some:
        """The next ones in the order of the span: `most`, or fewer at its end, or where so many
        texts were looked at for a phrase that it stopped."""
        if not self._phrases:
            return Some(self._following(most))
        found, looked_at, stopped, is_end = self._spare, 0, 0, False
        while len(found) < most and not is_end:
            if looked_at >= _TEXTS:
                self._spare = []
                return Some(found, stopped)
            some = self._following(_TEXTS_AT_ONCE)
            found += _with_phrases(some, self._phrases)
            looked_at += len(some)
            is_end = len(some) < _TEXTS_AT_ONCE
            stopped = some[-1] if some else stopped
        self._spare = found[most:]
        return Some(found[:most])


def _taken(keys: list[int], most: int) -> list[int]:
    """The first of the keys, which are gone from them."""
    some, keys[:] = keys[:most], keys[most:]
    return some


def forms_of(corpus: Corpus, criteria: Criteria) -> Forms:
    """The stems of every word of the query in the languages of the corpus; None for a word that is
    a stop word of one of them."""
    words = {word for term in criteria.terms for word, _ in looked_up(term)}
    if not words:
        return {}
    spoken = CorpusFacet.objects.filter(corpus=corpus, field="language").order_by("-articles")
    languages = spoken.values_list("value", flat=True)[:_LANGUAGES]
    known = [stems(language, words) for language in {corpus.language, *languages}]
    forms: dict[str, frozenset[str] | None] = {}
    for word in words:
        found = {stem[word] for stem in known}
        forms[word] = None if None in found else frozenset(stem for stem in found if stem)
    return forms


def is_searchable(corpus: Corpus) -> bool:
    """Whether every article of the corpus can be found by now. One query."""
    return not CorpusSummary.objects.filter(corpus=corpus, searchable__lt=F("articles")).exists()


def texts(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the title and text of these articles, a line break between them."""
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS_OF, [list(keys)])
        return dict(cursor.fetchall())


def bodies(keys: Sequence[int]) -> Mapping[int, str]:
    """Return the texts of these articles."""
    with connection.cursor() as cursor:
        cursor.execute(_BODIES_OF, [list(keys)])
        return dict(cursor.fetchall())


def _with_phrases(keys: Sequence[int], phrases: Sequence[Term]) -> list[int]:
    said = texts(keys)
    return [
        key
        for key in keys
        if all(holds(said[key], phrase) is not phrase.without for phrase in phrases)
    ]


def _listed(corpus: Corpus, order: Order, place: Place, size: int) -> Found:
    """A page of all articles, the not yet searchable ones too. One query."""
    backwards = bool(place.before)
    down = (order is Order.NEWEST) is not backwards
    by = ["a.id"] if order is Order.LOADED else [_DAY, "a.id"]
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
                 ORDER BY {_DAY} {direction}, a.id {direction}""",
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


def _conditions(criteria: Criteria) -> tuple[list[str], list[Any]]:
    """What only the rows tell, as conditions over article `a`."""
    also: list[str] = []
    values: list[Any] = []
    since, until = bounds(criteria)
    for bound, sign in ((since, ">="), (until, "<=")):
        if bound is not None:
            also.append(f"a.published {sign} %s")
            values.append(bound)
    for key, condition in ((criteria.tag, _TAGGED), (criteria.cluster, _CLUSTERED)):
        if key is not None:
            also.append(condition)
            values.append(key)
    if criteria.state == UNASSIGNED:
        also.append(_HAS_NONE)
    elif criteria.state:
        also.append(_HAS_STATUS)
        values.append(list(STATUSES[criteria.state]))
    if criteria.hands is not None:
        also.append(_HELD)
        values += [criteria.hands.campaign, criteria.hands.person, list(IN_HANDS)]
    return also, values


def _few(corpus: Corpus, criteria: Criteria) -> Sequence[int] | None:
    """The keys of all articles that can meet the criteria, where a tag, a cluster, a state or one
    person's hands leave no more than a few of them; None where they do not."""
    asked: list[tuple[str, list[Any]]] = []
    if criteria.hands is not None:
        held = [criteria.hands.campaign, criteria.hands.person, list(IN_HANDS)]
        asked.append((_OF_HANDS, held))
    if criteria.cluster is not None:
        asked.append((_OF_CLUSTER, [corpus.pk, criteria.cluster]))
    if criteria.tag is not None:
        asked.append((_OF_TAG, [criteria.tag]))
    if criteria.state in STATUSES:
        asked.append((_OF_STATE, [corpus.pk, list(STATUSES[criteria.state])]))
    for statement, values in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} LIMIT {_FEW + 1}", values)
            keys = [key for (key,) in cursor.fetchall()]
        if len(keys) <= _FEW:
            return list(dict.fromkeys(keys))
    return None


def _with_both_ends(corpus: Corpus, criteria: Criteria) -> Criteria:
    """A stretch of days that is open at one end ends with the corpus's first or last day."""
    if (criteria.since is None) is (criteria.until is None):
        return criteria
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_AND_LAST, {"corpus": corpus.pk, "undated": UNDATED})
        first, last = cursor.fetchone() or (None, None)
    if criteria.since is None and first is not None and criteria.until is not None:
        return replace(criteria, since=min(first.date(), criteria.until))
    if criteria.since is not None and last is not None:
        return replace(criteria, until=max(last.date(), criteria.since))
    return criteria


def _holding(title: str) -> str:
    """The pattern of a folded title that holds these words."""
    escaped = fold(title).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
