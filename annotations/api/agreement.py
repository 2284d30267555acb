"""How far the annotators of a campaign agree: the records of its runs, for whoever may measure it."""

from django.db.models import QuerySet
from django.http import HttpRequest

from annotations import policy
from annotations.accounts.models import User
from annotations.agreement import queries
from annotations.agreement.comparing import as_json, comparison
from annotations.agreement.models import AgreementRun
from annotations.agreement.results import record
from annotations.api.door import door, not_found
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
    """What changed from one finished run of the campaign to another, as its page has it."""
    runs = _finished(user, campaign).in_bulk([before, after])
    if not {before, after} <= runs.keys():
        return not_found()
    return Answer(200, as_json(comparison(runs[before], runs[after])))


def _finished(user: User, campaign: str) -> "QuerySet[AgreementRun]":
    measured = policy.campaigns_measured_by(user).filter(slug=campaign).first()
    return queries.finished(measured) if measured else AgreementRun.objects.none()


def _told(run: AgreementRun | None) -> Answer:
    return not_found() if run is None else Answer(200, record(run))
