"""Criteria made ready for one corpus, and the articles that meet them, some after the other."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf

from django.db import connection
from django.db.models import F

from annotations.corpora.models import Corpus
from annotations.corpora.searching.conditions import conditions, few, with_both_ends
from annotations.corpora.searching.criteria import Criteria, Forms, tsquery
from annotations.corpora.searching.matching import holds
from annotations.corpora.searching.models import CorpusSummary
from annotations.corpora.searching.patience import Patience
from annotations.corpora.searching.query import Term, looked_up, told_by_its_text
from annotations.corpora.searching.scanning import may_hold
from annotations.corpora.searching.stems import stems
from annotations.corpora.searching.texts import sent_texts
from annotations.corpora.searching.walking import Span, Walk, Wanted, among
from annotations.text.names import fold

_TEXTS, _TEXTS_AT_ONCE, _TEXTS_AT_FIRST = 1_500, 250, 50
"""How many texts are read for a phrase before the search stops and says so; at once, and at first:
a common phrase is in most of them."""

_LANGUAGES = 5
"""In so many of its languages, the most frequent ones, a corpus is searched for other forms."""


_SEARCHABLE = """SELECT s.searched_to, ARRAY(SELECT value FROM corpus_facet
        WHERE corpus_id = s.corpus_id AND field = 'language' ORDER BY articles DESC LIMIT %s)
  FROM corpus_summary s WHERE s.corpus_id = %s"""


@dataclass(frozen=True, slots=True)
class Some:
    """Keys of articles; `stopped`: the article behind which no text was looked at, 0 for none;
    `hurried`: whether it stopped because patience had ended."""

    keys: Sequence[int]
    stopped: int = 0
    hurried: bool = False


class Search:
    """Criteria made ready for one corpus. `last`: the key of its last searchable article."""

    def __init__(self, corpus: Corpus, criteria: Criteria) -> None:
        self.last, languages = _searchable(corpus)
        forms = _forms({corpus.language, *languages}, criteria)
        looked = tsquery(with_both_ends(corpus, criteria), forms)
        self.dropped = looked.dropped
        also, values = conditions(criteria)
        like = _holding(criteria.title) if criteria.title else ""
        self._wanted = Wanted(corpus.pk, looked.words, like, also, values)
        self._few = few(corpus, criteria)
        self._phrases = [term for term in criteria.terms if told_by_its_text(term)]

    def keys(self, span: Span, most: int, patience: float = inf) -> Some:
        """The articles of a span that meet the criteria, in its order, `most` at the most."""
        return self.walk(span).next(most, patience)

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

    def next(self, most: int, patience: float = inf) -> Some:
        """The next ones in the order of the span: `most`, or fewer at its end, or where so many
        texts were looked at for a phrase that it stopped, or for so long: `patience` is in
        seconds."""
        if not self._phrases:
            return Some(self._following(most))
        found, looked_at, stopped, is_end = self._spare, 0, 0, False
        at_once, waiting = min(_TEXTS_AT_FIRST, _TEXTS_AT_ONCE), Patience(patience)
        while len(found) < most and not is_end:
            hurried = looked_at > 0 and waiting.has_ended
            if hurried or looked_at >= _TEXTS:
                self._spare = []
                return Some(found, stopped, hurried)
            some = self._following(at_once)
            found += _with_phrases(some, self._phrases)
            looked_at += len(some)
            is_end = len(some) < at_once
            stopped = some[-1] if some else stopped
            at_once = waiting.texts(min(2 * at_once, _TEXTS_AT_ONCE), looked_at)
        self._spare = found[most:]
        return Some(found[:most])


def _taken(keys: list[int], most: int) -> list[int]:
    """The first of the keys, which are gone from them."""
    some, keys[:] = keys[:most], keys[most:]
    return some


def _searchable(corpus: Corpus) -> tuple[int, Sequence[str]]:
    """The key of the last searchable article, and the languages of the corpus. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SEARCHABLE, [_LANGUAGES, corpus.pk])
        [(last, languages)] = cursor.fetchall()
    return last, languages


def forms_of(corpus: Corpus, criteria: Criteria) -> Forms:
    """The stems of every word of the query in the languages of the corpus; None for a word that is
    a stop word of one of them."""
    return _forms({corpus.language, *_searchable(corpus)[1]}, criteria)


def _forms(languages: Collection[str], criteria: Criteria) -> Forms:
    words = {word for term in criteria.terms for word, _ in looked_up(term)}
    if not words:
        return {}
    known = [stems(language, words) for language in languages]
    forms: dict[str, frozenset[str] | None] = {}
    for word in words:
        found = {stem[word] for stem in known}
        forms[word] = None if None in found else frozenset(stem for stem in found if stem)
    return forms


def is_searchable(corpus: Corpus) -> bool:
    """Whether every article of the corpus can be found by now. One query."""
    return not CorpusSummary.objects.filter(corpus=corpus, searchable__lt=F("articles")).exists()


def _with_phrases(keys: Sequence[int], phrases: Sequence[Term]) -> list[int]:
    wanted = {
        key
        for some in sent_texts(keys)
        for key, text in some
        if all(_holds(text, phrase) is not phrase.without for phrase in phrases)
    }
    return [key for key in keys if key in wanted]


def _holds(text: bytes, phrase: Term) -> bool:
    return may_hold(text, phrase) and holds(text.decode(), phrase)


def _holding(title: str) -> str:
    """The pattern of a folded title that holds these words."""
    escaped = fold(title).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
