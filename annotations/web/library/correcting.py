"""A corrected text: the form, the job that brings the layers onto it, and what came of it."""

from contextlib import suppress
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policy
from annotations.corpora.models import Article, Corpus
from annotations.corpora.uploads import upload_path
from annotations.corpora.versions import BadVersion, check
from annotations.exchange.handlers import REVISE
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.limits import LIMITS
from annotations.web.guards import may
from annotations.web.http import HtmxRequest, fragment, page, see_other
from annotations.web.progress import shown

_LONGEST_FIELD = 200_000
"""Code points of a text that a form can carry, whatever they are; a longer one comes as a file."""


@require_http_methods(["GET", "HEAD", "POST"])
@may(policy.MANAGE_ARTICLE)
def correct(request: HtmxRequest, article: Article) -> HttpResponse:
    """The text, to be corrected; sent, it is checked, and a job does the rest."""
    if article.withdrawn_at is not None or article.superseded:
        raise Http404
    if request.method != "POST":
        return _form(request, article, article.body.text)
    text = ""
    try:
        text = _sent(request, article.body.text)
        check(article, text)
        job = _start(request, article, text)
    except BadVersion as refused:
        return _form(request, article, text, error=str(refused), status=422)
    return see_other(request, "correction", article.corpus.slug, job.pk)


@require_safe
@may(policy.MANAGE_CORPUS)
def show(request: HtmxRequest, corpus: Corpus, job: UUID) -> HttpResponse:
    return page(request, "library/correction.html", _known(corpus, job))


@require_safe
@may(policy.MANAGE_CORPUS)
def progress(request: HtmxRequest, corpus: Corpus, job: UUID) -> HttpResponse:
    """The fragment asks for itself again while the job lives."""
    return fragment(request, "library/_correction.html", _known(corpus, job))


def _sent(request: HtmxRequest, old: str) -> str:
    """The text of the file that was sent, else of the field. Raises BadVersion."""
    file = request.FILES.get("file")
    if file is None:
        return _as_written(request.POST.get("text", ""), old)
    if (file.size or 0) > 4 * LIMITS.article_code_points:
        message = _("A text has at most %(most)s characters.")
        raise BadVersion(message % {"most": LIMITS.article_code_points})
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadVersion(_("This file is not in UTF-8. Save it in UTF-8, then send it.")) from error


def _as_written(sent: str, old: str) -> str:
    """Forms send every line break as CR LF: what the text had is what it keeps."""
    plain = sent.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in old else plain


@transaction.atomic
def _start(request: HtmxRequest, article: Article, text: str) -> Job:
    """The job that makes this version. Raises BadVersion where one makes another."""
    upload = uuid4()
    path = upload_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    args: dict[str, object] = {
        "corpus": article.corpus_id,
        "article": article.pk,
        "upload": str(upload),
    }
    job = jobs.start(REVISE, args, by=request.user, dedupe_key=f"{REVISE}:{article.pk}")
    if job.args["upload"] != str(upload):  # sent twice, or by two: the first one is at work
        path.unlink()
        _expect(job, text)
    return job


def _expect(job: Job, text: str) -> None:
    """Refuse (BadVersion) where the job that is at work makes a version with another text."""
    with suppress(FileNotFoundError):
        if upload_path(UUID(job.args["upload"])).read_bytes() == text.encode():
            return
    raise BadVersion(
        _(
            "Another correction of this article is at work. Nothing of yours was saved: wait until"
            " the new version stands, then correct that one."
        )
    )


def _form(
    request: HtmxRequest, article: Article, text: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    known = {
        "article": article,
        "corpus": article.corpus,
        "text": text or article.body.text,
        "is_long": len(article.body.text) > _LONGEST_FIELD,
        "error": error,
    }
    return page(request, "library/correct.html", known, status=status)


def _known(corpus: Corpus, key: UUID) -> dict[str, object]:
    job = Job.objects.filter(kind=REVISE, pk=key, args__corpus=corpus.pk).first()
    if job is None:
        raise Http404
    article = Article.objects.filter(pk=job.args["article"]).first()
    title = str(article or "") or _("Without a title")
    return {"corpus": corpus, "job": shown(job), "done": job.result, "title": title}
