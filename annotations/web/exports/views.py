"""A campaign's exports: the list, a new one, and the files. Every request asks the policy anew."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from annotations import policy
from annotations.assignments.models import Campaign
from annotations.exchange.choices.asking import BadChoice, check, choice_of
from annotations.exchange.handing_out import Expired, attachment, handed_out
from annotations.exchange.manifest import companions
from annotations.exchange.models import Export
from annotations.history.services import record
from annotations.web.exports import presenters
from annotations.web.exports.choosing import ChoiceForm
from annotations.web.exports.private import answered, kept_in
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, refusal, see_other

PER_PAGE = 20


@require_safe
@may(policy.SEE_EXPORTS)
def show(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    return _page(request, campaign, ChoiceForm(campaign=campaign))


@require_POST
@may(policy.EXPORT)
def make(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """A new export is under way; of what was chosen that cannot be, the page says why."""
    form = ChoiceForm(request.POST, campaign=campaign)
    if not form.is_valid():
        return _page(request, campaign, form, status=422)
    presenters.start_export(campaign, form.choice, by=request.user)
    return see_other(request, "exports", campaign.slug)


@require_POST
@may(policy.DOWNLOAD)
def again(request: HtmxRequest, export: Export) -> HttpResponse:
    """An export of the same choice, as things stand now, is under way."""
    campaign = export.campaign
    if not policy.EXPORT.allows(request.user, campaign):
        raise Http404
    try:
        choice = choice_of(export.choice)
        check(choice, campaign)
    except BadChoice as refused:
        messages.error(request, str(refused))
    else:
        presenters.start_export(campaign, choice, by=request.user)
    return see_other(request, "exports", campaign.slug)


def _page(
    request: HtmxRequest, campaign: Campaign, form: ChoiceForm, *, status: int = 200
) -> HttpResponse:
    numbered = Paginator(presenters.finished(campaign), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "exports": [presenters.row(export) for export in numbered],
        "form": form,
        "page": numbered,
        "job": presenters.export_under_way(campaign),
        "may_load": policy.MANAGE_CAMPAIGN.allows(request.user, campaign),
    }
    return page(request, "exports/page.html", context, status=status)


@require_safe
@may(policy.SEE_EXPORTS)
def progress(request: HtmxRequest, campaign: Campaign) -> HttpResponse:
    """The fragment asks for itself while the job lives; after it, the page has news to show."""
    job = presenters.export_under_way(campaign)
    if job is None or not job.live:
        return HttpResponseClientRefresh()
    return fragment(request, "exports/_running.html", {"campaign": campaign, "job": job})


@require_safe
@may(policy.DOWNLOAD)
def download(request: HtmxRequest, export: Export) -> HttpResponseBase:
    """The file, or the range of it that a broken download goes on with."""
    try:
        wish = presenters.wish_of(request, export, presenters.file_name(export))
        told = handed_out(export, wish)
    except Expired as gone:
        return refusal(str(gone), error="expired", status=410)
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "GET" and told.is_beginning:
        record("export.downloaded", export, by=request.user, campaign=export.campaign.slug)
    return answered(told)


@require_safe
@may(policy.DOWNLOAD)
def beside(request: HtmxRequest, export: Export, what: str) -> HttpResponse:
    """A file beside the export: its manifest, schema, data card or checksum."""
    if what not in presenters.BESIDE or not export.finished_at:
        raise Http404
    name = presenters.file_name(export)
    response = HttpResponse(
        companions(export, name)[f".{what}"], content_type=presenters.BESIDE[what][1]
    )
    response["Content-Disposition"] = attachment(f"{name}.{what}")
    return kept_in(response)
