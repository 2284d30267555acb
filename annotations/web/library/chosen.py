"""What is done with articles chosen in a list: tagged, one by one or all that was found; deleted."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from annotations import policy
from annotations.assignments import withdrawing
from annotations.corpora import tagging
from annotations.corpora.models import Corpus, Tag
from annotations.corpora.searching import facets
from annotations.jobs import services as jobs
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, see_other
from annotations.web.library.forms import FindForm
from annotations.web.library.listing import ARTICLES_A_PAGE

_LONGEST_QUERY = 5_000


@require_POST
@may(policy.MANAGE_CORPUS)
def chosen(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    """``act``: add or remove a tag, or delete; ``name``: of the tag; ``articles``: keys, or ``all``
    with ``query``, the address of the list. All that a search finds is a job's work, and is tagged
    only: articles are deleted by whoever sees them."""
    is_added = request.POST.get("act") != "remove"
    query = request.POST.get("query", "")[:_LONGEST_QUERY]
    try:
        if request.POST.get("act") == "delete":
            _delete(request, corpus)
        elif request.POST.get("all"):
            _start(request, corpus, is_added, query)
        else:
            _tag(request, corpus, is_added)
    except tagging.BadTag as refused:
        messages.error(request, str(refused))
    return see_other(
        request, f"{reverse('corpus', args=[corpus.slug])}?{QueryDict(query).urlencode()}"
    )


def _delete(request: HtmxRequest, corpus: Corpus) -> None:
    keys = _keys(request.POST.getlist("articles"))
    count = withdrawing.withdraw(corpus, keys, reason="", by=request.user) if keys else 0
    if count:
        told = ngettext(
            "%(n)s article is in the trash now.", "%(n)s articles are in the trash now.", count
        )
        _tell(request, count, told)
    else:
        messages.error(request, _("No article was chosen. Tick the articles first."))


def _tag(request: HtmxRequest, corpus: Corpus, is_added: bool) -> None:
    chosen = _keys(request.POST.getlist("articles"))
    name = request.POST.get("name", "")
    if not chosen:
        messages.error(request, _("No article was chosen. Tick the articles first."))
    elif is_added:
        count = tagging.tag(corpus, name, chosen, by=request.user)
        _tell(
            request,
            count,
            ngettext("%(n)s article was tagged.", "%(n)s articles were tagged.", count),
        )
    else:
        count = tagging.untag(_known(corpus, name), chosen, by=request.user)
        _tell(
            request,
            count,
            ngettext(
                "The tag was taken from %(n)s article.",
                "The tag was taken from %(n)s articles.",
                count,
            ),
        )


def _tell(request: HtmxRequest, count: int, words: str) -> None:
    messages.success(request, words % {"n": count})


@transaction.atomic
def _start(request: HtmxRequest, corpus: Corpus, is_added: bool, query: str) -> None:
    asked = QueryDict(query)
    # the languages that can be chosen are those that the address names: it was a list's own
    tags = facets.offered(corpus).tags
    form = FindForm(asked, languages=asked.getlist("language"), tags=tags)
    if not form.is_valid():
        messages.error(
            request, _("What was looked for is not clear. Look for it again, then tag it.")
        )
        return
    name = request.POST.get("name", "")
    tag = tagging.named(corpus, name, request.user) if is_added else _known(corpus, name)
    args: dict[str, object] = {
        "corpus": corpus.pk,
        "tag": tag.pk,
        "criteria": form.criteria().as_json(),
        "add": is_added,
    }
    jobs.start("tag_articles", args, by=request.user)
    if is_added:
        told = _("All articles found are being tagged. The home page shows how far it is.")
    else:
        told = _(
            "The tag is being taken from all articles found. The home page shows how far it is."
        )
    messages.success(request, told)


def _known(corpus: Corpus, name: str) -> Tag:
    tag = Tag.objects.filter(corpus=corpus, name=tagging.plain(name)).first()
    if tag is None:
        raise tagging.BadTag(_("No article here has this tag."))
    return tag


def _keys(given: Sequence[str]) -> list[int]:
    """The keys among what a form sent, no more than a page has."""
    return [
        int(key)
        for key in given[:ARTICLES_A_PAGE]
        if key.isascii() and key.isdigit() and len(key) < 19
    ]
