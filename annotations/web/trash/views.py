from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.accounts.models import Role
from annotations.assignments import trash as trashing
from annotations.assignments.models import Campaign
from annotations.corpora.models import Corpus
from annotations.limits import LIMITS
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.trash import presenters


@require_safe
@may(policy.SIGNED_IN)
def everything(request: HtmxRequest) -> HttpResponse:
    """The corpora and campaigns that one may restore; an annotator who may restore none does not
    learn of the page."""
    trash = presenters.trash(request.user)
    if request.user.role == Role.ANNOTATOR and not (trash.corpora or trash.campaigns):
        raise Http404
    return page(request, "trash/page.html", {"trash": trash, "limits": LIMITS})


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.DELETE_CORPUS)
def delete_corpus(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    """Say what goes with it; then it is in the trash. What is there already leads there."""
    if request.method != "POST" and corpus.withdrawn_at is None:
        weight = presenters.weight_of_corpus(corpus, request.user)
        known = {"corpus": corpus, "weight": weight, "limits": LIMITS}
        return page(request, "trash/delete_corpus.html", known)
    if request.method == "POST" and trashing.withdraw_corpus(corpus, by=request.user):
        messages.success(request, _("The corpus “%(name)s” is in the trash now.") % _name(corpus))
    return see_other(request, "everything_deleted")


@require_POST
@may(policy.DELETE_CORPUS)
def restore_corpus(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    if trashing.restore_corpus(corpus, by=request.user):
        messages.success(request, _("The corpus “%(name)s” is restored.") % _name(corpus))
    return see_other(request, "corpus", corpus.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.DELETE_CAMPAIGN)
def delete_campaign(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """Say what goes with it; then it is in the trash. What is there already leads there."""
    if request.method != "POST" and campaign.withdrawn_at is None:
        weight = presenters.weight_of_campaign(campaign, request.user)
        known = {"campaign": campaign, "weight": weight, "limits": LIMITS}
        return page(request, "trash/delete_campaign.html", known)
    if request.method == "POST" and trashing.withdraw_campaign(campaign, by=request.user):
        told = _("The campaign “%(name)s” is in the trash now.")
        messages.success(request, told % _name(campaign))
    return see_other(request, "everything_deleted")


@require_POST
@may(policy.DELETE_CAMPAIGN)
def restore_campaign(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    if trashing.restore_campaign(campaign, by=request.user):
        messages.success(request, _("The campaign “%(name)s” is restored.") % _name(campaign))
    return see_other(request, "campaign", campaign.slug)


def _name(thing: Corpus | Campaign) -> dict[str, str]:
    return {"name": thing.name}
