"""The articles of a corpus as a list: what was asked for, and what was found, with its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.http import QueryDict

from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching.about import about, sizes
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.finding import (
    Order,
    Place,
    find,
    titles_like,
)
from annotations.corpora.searching.matching import Hit, inflected
from annotations.corpora.searching.scanning import Scan
from annotations.corpora.searching.search import forms_of
from annotations.corpora.searching.stems import stems
from annotations.corpora.searching.texts import sent_texts
from annotations.text.tokens import folded, runs
from annotations.web.library.forms import FindForm

Places = Mapping[int, Hit | None]

ARTICLES_A_PAGE = 50
TITLES_OFFERED = 5
PATIENCE = 0.02
"""Seconds in which a list looks for a phrase before it stands with what it has, and goes on."""
_AROUND = 90
"""Code points on each side of the words that were found."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Where the words stand: what goes before, they, what follows; on one line."""

    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """One article. `alike`: how many articles tell
    the same story, this one included; 0 for none but it."""

    key: int
    title: str
    source: str
    published: datetime | None
    language: str
    length: int
    snippet: Snippet | None
    tags: Sequence[str]
    cluster: int
    alike: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page. `after`, `before`: keys of articles for the pages around it, None where there is
    none. `hits`: None where they were not counted, which takes longer than the page: it asks for
    them when it stands. `stopped`: the article behind which a phrase has not been looked for yet,
    0 for none; `hurried`: whether it stopped early, for the page to stand, and may go on. `alike`:
    where words were found nowhere, articles with titles spelt like them."""

    rows: Sequence[Row]
    after: int | None
    before: int | None
    asked: bool
    hits: int | None
    order: Order
    reordered: bool
    dropped: Sequence[str]
    stopped: int
    hurried: bool
    alike: Sequence[Article]


def listing(corpus: Corpus, form: FindForm, *, thorough: bool) -> Listing:
    """Return the page of articles that a form asks for. The number of queries is bounded.

    What takes long to look for is shown as far as it was found soon, unless it is to be thorough.
    """
    criteria = form.criteria()
    told = form.cleaned_data
    order = Order(told.get("order") or Order.LOADED)
    place = Place(told.get("after") or 0, told.get("before") or 0)
    patience = inf if thorough else PATIENCE
    found = find(
        corpus, criteria, order=order, place=place, size=ARTICLES_A_PAGE, patience=patience
    )
    rows = _rows(corpus, criteria, found.keys)
    return Listing(
        rows=rows,
        after=found.keys[-1] if found.after else None,
        before=found.keys[0] if found.before and found.keys else None,
        asked=criteria.ask_for_something(),
        hits=found.hits,
        order=found.order,
        reordered=found.order is not order,
        dropped=found.dropped,
        stopped=found.stopped,
        hurried=found.hurried,
        alike=() if rows or found.stopped else _alike(corpus, criteria),
    )


def kept_query(query: QueryDict) -> str:
    """What was asked for, without the place of the page, as it stands in an address."""
    kept = query.copy()
    for name in ("after", "before", "thorough"):
        kept.pop(name, None)
    return kept.urlencode()


def _rows(corpus: Corpus, criteria: Criteria, keys: Sequence[int]) -> Sequence[Row]:
    known = about(keys)
    snippets = _snippets(corpus, criteria, keys)
    alike = sizes(corpus, {one.cluster for one in known.values() if one.cluster is not None})
    return [
        Row(
            key,
            one.title,
            one.source or "—",
            one.published,
            one.language or corpus.language,
            one.length,
            snippets.get(key),
            one.tags,
            one.cluster or 0,
            alike.get(one.cluster or 0, 0),
        )
        for key in keys
        if (one := known.get(key))
    ]


def _alike(corpus: Corpus, criteria: Criteria) -> Sequence[Article]:
    words = " ".join(word for term in criteria.terms if not term.without for word in term.words)
    if not words:
        return ()
    keys = titles_like(corpus, words, TITLES_OFFERED)
    articles = Article.objects.only("title", "source").in_bulk(keys)
    return [articles[key] for key in keys if key in articles]


def _snippets(corpus: Corpus, criteria: Criteria, keys: Sequence[int]) -> Mapping[int, Snippet]:
    """Where each article has what was looked for: as it was written, else in another form."""
    if all(term.without for term in criteria.terms):
        return {}
    # bytes are looked through: to make a pattern of a word takes longer than to look for it
    scan = Scan(criteria.terms)
    sent = {key: text.partition(b"\n")[2] for some in sent_texts(keys) for key, text in some}
    places: dict[int, Hit | None] = {
        key: next(((start, end) for start, end, *_ in scan.stretches(body, 1)), None)
        for key, body in sent.items()
    }
    bodies = {key: body.decode() for key, body in sent.items()}
    others = {key: bodies[key] for key, place in places.items() if place is None}
    places |= _inflected(corpus, criteria, others)
    return {key: _snippet(bodies[key], *place) for key, place in places.items() if place}


def _inflected(corpus: Corpus, criteria: Criteria, bodies: Mapping[int, str]) -> Places:
    loose = [term for term in criteria.terms if not (term.exact or term.begins or term.without)]
    forms = forms_of(corpus, criteria) if loose and bodies else {}
    wanted = {stem for term in loose for stem in forms.get(term.words[0]) or ()}
    if not wanted:
        return {}
    words = {folded(run) for body in bodies.values() for run in runs(body)}
    known = stems(corpus.language, words)
    return {key: inflected(body, wanted, known) for key, body in bodies.items()}


def _snippet(text: str, start: int, end: int) -> Snippet:
    before = " ".join(text[max(0, start - _AROUND) : start].split())
    after = " ".join(text[end : end + _AROUND].split())
    left = " " if start and text[start - 1].isspace() else ""
    right = " " if text[end : end + 1].isspace() else ""
    return Snippet(
        f"{'…' if start > _AROUND else ''}{before}{left}",
        " ".join(text[start:end].split()),
        f"{right}{after}{'…' if end + _AROUND < len(text) else ''}",
    )
