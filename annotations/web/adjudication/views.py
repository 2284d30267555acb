"""Adjudication: the list of articles, the ways into the desk, the job, the log of decisions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from annotations import policy
from annotations.adjudication import services
from annotations.adjudication.articles import left_in
from annotations.adjudication.queries import State
from annotations.adjudication.rules import Rule
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article
from annotations.web.adjudicating import gold_url
from annotations.web.adjudication import decided, presenters, work
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.progress import shown


@require_safe
@may(policy.ADJUDICATE)
def show(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    wanted = _wanted(request)
    known = {
        "campaign": campaign,
        "listing": presenters.screen(campaign, wanted, request.user),
        "wanted": wanted,
    }
    return page(request, "adjudication/page.html", known | _job(request, campaign))


@require_POST
@may(policy.ADJUDICATE)
def next_article(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """Go on with the gold layer in one's hands, or with the next article that is ready."""
    gold = services.claim_next(campaign, by=request.user)
    if gold is None:
        messages.info(request, _("No article is ready for you to adjudicate in this campaign."))
        return see_other(request, "adjudication", campaign.slug)
    return see_other(request, gold_url(gold.pk))


@require_POST
@may(policy.ADJUDICATE)
def adjudicate(request: HtmxRequest, campaign: Campaign, article: int) -> HttpResponse:
    """Settle this article: its gold layer is made, or found where it is one's own."""
    wanted = get_object_or_404(Article, pk=article, corpus=campaign.corpus_id, withdrawn_at=None)
    try:
        gold = services.open_gold(campaign, wanted, by=request.user)
    except assignments.Impossible as impossible:
        messages.error(request, str(impossible))
        return see_other(request, "adjudication", campaign.slug)
    return see_other(request, gold_url(gold.pk, *_place(request)))


@require_POST
@may(policy.ADJUDICATE)
def take_over(request: HtmxRequest, campaign: Campaign, article: int) -> HttpResponse:
    """The gold layer of another is one's own, as it stands."""
    try:
        gold = services.take_over(_gold(campaign, article), by=request.user)
    except assignments.Impossible as impossible:
        messages.error(request, str(impossible))
        return see_other(request, "adjudication", campaign.slug)
    return see_other(request, gold_url(gold.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.ADJUDICATE)
def reopen(request: HtmxRequest, campaign: Campaign, article: int) -> HttpResponse:
    """Ask for the reason, which may stay empty; then a settled article is in progress again."""
    gold = _gold(campaign, article)
    if request.method != "POST":
        known = {"campaign": campaign, "gold": gold, "may_adjudicate": True}
        return page(request, "adjudication/reopen.html", known)
    try:
        assignments.reopen(gold, by=request.user, reason=request.POST.get("reason", ""))
    except assignments.Impossible as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(request, _("“%(title)s” is open again.") % {"title": gold.article})
    return see_other(request, "adjudication", campaign.slug)


@require_safe
@may(policy.ADJUDICATE)
def left(request: HtmxRequest, campaign: Campaign, article: int) -> HttpResponse:
    """How much is left to settle in an article; its row asks for it when it comes into sight."""
    number = left_in(_gold(campaign, article))
    return fragment(request, "adjudication/_left.html", {"number": number})


@require_POST
@may(policy.ADJUDICATE)
def take_agreed(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """What all annotators have alike, or most of them, goes into gold layers in the background."""
    rule = request.POST.get("rule", "")
    if rule in [*Rule]:
        work.start(campaign, Rule(rule), by=request.user)
    else:
        messages.error(request, _("Say whether all annotators must agree, or most of them."))
    return see_other(request, "adjudication", campaign.slug)


@require_safe
@may(policy.ADJUDICATE)
def progress(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The fragment asks for itself while the job lives; after it, the page has news to show."""
    known = _job(request, campaign)
    if known["job"] is None or not known["job"].live:
        return HttpResponseClientRefresh()
    return fragment(request, "adjudication/_running.html", known | {"campaign": campaign})


@require_safe
@may(policy.SEE_AGREEMENT)
def decisions(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """How differences were settled, for guidelines and training; never for who labels here."""
    known = {
        "campaign": campaign,
        "found": decided.screen(campaign, decided.asked_in(request.GET), request.user),
        "may_adjudicate": policy.ADJUDICATE.allows(request.user, campaign),
    }
    return page(request, "adjudication/decisions.html", known)


def _wanted(request: HtmxRequest) -> presenters.Wanted:
    state = request.GET.get("state", "")
    return presenters.Wanted(
        state=State(state) if state in [*State] else None,
        mine="mine" in request.GET,
        after=_number(request.GET.get("after", "")),
        before=_number(request.GET.get("before", "")),
    )


def _job(request: HtmxRequest, campaign: Campaign) -> dict[str, Any]:
    job = work.newest(campaign)
    may_stop = job is not None and policy.CANCEL_JOB.allows(request.user, job)
    return {"job": job and shown(job), "may_stop": may_stop}


def _gold(campaign: Campaign, article: int) -> Assignment:
    """Raises Http404 where the article has no gold layer in this campaign."""
    gold = services.gold_of(campaign, article)
    if gold is None:
        raise Http404
    return gold


def _place(request: HtmxRequest) -> tuple[int, int]:
    """The code points that one came from; (0, 0) for none."""
    start, end = (_number(request.POST.get(word, "")) for word in ("from", "to"))
    return (start, end) if start is not None and end else (0, 0)


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
