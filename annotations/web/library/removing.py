"""Articles deleted, restored from the trash, taken down for good."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from annotations import policy
from annotations.assignments import withdrawing
from annotations.corpora.models import Article, Corpus
from annotations.corpora.withdrawing import in_trash
from annotations.exchange import taking_down
from annotations.limits import LIMITS
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.library.forms import ReasonForm, TakedownForm

TRASH_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ARTICLE)
def delete(request: HtmxRequest, article: Article) -> HttpResponse:
    """Ask why, which may stay empty; then the article is in the trash. Of its versions the newest
    one is meant: with it the others are out of sight."""
    if article.withdrawn_at is not None or article.superseded:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        known = {"article": article, "corpus": article.corpus, "form": form, "limits": LIMITS}
        return page(request, "library/delete.html", known, status=422 if form.is_bound else 200)
    withdrawing.withdraw(
        article.corpus, [article.pk], reason=form.cleaned_data["reason"], by=request.user
    )
    messages.success(request, _("The article is in the trash now."))
    return see_other(request, "corpus", article.corpus.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CORPUS)
def trash(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    if request.method != "POST":
        articles = in_trash(corpus).defer("metadata", "sha256")[:TRASH_SHOWN]
        known = {"corpus": corpus, "articles": list(articles), "limits": LIMITS}
        return page(request, "library/trash.html", known)
    keys = [int(key) for key in request.POST.getlist("articles") if key.isascii() and key.isdigit()]
    restored = withdrawing.restore(corpus, keys[:TRASH_SHOWN], by=request.user)
    count, refused = len(restored.articles), len(restored.refused)
    if count:
        told = ngettext("%(n)s article is restored.", "%(n)s articles are restored.", count)
        messages.success(request, told % {"n": count})
    if refused:
        told = ngettext(
            "%(n)s article stays here: another one has its external id now.",
            "%(n)s articles stay here: others have their external ids now.",
            refused,
        )
        messages.error(request, told % {"n": refused})
    if not count and not refused:
        messages.error(request, _("No article was chosen. Tick the articles first."))
    return see_other(request, "trash", corpus.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ARTICLE)
def take_down(request: HtmxRequest, article: Article) -> HttpResponse:
    """Ask for the reason and a word that shows it is meant; then the text is gone for good."""
    if article.taken_down:
        raise Http404
    known: dict[str, object] = {"article": article, "corpus": article.corpus}
    form = TakedownForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        known |= {"form": form}
        return page(request, "library/takedown.html", known, status=422 if form.is_bound else 200)
    done = taking_down.take_down(article, reason=form.cleaned_data["reason"], by=request.user)
    return page(request, "library/taken_down.html", known | {"done": done})
