"""Loading files into a corpus: the form, the progress, the report."""

import time
from functools import partial
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.corpora.models import Corpus
from annotations.corpora.uploads import remove_stale
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.limits import LIMITS
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, is_oversized, page, see_other
from annotations.web.library import reporting
from annotations.web.library.forms import HowForm
from annotations.web.library.uploads import Stored, ToDisk, received, too_large


# Exempt here and protected within: the token stands in the body, and the body may only be read
# once the handler that writes it to disk is in place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CORPUS)
def load(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    if request.method != "POST":
        return _form(request, corpus, HowForm())
    if is_oversized(request):
        return _too_large(request, corpus)
    return received(request, partial(_receive, corpus=corpus))


@csrf_protect
def _receive(request: HtmxRequest, handler: ToDisk, *, corpus: Corpus) -> HttpResponse:
    form = HowForm(request.POST)
    if handler.exceeded:
        return _too_large(request, corpus)
    if not handler.stored:
        form.add_error(None, _("Choose at least one file."))
    if not form.is_valid():
        return _form(request, corpus, form, status=422)
    remove_stale(time.time())
    started = _start(request, corpus, form, handler.stored)
    return see_other(request, "load", corpus.slug, started.pk)


@transaction.atomic
def _start(request: HtmxRequest, corpus: Corpus, form: HowForm, files: list[Stored]) -> Job:
    args: dict[str, object] = {
        "corpus": corpus.pk,
        "files": [{"id": str(file.upload), "name": file.name} for file in files],
        "policy": form.cleaned_data["policy"],
        "encoding": form.cleaned_data["encoding"],
    }
    return jobs.start("load_articles", args, by=request.user)


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
    return reporting.report_file(_load(corpus, load).pk, f"{corpus.slug}-load-{load}.jsonl")


@require_POST
@may(policy.MANAGE_CORPUS)
def cancel(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    jobs.cancel(_load(corpus, load).pk)
    return see_other(request, "load", corpus.slug, load)


def _load(corpus: Corpus, load: UUID) -> Job:
    """Return the job that loads into this corpus. Raises Http404 for any other."""
    found = reporting.loads(corpus).filter(pk=load).first()
    if found is None:
        raise Http404
    return found


def _form(
    request: HttpRequest, corpus: Corpus, form: HowForm, *, status: int = 200
) -> HttpResponse:
    known = {
        "corpus": corpus,
        "form": form,
        "limits": LIMITS,
        "loads": [reporting.shown(job) for job in reporting.newest(corpus)],
    }
    return page(request, "library/load.html", known, status=status)


def _too_large(request: HttpRequest, corpus: Corpus) -> HttpResponse:
    form = HowForm({"policy": "all_or_nothing"})
    form.add_error(None, too_large())
    return _form(request, corpus, form, status=413)
