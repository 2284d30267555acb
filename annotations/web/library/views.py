from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policy
from annotations.accounts.models import Role
from annotations.corpora import services
from annotations.corpora.models import Article, Corpus
from annotations.corpora.searching import facets, finding
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.kwic import articles_url
from annotations.web.library import about, listing, presenters
from annotations.web.library.forms import CorpusForm, FindForm


@require_safe
@may(policy.SIGNED_IN)
def everything(request: HtmxRequest) -> HttpResponse:
    """The corpora one may read; an annotator who may read none does not learn of the page."""
    corpora = list(presenters.corpora(request.user))
    if not corpora and request.user.role == Role.ANNOTATOR:
        raise Http404
    may_create = policy.CREATE_CORPUS.allows(request.user, None)
    return page(request, "library/page.html", {"corpora": corpora, "may_create": may_create})


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.CREATE_CORPUS)
def new(request: HtmxRequest) -> HttpResponse:
    form = CorpusForm(request.POST or None)
    if not form.is_valid():
        return _new(request, form)
    told = form.cleaned_data
    try:
        corpus = services.create_corpus(
            told["slug"],
            name=told["name"],
            language=told["language"],
            title_in_text=told["title_in_text"],
            by=request.user,
        )
    except services.SlugTakenError as taken:
        form.add_error("slug", str(taken))
        return _new(request, form)
    messages.success(request, _("The corpus stands. Now load its articles."))
    return see_other(request, "corpus_load", corpus.slug)


@require_safe
@may(policy.SEE_CORPUS)
def show(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    """The articles that the address asks for. What it asks for in vain words is answered beside
    the field, with the articles that all the rest asks for."""
    offered = facets.offered(corpus)
    form = FindForm(request.GET, languages=offered.languages, tags=offered.tags)
    form.is_valid()
    known = {
        "corpus": corpus,
        "summary": offered,
        "form": form,
        "offered": offered,
        "listing": listing.listing(corpus, form, thorough="thorough" in request.GET),
        "kept": listing.kept_query(request.GET),
        "articles_url": articles_url(corpus.slug),
        "may_manage": policy.MANAGE_CORPUS.allows(request.user, corpus),
    }
    if request.htmx and request.htmx.target == "found":
        return fragment(request, "library/_found_articles.html", known)
    return page(request, "library/corpus.html", known)


@require_safe
@may(policy.SEE_CORPUS)
def count(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    """How many articles the address asks for: what the list asks for once it stands."""
    offered = facets.offered(corpus)
    form = FindForm(request.GET, languages=offered.languages, tags=offered.tags)
    form.is_valid()
    hits = finding.count(corpus, form.criteria())
    known = {
        "hits": hits,
        "many": hits is not None and hits > finding.COUNTED,
        "most": finding.COUNTED,
    }
    return fragment(request, "library/_hits.html", known)


@require_safe
@may(policy.SEE_ARTICLE)
def article(request: HtmxRequest, article: Article) -> HttpResponse:
    """Of a text that was taken down, whoever manages it reads that it was, when and why."""
    if article.taken_down and policy.MANAGE_ARTICLE.allows(request.user, article):
        gone = {"corpus": article.corpus, "events": about.events(article)}
        return page(request, "library/gone.html", gone, status=410)
    if article.withdrawn_at is not None:
        raise Http404
    known = {
        "shown": presenters.shown(article, _pointed(request)),
        "layers": about.layers(article, request.user),
        "settles": about.settles(article, request.user),
        "events": about.events(article),
        "versions": about.others(article),
        "corpus": article.corpus,
        "may_manage": policy.MANAGE_ARTICLE.allows(request.user, article),
    }
    return page(request, "library/article.html", known)


def _new(request: HtmxRequest, form: CorpusForm) -> HttpResponse:
    return page(request, "library/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _pointed(request: HtmxRequest) -> tuple[int, int]:
    """The code points that the address leads to; (0, 0) where it leads to none."""
    start, end = (request.GET.get(name, "") for name in ("from", "to"))
    if all(told.isascii() and told.isdigit() and len(told) < 10 for told in (start, end)):
        return int(start), int(end)
    return 0, 0
