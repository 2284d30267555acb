from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.assignments.services import claim_next
from annotations.web.guards import may
from annotations.web.home.presenters import home_of
from annotations.web.http import HtmxRequest, page, see_other


@require_safe
@may(policy.SIGNED_IN)
def home(request: HtmxRequest) -> HttpResponse:
    return page(request, "home/page.html", {"home": home_of(request.user)})


@require_POST
@may(policy.LABEL_IN_CAMPAIGN)
def next_article(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """Take the next article into the person's hands and open it on the desk."""
    assignment = claim_next(campaign, request.user)
    if assignment is None:
        messages.info(request, _("Nothing is left for you to label in this campaign."))
        return see_other(request, "home")
    return see_other(request, "desk", assignment.pk)
