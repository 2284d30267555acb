"""The job that loads uploaded files into a corpus."""

from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.corpora.journal import Journal
from annotations.corpora.models import Corpus
from annotations.corpora.readers.columns import Wish
from annotations.corpora.readers.sources import Source, source_at
from annotations.corpora.reports import LoadReport
from annotations.corpora.services import Policy, as_wished, load
from annotations.corpora.uploads import report_path, upload_path
from annotations.jobs.registry import handles
from annotations.jobs.services import Cancelled, Refused, Running


@handles("load_articles")
def load_articles(job: Running) -> dict[str, object]:
    """Load the uploads that ``args`` names and remove them; the report is the job's result.

    ``args``: ``corpus`` (its key), ``files`` (a list of ``{"id", "name"}``), ``policy``,
    ``encoding``, ``wishes`` (what becomes of columns, as `Wish`). The report is checkpointed in the transaction that loads, so that a job that
    is run again after a crash finds what it did.
    """
    try:
        if "report" not in job.checkpoint:
            _load(job)
    except Cancelled:
        remove_uploads(job)
        raise
    remove_uploads(job)
    result: dict[str, object] = job.checkpoint["report"]
    return result


def remove_uploads(job: Running) -> None:
    """The uploads that ``args`` names are gone."""
    for file in job.args["files"]:
        upload_path(UUID(file["id"])).unlink(missing_ok=True)


def _load(job: Running) -> None:
    corpus = Corpus.objects.get(pk=job.args["corpus"])
    wishes = msgspec.convert(job.args.get("wishes", ()), tuple[Wish, ...])
    sources = as_wished(uploaded(job), wishes, corpus)
    with Journal(report_path(job.id)) as journal:
        load(
            corpus,
            sources,
            by=User.objects.get(pk=job.by_id) if job.by_id else None,
            policy=Policy(job.args["policy"]),
            progress=lambda done, total: job.report(done, total or None),
            journal=journal.record,
            finish=lambda report: _keep(job, journal, report),
        )


def uploaded(job: Running) -> list[Source]:
    """The uploads that ``args`` names (``files``, ``encoding``). Raises Refused where one is not
    there any more."""
    return [_source(file, job.args.get("encoding", "")) for file in job.args["files"]]


def _source(file: dict[str, str], encoding: str) -> Source:
    path = upload_path(UUID(file["id"]))
    try:
        return source_at(path, name=file["name"], encoding=encoding or None)
    except OSError as error:
        message = _("The uploaded file %(name)s is not there any more.")
        raise Refused(message % {"name": file["name"]}) from error


def _keep(job: Running, journal: Journal, report: LoadReport) -> None:
    """The report is on disk before the load is committed, and known when it is."""
    journal.publish()
    job.save_checkpoint({"report": report.as_json()})
