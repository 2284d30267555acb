"""Keyword in context: the places of some words in a corpus, under one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.corpora.models import Corpus
from annotations.corpora.searching import facets
from annotations.corpora.searching.about import Heading, headings
from annotations.corpora.searching.concordance import MOST, Line, concordance
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page
from annotations.web.kwic import LINES_A_PAGE, Words, articles_url, way_to_line, words
from annotations.web.library.forms import ConcordanceForm
from annotations.web.library.listing import PATIENCE


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its article, and the way to it there."""

    where: Heading
    url: str
    words: Words


@require_safe
@may(policy.SEE_CORPUS)
def show(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    """The first page stands soon, with what was found by then, and goes on by itself."""
    offered = facets.offered(corpus)
    form = ConcordanceForm(request.GET, languages=offered.languages, tags=offered.tags)
    form.is_valid()
    thorough = "thorough" in request.GET or form.page_number > 1
    found = concordance(
        corpus, form.criteria(), sort=form.sorting, patience=inf if thorough else PATIENCE
    )
    lines = Paginator(found.lines, LINES_A_PAGE).get_page(form.page_number)
    known = {
        "corpus": corpus,
        "summary": offered,
        "form": form,
        "offered": offered,
        "found": found,
        "page": lines,
        "lines": _shown(corpus, lines),
        "asked": bool(form.cleaned_data.get("q")),
        "most": MOST,
    }
    if request.htmx and request.htmx.target == "found":
        return fragment(request, "library/_concordance.html", known)
    return page(request, "library/concordance.html", known)


def _shown(corpus: Corpus, lines: "Page[Line]") -> Sequence[ShownLine]:
    """The lines of one page. One query."""
    articles = headings({line.article for line in lines})
    url = articles_url(corpus.slug)
    return [
        ShownLine(articles[line.article], way_to_line(url, line), words(line))
        for line in lines
        if line.article in articles
    ]
