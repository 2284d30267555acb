from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from annotations import policy
from annotations.agreement import queries, services
from annotations.agreement.comparing import as_json as comparison_as_json
from annotations.agreement.comparing import comparison, with_chance
from annotations.agreement.models import AgreementRun
from annotations.agreement.results import as_json
from annotations.agreement.starting import start
from annotations.agreement.wanted import NoSuchSpans
from annotations.assignments.models import Campaign
from annotations.schema.services import spec_of
from annotations.schema.spec import Label
from annotations.web.agreement import (
    asking,
    breakdown,
    corrections,
    depth,
    gold,
    parts,
    presenters,
    runs,
    spans,
    work,
)
from annotations.web.agreement.correcting import Wanted
from annotations.web.agreement.parts_json import as_json as parts_as_json
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, private, see_other


@require_safe
@may(policy.SEE_AGREEMENT)
def show(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    newest = queries.newest(campaign)
    job, may_run = work.under_way(campaign, newest), _may_run(request, campaign)
    context = {
        "campaign": campaign,
        "agreement": newest and presenters.screen(newest, may_run=may_run),
        "job": job,
        "may_run": may_run,
        "starts": may_run and job is None and work.follows(newest),
    }
    return page(request, "agreement/page.html", context)


@require_POST
@may(policy.RUN_AGREEMENT)
def run(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    start(campaign, include_open="include_open" in request.POST, by=request.user)
    if request.htmx:
        return _running(request, campaign)
    return see_other(request, "agreement", campaign.slug)


@require_POST
@may(policy.RUN_AGREEMENT)
def deepen(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The newest run gets its figures in depth."""
    newest = _newest(campaign)
    work.deepen(newest, by=request.user)
    if request.htmx:
        return _depth(request, newest)
    return see_other(request, "agreement", campaign.slug)


@require_safe
@may(policy.SEE_AGREEMENT)
def in_depth(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The figures in depth, or how far they are: the fragment asks for itself meanwhile. When they
    have come, the page is shown anew: others of its parts have figures of them."""
    newest = _newest(campaign)
    return HttpResponseClientRefresh() if newest.depth else _depth(request, newest)


@require_safe
@may(policy.SEE_AGREEMENT)
def progress(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The fragment asks for itself while the job lives; after it, the page has news to show."""
    return _running(request, campaign)


@require_safe
@may(policy.SEE_AGREEMENT)
def watch(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """What changed since the newest run, or the job that brings it up to date; a page that shows an
    older run is shown anew. The fragment asks for itself as long as the page is open."""
    newest = _newest(campaign)
    job = work.under_way(campaign, newest)
    if job is not None and job.live:
        return _running(request, campaign)
    if request.GET.get("run", str(newest.pk)) != str(newest.pk):
        return HttpResponseClientRefresh()
    context = {
        "campaign": campaign,
        "shown": newest.pk,
        "changes": services.changes_since(newest),
        "starts": job is None and work.follows(newest) and _may_run(request, campaign),
    }
    return fragment(request, "agreement/_changes.html", context)


@require_safe
@may(policy.SEE_AGREEMENT)
def label(request: HtmxRequest, campaign: Campaign, label: str) -> HttpResponse:
    wanted = spec_of(campaign.schema_id).label(label)
    if wanted is None:
        raise Http404
    return _behind(request, campaign, wanted)


@require_safe
@may(policy.SEE_AGREEMENT)
def every_label(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    return _behind(request, campaign, None)


@require_safe
@may(policy.SEE_AGREEMENT)
def behind(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The spans behind a number of the newest run."""
    newest = _newest(campaign)
    with _asked_well():
        asked = asking.asked(request.GET, spec_of(campaign.schema_id))
    context = {"campaign": campaign, "behind": spans.screen(newest, asked, by=request.user)}
    return page(request, "agreement/spans.html", context)


@require_safe
@may(policy.SEE_AGREEMENT)
def by_part(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The newest run by annotators, weeks, sources or languages."""
    newest = _newest(campaign)
    with _asked_well():
        shown = parts.screen(newest, request.GET, by=request.user)
    if request.GET.get("format") == "json":
        return private(JsonResponse(parts_as_json(shown)))
    return page(request, "agreement/parts.html", {"campaign": campaign, "parts": shown})


@require_safe
@may(policy.SEE_AGREEMENT)
def every_run(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The runs of the campaign, two of which can be compared."""
    listed = runs.listed(campaign, request.GET.get("page"))
    return page(request, "agreement/runs.html", {"campaign": campaign, "page": listed})


@require_safe
@may(policy.SEE_AGREEMENT)
def changes(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """What changed from one run to another."""
    asked_for = [_number(request.GET.get(word, "")) for word in ("before", "after")]
    known = queries.finished(campaign).in_bulk(asked_for)
    if not {*asked_for} <= known.keys():
        raise Http404
    before, after = (known[key] for key in asked_for)
    found = (with_chance if request.GET.get("test") else comparison)(before, after)
    if request.GET.get("format") == "json":
        return private(JsonResponse(comparison_as_json(found)))
    context = {"campaign": campaign, "changes": runs.screen(found)}
    return page(request, "agreement/changes.html", context)


@require_safe
@may(policy.SEE_OWN_AGAINST_GOLD)
def own_gold(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """How far the annotator's own layers agree with gold; nobody else's are in it."""
    context = {"campaign": campaign, "own": gold.screen(campaign, request.user)}
    return page(request, "agreement/gold.html", context)


@require_safe
@may(policy.SEE_OWN_AGAINST_GOLD)
def own_corrections(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """What gold has otherwise than the annotator's own layers; nobody else's are in it."""
    wanted = Wanted.of(request.GET)
    own = corrections.screen(campaign, wanted, request.user)
    return page(
        request, "agreement/corrections.html", {"campaign": campaign, "own": own, "wanted": wanted}
    )


@require_safe
@may(policy.SEE_AGREEMENT_RUN)
def download(request: HtmxRequest, run: AgreementRun) -> HttpResponse:
    if run.finished_at is None:
        raise Http404
    response = HttpResponse(as_json(run), content_type="application/json")
    name = f"{run.campaign.slug}-agreement-{run.pk}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _behind(request: HtmxRequest, campaign: Campaign, label: Label | None) -> HttpResponse:
    newest = _newest(campaign)
    asked = request.GET
    behind = breakdown.screen(
        newest,
        label,
        of=asked.getlist("of"),
        number=asked.get("page"),
        sort=asked.get("sort", ""),
    )
    return page(request, "agreement/label.html", {"campaign": campaign, "behind": behind})


def _depth(request: HtmxRequest, run: AgreementRun) -> HttpResponse:
    may_run = _may_run(request, run.campaign)
    context = {
        "campaign": run.campaign,
        "depth": depth.screen(run, may_run=may_run),
        "may_run": may_run,
    }
    return fragment(request, "agreement/_depth.html", context)


def _number(written: str) -> int:
    """The key that an address names; 0, which is none, for anything else."""
    return int(written[:18]) if written.isascii() and written.isdigit() else 0


def _may_run(request: HtmxRequest, campaign: Campaign) -> bool:
    return policy.RUN_AGREEMENT.allows(request.user, campaign)


def _running(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    job = work.under_way(campaign, queries.newest(campaign))
    if job is None or not job.live:
        return HttpResponseClientRefresh()
    return fragment(request, "agreement/_running.html", {"campaign": campaign, "job": job})


def _newest(campaign: Campaign) -> AgreementRun:
    newest = queries.newest(campaign)
    if newest is None:
        raise Http404
    return newest


@contextmanager
def _asked_well() -> Iterator[None]:
    """What nobody can ask for is not there."""
    try:
        yield
    except NoSuchSpans as unknown:
        raise Http404 from unknown
