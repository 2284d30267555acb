"""A load of articles: the progress, the report, the end."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from annotations import policy
from annotations.corpora.models import Corpus
from annotations.corpora.uploads import report_path
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.library import reporting


@require_safe
@may(policy.MANAGE_CORPUS)
def report(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    known = {"corpus": corpus, "load": reporting.shown(_load(corpus, load))}
    return page(request, "library/report.html", known)


@require_safe
@may(policy.MANAGE_CORPUS)
def progress(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    """The fragment asks for itself again while the load lives, and is the report after."""
    known = {"corpus": corpus, "load": reporting.shown(_load(corpus, load))}
    return fragment(request, "library/_load.html", known)


@require_safe
@may(policy.MANAGE_CORPUS)
def full_report(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    """Every line that was not loaded, as JSONL."""
    return reporting.report_file(
        report_path(_load(corpus, load).pk), f"{corpus.slug}-load-{load}.jsonl"
    )


@require_POST
@may(policy.MANAGE_CORPUS)
def cancel(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    jobs.cancel(_load(corpus, load).pk, by=request.user)
    return see_other(request, "load", corpus.slug, load)


def _load(corpus: Corpus, load: UUID) -> Job:
    """Return the job that loads into this corpus. Raises Http404 for any other."""
    found = reporting.loads(corpus).filter(pk=load).first()
    if found is None:
        raise Http404
    return found
