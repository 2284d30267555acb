"""Loading what was tagged with another tool: the files, what is in them, what becomes of it."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policy
from annotations.corpora.models import Corpus
from annotations.corpora.uploads import report_path
from annotations.exchange.annotated_handlers import BRING, SURVEY
from annotations.jobs import services as jobs
from annotations.jobs.models import LIVE, Job, State
from annotations.limits import LIMITS
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.library import findings, mapping
from annotations.web.library.mapping import Target
from annotations.web.library.reporting import report_file
from annotations.web.naming import NamingForm
from annotations.web.progress import shown
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
            request, "annotated_survey", corpus.slug, _look(request, corpus, files).pk
        ),
    )


@transaction.atomic
def _look(request: HtmxRequest, corpus: Corpus, files: list[dict[str, str]]) -> Job:
    args: dict[str, object] = {
        "corpus": corpus.pk,
        "files": files,
    }
    return jobs.start(SURVEY, args, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_CORPUS)
def survey(request: HtmxRequest, corpus: Corpus, look: UUID) -> HttpResponse:
    """What the files hold, and the questions about it; their answers start the load."""
    job = _job(corpus, SURVEY, look)
    if job.state != State.DONE:
        return page(request, "library/annotated_survey.html", {"corpus": corpus, "job": shown(job)})
    target = mapping.target_of(corpus, request.GET.get("into", ""))
    if target is None:
        raise Http404
    if request.method != "POST":
        return _questions(request, corpus, job, target)
    return _answered(request, corpus, job, target)


@require_safe
@may(policy.MANAGE_CORPUS)
def survey_progress(request: HtmxRequest, corpus: Corpus, look: UUID) -> HttpResponse:
    """The fragment asks for itself again while the job lives; then the page is read anew."""
    job = _job(corpus, SURVEY, look)
    response = fragment(request, "library/_looking.html", {"corpus": corpus, "job": shown(job)})
    if job.state == State.DONE:
        response["HX-Refresh"] = "true"
    return response


def _answered(request: HtmxRequest, corpus: Corpus, job: Job, target: Target) -> HttpResponse:
    naming = NamingForm(request.POST) if target.campaign is None else None
    questions = mapping.questions(corpus, job, target, request.POST)
    if naming and naming.is_valid():
        mapping.refuse_taken(naming)
    if questions.faults or (naming and not naming.is_valid()):
        return _questions(request, corpus, job, target, questions, naming, status=422)
    args: dict[str, object] = {
        "corpus": corpus.pk,
        "files": job.args["files"],
        "survey": str(job.pk),
        "decisions": msgspec.to_builtins(questions.decisions()),
    }
    if target.campaign:
        args["campaign"] = target.campaign.pk
    elif naming:
        args |= {
            "name": naming.cleaned_data["name"],
            "slug": naming.cleaned_data["slug"],
            "base": target.base,
        }
    load = jobs.start(BRING, args, by=request.user, dedupe_key=f"{BRING}:{job.pk}")
    return see_other(request, "annotated_load", corpus.slug, load.pk)


def _questions(
    request: HtmxRequest,
    corpus: Corpus,
    job: Job,
    target: Target,
    questions: mapping.Questions | None = None,
    naming: NamingForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    known = {
        "corpus": corpus,
        "job": shown(job),
        "names": _names(job),
        "target": target,
        "targets": mapping.targets(corpus),
        "naming": naming or (NamingForm() if target.campaign is None else None),
        "questions": questions or mapping.questions(corpus, job, target),
        "found": findings.findings(job),
    }
    return page(request, "library/annotated_survey.html", known, status=status)


@require_safe
@may(policy.MANAGE_CORPUS)
def load(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    return page(request, "library/annotated_load.html", _loaded(corpus, load))


@require_safe
@may(policy.MANAGE_CORPUS)
def load_progress(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    """The fragment asks for itself again while the load lives, and is the report after."""
    return fragment(request, "library/_annotated_load.html", _loaded(corpus, load))


@require_safe
@may(policy.MANAGE_CORPUS)
def full_report(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    """Everything that was left out or changed, as JSONL."""
    return report_file(
        report_path(_job(corpus, BRING, load).pk), f"{corpus.slug}-annotations-{load}.jsonl"
    )


@require_POST
@may(policy.MANAGE_CORPUS)
def cancel(request: HtmxRequest, corpus: Corpus, load: UUID) -> HttpResponse:
    jobs.cancel(_job(corpus, BRING, load).pk, by=request.user)
    return see_other(request, "annotated_load", corpus.slug, load)


def _loaded(corpus: Corpus, load: UUID) -> dict[str, Any]:
    job = _job(corpus, BRING, load)
    return {
        "corpus": corpus,
        "job": shown(job),
        "names": _names(job),
        "outcome": findings.outcome(job) if job.state == State.DONE else None,
    }


def _job(corpus: Corpus, kind: str, pk: UUID) -> Job:
    """Raises Http404 for a job of another corpus."""
    found: Job | None = Job.objects.filter(kind=kind, args__corpus=corpus.pk, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _names(job: Job) -> str:
    return ", ".join(file["name"] for file in job.args["files"])


def _files(
    request: HtmxRequest, corpus: Corpus, error: str = "", *, status: int = 200
) -> HttpResponse:
    newest = Job.objects.filter(kind=SURVEY, args__corpus=corpus.pk).order_by("-created_at")[:10]
    known = {
        "corpus": corpus,
        "error": error,
        "limits": LIMITS,
        "looks": [(shown(job), _names(job), job.created_at, job.state in LIVE) for job in newest],
    }
    return page(request, "library/annotated.html", known, status=status)
