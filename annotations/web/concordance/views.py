"""The spans of a campaign under one another."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.corpora.searching.concordance import MOST
from annotations.spans.concordance import LOOKED_AT, Found, concordance
from annotations.web.concordance.forms import SpansForm
from annotations.web.concordance.presenters import shown
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page
from annotations.web.kwic import LINES_A_PAGE


@require_safe
@may(policy.SEE_EXPORTS)
def show(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """What a fault is in finds nothing: it is said beside the fields."""
    form = SpansForm(request.GET, campaign=campaign, by=request.user)
    found = Found(())
    if form.is_valid():
        after = form.cleaned_data["after"] or 0
        found = concordance(campaign, form.wanted(), sort=form.sorting, after=after)
    lines = Paginator(found.lines, LINES_A_PAGE).get_page(form.page_number)
    known = {
        "campaign": campaign,
        "form": form,
        "found": found,
        "page": lines,
        "lines": shown(campaign, lines, request.user),
        "most": MOST,
        "looked_at": LOOKED_AT,
    }
    if request.htmx and request.htmx.target == "found":
        return fragment(request, "concordance/_spans.html", known)
    return page(request, "concordance/page.html", known)
