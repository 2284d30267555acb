"""Keyword in context: the places of some words in a corpus, under one another."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching.concordance import MOST, Line, Sort, concordance
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page
from annotations.web.library import listing
from annotations.web.library.forms import ConcordanceForm

LINES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its article; contexts on one line each."""

    article: Article
    start: int
    end: int
    left: str
    hit: str
    right: str


@require_safe
@may(policy.SEE_CORPUS)
def show(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    offered = listing.offered(corpus)
    form = ConcordanceForm(request.GET, corpus=corpus, languages=offered.languages)
    form.is_valid()
    told = form.cleaned_data
    sort = Sort(told.get("sort") or Sort.FOUND)
    found = concordance(corpus, form.criteria(), sort=sort)
    lines = Paginator(found.lines, LINES_A_PAGE).get_page(told.get("page") or 1)
    known = {
        "corpus": corpus,
        "summary": listing.summary(corpus),
        "form": form,
        "offered": offered,
        "found": found,
        "page": lines,
        "lines": _shown(lines),
        "asked": bool(told.get("q")),
        "most": MOST,
    }
    if request.htmx and request.htmx.target == "found":
        return fragment(request, "library/_concordance.html", known)
    return page(request, "library/concordance.html", known)


def _shown(lines: "Page[Line]") -> Sequence[ShownLine]:
    """The lines of one page. One query."""
    articles = Article.objects.only("title", "source", "published").in_bulk(
        {line.article for line in lines}
    )
    return [
        ShownLine(
            articles[line.article],
            line.start,
            line.end,
            " ".join(line.left.split()) + (" " if line.left[-1:].isspace() else ""),
            " ".join(line.hit.split()),
            (" " if line.right[:1].isspace() else "") + " ".join(line.right.split()),
        )
        for line in lines
        if line.article in articles
    ]
