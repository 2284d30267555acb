from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policy
from annotations.accounts.models import Role
from annotations.corpora import services
from annotations.corpora.models import Article, Corpus
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.library import presenters
from annotations.web.library.forms import CorpusForm

_LARGEST_KEY = 2**63 - 1


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
    query = request.GET.get("q", "").strip()[:200]
    listing = presenters.listing(
        corpus, query=query, after=_key(request, "after"), before=_key(request, "before")
    )
    known = {
        "corpus": corpus,
        "size": presenters.size(corpus),
        "query": query,
        "listing": listing,
        "may_manage": policy.MANAGE_CORPUS.allows(request.user, corpus),
    }
    return page(request, "library/corpus.html", known)


@require_safe
@may(policy.SEE_ARTICLE)
def article(request: HtmxRequest, article: Article) -> HttpResponse:
    if article.withdrawn_at is not None:
        raise Http404
    known = {"shown": presenters.shown(article), "corpus": article.corpus}
    return page(request, "library/article.html", known)


def _new(request: HtmxRequest, form: CorpusForm) -> HttpResponse:
    return page(request, "library/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _key(request: HtmxRequest, name: str) -> int | None:
    """Return the key of an article that the query names, or None when it names none."""
    given = request.GET.get(name, "")
    key = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None
    return key if key is not None and key <= _LARGEST_KEY else None
