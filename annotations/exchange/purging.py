"""What lay in the trash for 30 days is removed for good: rows by the database's own functions, in
steps of some thousand, and the files that only these rows knew."""

from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from annotations.assignments.models import Campaign
from annotations.assignments.trash import jobs_of_campaign, jobs_of_corpus
from annotations.corpora.models import Corpus
from annotations.corpora.uploads import look_report_path, remove_uploads, report_path, upload_path
from annotations.corpora.withdrawing import due
from annotations.exchange.models import Export
from annotations.exchange.store import remove
from annotations.history.services import record
from annotations.jobs.models import Job

ROWS = 20_000
"""About so many rows of layers go in one step."""
ARTICLES = 1_000
"""So many articles, or rows of a registry, go in one step."""

Progress = Callable[[int], None]
"""Told how many layers and articles are gone so far. May raise, to stop."""


def is_anything_due() -> bool:
    return due(Campaign.objects.all()).exists() or due(Corpus.objects.all()).exists()


def purge(progress: Progress) -> dict[str, int]:
    """Everything that is due is gone. Returns how many corpora and campaigns that were.

    Each step is a transaction of its own: whatever stops this, the next call goes on from there.
    Files go before the rows that name them. Nothing that is restored meanwhile loses anything.
    """
    counted = {"corpora": 0, "campaigns": 0}
    done = 0
    for campaign in _campaigns():
        _remove_files_of_campaign(campaign)
        for gone in _steps("purge_campaign", campaign, ROWS):
            done += gone
            progress(done)
        counted["campaigns"] += not Campaign.objects.filter(pk=campaign.pk).exists()
    for corpus in due(Corpus.objects.all()).order_by("pk"):
        _remove_files_of_corpus(corpus)
        for gone in _steps("purge_corpus", corpus, ARTICLES):
            done += gone
            progress(done)
        counted["corpora"] += not Corpus.objects.filter(pk=corpus.pk).exists()
    return counted


def _campaigns() -> Iterator[Campaign]:
    """Those that are due by themselves or with their corpus."""
    with_corpus = Campaign.objects.filter(corpus__in=due(Corpus.objects.all()))
    yield from (due(Campaign.objects.all()) | with_corpus).select_related("corpus").order_by("pk")


def _steps(function: str, thing: Campaign | Corpus, most: int) -> Iterator[int]:
    """Yield how many went in each step, until the thing itself did, or is not due any more."""
    gone: int | None = 1
    while gone:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {function}(%s, %s)", [thing.pk, most])
                gone = cursor.fetchone()[0]
            if gone == 0:
                verb = f"{thing._meta.db_table}.purged"
                record(verb, thing, by=None, slug=thing.slug, name=thing.name)
        yield gone or 0


def _remove_files_of_campaign(campaign: Campaign) -> None:
    """Its exports, but one that another campaign has byte for byte; what its jobs read and told."""
    mine = Export.objects.filter(campaign=campaign)
    for sha256 in mine.values_list("sha256", flat=True):
        others = Export.objects.filter(sha256=sha256, expired_at=None).exclude(campaign=campaign)
        if sha256 and not others.exists():
            remove(bytes(sha256))
    _remove_files_of_jobs(jobs_of_campaign(campaign))


def _remove_files_of_corpus(corpus: Corpus) -> None:
    about = jobs_of_corpus(corpus)
    if not Corpus.objects.filter(registry=corpus.registry_id).exclude(pk=corpus.pk).exists():
        about |= Q(args__contains={"registry": corpus.registry_id})
    _remove_files_of_jobs(about)


def _remove_files_of_jobs(about: Q) -> None:
    for job in Job.objects.filter(about).only("args").iterator():
        remove_uploads(job.args.get("files", ()))
        for word in ("upload", "file"):
            if word in job.args:
                upload_path(UUID(job.args[word])).unlink(missing_ok=True)
        for path in (report_path(job.pk), look_report_path(job.pk), upload_path(job.pk)):
            path.unlink(missing_ok=True)
