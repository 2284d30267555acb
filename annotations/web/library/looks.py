"""Before articles are loaded: the files, what is in them, what becomes of their columns."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.corpora.looking import LOAD, LOOK
from annotations.corpora.models import Corpus
from annotations.corpora.uploads import are_kept, look_report_path, remove_uploads
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.limits import LIMITS
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.library import previewing, reporting
from annotations.web.library.asking import Asked
from annotations.web.library.forms import HowForm
from annotations.web.uploads import taken


# exempt here, and protected once the handler that writes the body to disk is in place
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CORPUS)
def choose(request: HtmxRequest, corpus: Corpus) -> HttpResponse:
    if request.method != "POST":
        return _files(request, corpus)
    return taken(
        request,
        form=lambda error, status: _files(request, corpus, error, status=status),
        start=lambda files: see_other(
            request, "articles_look", corpus.slug, _first_look(request, corpus, files).pk
        ),
    )


@transaction.atomic
def _first_look(request: HtmxRequest, corpus: Corpus, files: list[dict[str, str]]) -> Job:
    args: dict[str, object] = {
        "corpus": corpus.pk,
        "files": files,
        "encoding": "",
    }
    return jobs.start(LOOK, args, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CORPUS)
def look(request: HtmxRequest, corpus: Corpus, look: UUID) -> HttpResponse:
    """What the files hold, and the questions about it; their answers start the load."""
    job = _job(corpus, look)
    load = previewing.load_of(job)
    if load is not None:
        return see_other(request, "load", corpus.slug, load.pk)
    if request.method != "POST" or job.state != State.DONE or not are_kept(job.args["files"]):
        return _shown(request, corpus, job)
    return _answered(request, corpus, job)


@require_safe
@may(policy.MANAGE_CORPUS)
def progress(request: HtmxRequest, corpus: Corpus, look: UUID) -> HttpResponse:
    """The fragment asks for itself again while the job lives; then the page is read anew."""
    job = _job(corpus, look)
    response = fragment(request, "library/_look.html", previewing.begun(corpus, job))
    if job.state == State.DONE:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@may(policy.MANAGE_CORPUS)
def rows(request: HtmxRequest, corpus: Corpus, look: UUID, group: int) -> HttpResponse:
    """The first rows of a group as the answers of the form have them read."""
    job = _job(corpus, look)
    asked = previewing.questions(corpus, job, request.POST) if job.state == State.DONE else []
    if group >= len(asked):
        raise Http404
    return fragment(request, "library/_look_rows.html", {"one": asked[group]})


@require_safe
@may(policy.MANAGE_CORPUS)
def full_report(request: HtmxRequest, corpus: Corpus, look: UUID) -> HttpResponse:
    """Every line that would not be loaded, as JSONL."""
    return reporting.report_file(
        look_report_path(_job(corpus, look).pk), f"{corpus.slug}-look-{look}.jsonl"
    )


@require_POST
@may(policy.MANAGE_CORPUS)
def discard(request: HtmxRequest, corpus: Corpus, look: UUID) -> HttpResponse:
    """The upload is thrown away, unless it was loaded; whoever looks into it stops."""
    job = _job(corpus, look)
    with transaction.atomic():
        previewing.lock(job)
        if previewing.load_of(job) is None:
            for one in previewing.looks_into(job):
                jobs.cancel(one.pk, by=request.user)
            remove_uploads(job.args["files"])
    return see_other(request, "corpus_load", corpus.slug)


def _answered(request: HtmxRequest, corpus: Corpus, job: Job) -> HttpResponse:
    form = HowForm(request.POST)
    asked = previewing.questions(corpus, job, request.POST)
    if not form.is_valid() or any(one.faults for one in asked):
        return _shown(request, corpus, job, asked, form, status=422)
    told = _told(job, asked, form)
    if request.POST.get("do") == "look":
        return _looked_again(request, corpus, told)
    if form.cleaned_data["encoding"] != job.args["encoding"]:
        # nobody has seen yet how the files read in it
        return _looked_again(request, corpus, {**told, "instead_of_load": True})
    load = _load(request, job, told, form.cleaned_data["policy"])
    if load is None:
        return see_other(request, "articles_look", corpus.slug, job.pk)
    return see_other(request, "load", corpus.slug, load.pk)


def _looked_again(request: HtmxRequest, corpus: Corpus, told: dict[str, object]) -> HttpResponse:
    again = jobs.start(LOOK, told, by=request.user)
    return see_other(request, "articles_look", corpus.slug, again.pk)


def _told(job: Job, asked: list[Asked], form: HowForm) -> dict[str, object]:
    """What a job is told that reads the files as was answered."""
    return {
        "corpus": job.args["corpus"],
        "files": job.args["files"],
        "encoding": form.cleaned_data["encoding"],
        "wishes": msgspec.to_builtins([one.wish() for one in asked]),
        "root": previewing.root_of(job),
    }


@transaction.atomic
def _load(request: HtmxRequest, job: Job, told: dict[str, object], how: str) -> Job | None:
    """The load of this upload: the one that was started already, or a new one; None where the
    upload is gone."""
    previewing.lock(job)
    load = previewing.load_of(job)
    if load is not None or not are_kept(job.args["files"]):
        return load
    return jobs.start(LOAD, {**told, "policy": how, "look": str(job.pk)}, by=request.user)


def _shown(
    request: HttpRequest,
    corpus: Corpus,
    job: Job,
    asked: list[Asked] | None = None,
    form: HowForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    known = previewing.preview(corpus, job, asked)
    known["form"] = form or HowForm(initial={"encoding": job.args["encoding"]})
    return page(request, "library/look.html", known, status=status)


def _job(corpus: Corpus, look: UUID) -> Job:
    """Raises Http404 for a look into files for another corpus."""
    found: Job | None = Job.objects.filter(kind=LOOK, args__corpus=corpus.pk, pk=look).first()
    if found is None:
        raise Http404
    return found


def _files(
    request: HttpRequest, corpus: Corpus, error: str = "", *, status: int = 200
) -> HttpResponse:
    known: dict[str, Any] = {
        "corpus": corpus,
        "error": error,
        "limits": LIMITS,
        "looks": previewing.waiting(corpus),
        "loads": [reporting.shown(job) for job in reporting.newest(corpus)],
    }
    return page(request, "library/load.html", known, status=status)
