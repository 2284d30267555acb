"""How far the annotators of a campaign agree: the records of its runs, for whoever may measure it."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement import queries
from annotations.agreement.comparing import as_json, comparison, with_chance
from annotations.agreement.models import AgreementRun
from annotations.agreement.parting import as_json as parting_as_json
from annotations.agreement.parting import parting
from annotations.agreement.results import record
from annotations.agreement.wanted import BY, NoSuchSpans, Wanted, one_of
from annotations.api.door import door, not_found, refused
from annotations.schema.services import spec_of
from annotations.spans.protocol import Answer


@door("GET")
def newest(user: User, request: HttpRequest, campaign: str) -> Answer:
    """The newest finished run, as the page and the command give it; 404 before there is one."""
    return _told(_finished(user, campaign).first())


@door("GET")
def one(user: User, request: HttpRequest, campaign: str, run: int) -> Answer:
    """One finished run of the campaign."""
    return _told(_finished(user, campaign).filter(pk=run).first())


@door("GET")
def changes(user: User, request: HttpRequest, campaign: str, before: int, after: int) -> Answer:
    """What changed from one finished run of the campaign to another, as its page has it; with `test`, and
    whether that is more than chance."""
    runs = _finished(user, campaign).in_bulk([before, after])
    if not {before, after} <= runs.keys():
        return not_found()
    compare = with_chance if request.GET.get("test") else comparison
    return Answer(200, as_json(compare(runs[before], runs[after])))


@door("GET")
def parts(user: User, request: HttpRequest, campaign: str) -> Answer:
    """The newest finished run by its weeks, batches, versions, sources or languages, as its page has
    it: `by`, and the words of its address."""
    run = _finished(user, campaign).first()
    if run is None:
        return not_found()
    try:
        by = one_of(request.GET.get("by", ""), BY)
        wanted = Wanted.of(request.GET.dict(), spec_of(run.campaign.schema_id))
    except NoSuchSpans as unknown:
        return refused(
            400, "malformed", _("Nothing here is called “%(word)s”.") % {"word": unknown}
        )
    found = parting(run, by, wanted, policy.campaigns_measured_by(user))
    return Answer(200, parting_as_json(found))


def _finished(user: User, campaign: str) -> "QuerySet[AgreementRun]":
    measured = policy.campaigns_measured_by(user).filter(slug=campaign).first()
    return queries.finished(measured) if measured else AgreementRun.objects.none()


def _told(run: AgreementRun | None) -> Answer:
    return not_found() if run is None else Answer(200, record(run))
