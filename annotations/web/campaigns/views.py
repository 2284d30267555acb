from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.accounts.models import Role
from annotations.assignments import services
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Corpus
from annotations.web.campaigns import presenters
from annotations.web.campaigns.forms import CampaignForm, OptionsForm, options_of
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other


@require_safe
@may(policy.SIGNED_IN)
def everything(request: HtmxRequest) -> HttpResponse:
    """The campaigns one may read; an annotator who may read none does not learn of the page."""
    campaigns = presenters.campaigns(request.user)
    if not campaigns and request.user.role == Role.ANNOTATOR:
        raise Http404
    corpora = policy.corpora_managed_by(request.user).order_by("name", "pk")
    return page(request, "campaigns/page.html", {"campaigns": campaigns, "corpora": corpora})


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.CREATE_CAMPAIGN)
def new(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    form = CampaignForm(request.POST or None, corpus=corpus)
    if not form.is_valid():
        return _new(request, corpus, form)
    try:
        campaign = services.create_campaign(form.design(corpus), by=request.user)
    except services.Impossible as impossible:
        form.add_error(None, str(impossible))
        return _new(request, corpus, form)
    messages.success(request, _("The campaign stands. Start it to hand out the articles."))
    return see_other(request, "campaign", campaign.slug)


@require_safe
@may(policy.SEE_CAMPAIGN)
def show(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    known = {
        "campaign": campaign,
        "chip": presenters.CHIPS[Campaign.Status(campaign.status)],
        "progress": presenters.progress(campaign, request.user),
        "ways_on": presenters.ways(campaign, request.user),
        "may_manage": policy.MANAGE_CAMPAIGN.allows(request.user, campaign),
        "options": options_of(campaign),
    }
    return page(request, "campaigns/campaign.html", known)


@require_POST
@may(policy.MANAGE_CAMPAIGN)
def change_options(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    form = OptionsForm(request.POST)
    form.full_clean()
    try:
        services.change_options(campaign, form.options(), by=request.user)
    except services.Impossible as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(request, _("The options are kept."))
    return see_other(request, "campaign", campaign.slug)


@require_POST
@may(policy.MANAGE_CAMPAIGN)
def start(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """Hand out the articles; of a running campaign, those loaded since."""
    try:
        made = services.start(campaign, by=request.user)
    except services.Impossible as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(
            request,
            ngettext("%(made)s assignment was made.", "%(made)s assignments were made.", made)
            % {"made": made},
        )
    return see_other(request, "campaign", campaign.slug)


@require_POST
@may(policy.MANAGE_CAMPAIGN)
def close(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    services.close(campaign, by=request.user)
    messages.success(request, _("The campaign is closed. Nobody can label in it any more."))
    return see_other(request, "campaign", campaign.slug)


@require_safe
@may(policy.MANAGE_CAMPAIGN)
def assignments(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """What was handed in, to look through and to reopen."""
    annotator, after = _number(request, "annotator"), _number(request, "after")
    rows = presenters.finished(campaign, annotator=annotator, after=after or 0)
    shown = rows[: presenters.ASSIGNMENTS_A_PAGE]
    known = {
        "campaign": campaign,
        "rows": shown,
        "after": shown[-1].id if len(rows) > len(shown) else None,
        "began": after is not None,
        "people": campaign.annotators.order_by("username"),
        "annotator": annotator,
        "inside": policy.SEE_AGREEMENT.allows(request.user, campaign),
    }
    return page(request, "campaigns/assignments.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.REOPEN)
def reopen(request: HtmxRequest, assignment: Assignment) -> HttpResponse:
    """Ask for the reason, which may stay empty; then the layer is open again."""
    if request.method != "POST":
        return page(request, "campaigns/reopen.html", {"assignment": assignment})
    try:
        reason = request.POST.get("reason", "")
        services.reopen(assignment, by=request.user, reason=reason)
    except services.Impossible as impossible:
        messages.error(request, str(impossible))
    else:
        messages.success(
            request,
            _("“%(title)s” of %(name)s is open again.")
            % {"title": assignment.article.title, "name": assignment.annotator},
        )
    return see_other(request, "campaign_assignments", assignment.campaign.slug)


def _new(request: HtmxRequest, corpus: Corpus, form: CampaignForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page(request, "campaigns/new.html", {"form": form, "corpus": corpus}, status=status)


def _number(request: HtmxRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
