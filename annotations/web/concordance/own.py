"""An annotator's own places: words in the articles in their hands, labelled in one step that is
taken back in one step. Nothing of anyone else's is looked at."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.corpora.searching.concordance import concordance
from annotations.corpora.searching.search import is_searchable
from annotations.spans.labelling import (
    MOST_PLACES,
    Outcome,
    Refused,
    label_places,
    step_of,
    take_back,
)
from annotations.web.concordance.own_forms import LabelForm, OwnForm
from annotations.web.concordance.own_presenters import done, held, own_lines, touched
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, page, see_other
from annotations.web.kwic import LINES_A_PAGE

REASONS_SHOWN = 5


@require_safe
@may(policy.LABEL_IN_CAMPAIGN)
def find(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    return _places(request, campaign, LabelForm(None, campaign=campaign, initial={"form": uuid4()}))


@require_POST
@may(policy.LABEL_IN_CAMPAIGN)
def label(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """Label the places that were chosen; the way leads to what that did."""
    form = LabelForm(request.POST, campaign=campaign)
    if campaign.status != Campaign.Status.RUNNING or not form.is_valid():
        return _places(request, campaign, form)
    key, chosen = form.cleaned_data["label"], form.places
    mine = held(request.user, campaign).in_bulk({place.assignment for place in chosen})
    step = step_of(form.cleaned_data["form"], key, chosen, mine.keys())
    outcome = label_places(mine, chosen, key, step=step, by=request.user)
    _tell(request, outcome, foreign=sum(place.assignment not in mine for place in chosen))
    if outcome.changed:
        return _on(request, reverse("own_step", args=[campaign.slug, step]))
    return _on(request, reverse("own_concordance", args=[campaign.slug]))


@require_safe
@may(policy.LABEL_IN_CAMPAIGN)
def step(request: HtmxRequest, campaign: Campaign, step: UUID) -> HttpResponse:
    """What one step labelled, with the way to take it back."""
    layers = done(campaign, request.user, step)
    if not layers:
        raise Http404
    standing = [layer for layer in layers if not layer.taken_back]
    known = {
        "campaign": campaign,
        "step": step,
        "layers": layers,
        "places": sum(layer.places for layer in standing),
        "articles": len(standing),
        "kept": _kept(request),
    }
    return page(request, "concordance/step.html", known)


@require_POST
@may(policy.LABEL_IN_CAMPAIGN)
def undo(request: HtmxRequest, campaign: Campaign, step: UUID) -> HttpResponse:
    """Take a step back in every layer in which it is the last one."""
    mine = touched(campaign, request.user, step)
    if not mine:
        raise Http404
    outcome = take_back(mine, step=step, by=request.user)
    if outcome.changed:
        told = ngettext(
            "%(places)s place has the label no more.",
            "%(places)s places have the label no more.",
            outcome.changed,
        )
        messages.success(request, told % {"places": outcome.changed})
    _tell_refused(request, outcome.refused)
    return _on(request, reverse("own_step", args=[campaign.slug, step]))


def _places(request: HtmxRequest, campaign: Campaign, choosing: LabelForm) -> HttpResponse:
    form = OwnForm(request.GET)
    form.is_valid()
    found = concordance(campaign.corpus, form.criteria(campaign, request.user), sort=form.sorting)
    lines = Paginator(found.lines, LINES_A_PAGE).get_page(form.page_number)
    every = bool(form.cleaned_data.get("all")) and not choosing.is_bound
    ticked: Collection[str] = choosing.ticked
    known = {
        "campaign": campaign,
        "running": campaign.status == Campaign.Status.RUNNING,
        "form": form,
        "choosing": choosing,
        "found": found,
        "is_whole": is_searchable(campaign.corpus),
        "page": lines,
        "lines": own_lines(campaign, lines, request.user, ticked=ticked, every=every),
        "asked": bool(form.cleaned_data.get("q")),
        "kept": _kept(request),
        "most_places": MOST_PLACES,
    }
    status = 422 if choosing.is_bound else 200
    return page(request, "concordance/own.html", known, status=status)


def _tell(request: HtmxRequest, outcome: Outcome, *, foreign: int) -> None:
    if outcome.already:
        told = ngettext(
            "%(places)s place had this label already and was left as it is.",
            "%(places)s places had this label already and were left as they are.",
            outcome.already,
        )
        messages.info(request, told % {"places": outcome.already})
    if foreign:
        told = ngettext(
            "%(places)s place is in an article that is not in your hands; it was left as it is.",
            "%(places)s places are in articles that are not in your hands; they were left as they are.",
            foreign,
        )
        messages.warning(request, told % {"places": foreign})
    _tell_refused(request, outcome.refused)


def _tell_refused(request: HtmxRequest, refused: Sequence[Refused]) -> None:
    """Name the first layers that were left alone, each with its reason, and count the others."""
    for one in refused[:REASONS_SHOWN]:
        title = one.assignment.article.title or _("Without a title")
        told = _("Nothing was changed in “%(title)s”. %(reason)s")
        messages.warning(request, told % {"title": title, "reason": one.reason})
    others = len(refused[REASONS_SHOWN:])
    if others:
        told = ngettext(
            "Nothing was changed in %(others)s more article.",
            "Nothing was changed in %(others)s more articles.",
            others,
        )
        messages.warning(request, told % {"others": others})


def _on(request: HtmxRequest, path: str) -> HttpResponse:
    """Go on, with what was looked for still in the address."""
    kept = _kept(request)
    return see_other(request, f"{path}?{kept}" if kept else path)


def _kept(request: HtmxRequest) -> str:
    """What was looked for, as it stands in an address; that all was chosen is not kept."""
    kept = request.GET.copy()
    kept.pop("all", None)
    return kept.urlencode()
