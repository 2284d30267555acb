"""The jobs of a corpus: looking into files, loading them, making articles searchable, tagging."""

from contextlib import ExitStack
from functools import partial
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from annotations.corpora.journal import Journal
from annotations.corpora.looking import LOAD, LOOK, first_sight, look
from annotations.corpora.models import Corpus, Tag
from annotations.corpora.pieces import load_in_pieces
from annotations.corpora.readers import kinds
from annotations.corpora.readers.columns import Wish
from annotations.corpora.readers.sources import Source, source_at
from annotations.corpora.reports import LoadReport
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.services import Policy, as_wished, load
from annotations.corpora.tagging import tag_found
from annotations.corpora.upkeep import make_searchable
from annotations.corpora.uploads import look_report_path, remove_uploads, report_path, upload_path
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running


@handles(LOAD)
def load_articles(job: Running) -> dict[str, object]:
    """Load the uploads that ``args`` names, and remove them if they were loaded; the report is the
    job's result. A load that was stopped, or failed, leaves them to be tried again; one that may
    leave things out goes on behind the pieces that it has committed.

    ``args``: ``corpus`` (its key), ``files`` (a list of ``{"id", "name"}``), ``policy``,
    ``encoding``, ``wishes`` (what becomes of columns, as `Wish`). The report is checkpointed in the
    transaction that loads, so that a job that is run again after a crash finds what it did.
    """
    if "report" not in job.checkpoint:
        _load(job)
    result: dict[str, object] = job.checkpoint["report"]
    if result["kept"]:
        remove_uploads(job.args["files"])
    return result


def corpus_there(job: Running) -> Corpus:
    """The corpus that ``args`` names. Raises Refused where it is in the trash or not there any
    more."""
    found = Corpus.objects.select_related("registry").filter(pk=job.args["corpus"]).first()
    if found is None:
        raise Refused(_("This corpus is not there any more."))
    if found.withdrawn_at is not None:
        raise Refused(_("This corpus is in the trash. Restore it, then try again."))
    return found


@handles("index_articles")
def index_articles(job: Running) -> dict[str, object]:
    """Make the articles of a corpus searchable, and find those that tell the same story.

    ``args``: ``corpus`` (its key). Goes on where the last such job ended; the result counts the
    articles that became searchable, in all attempts.
    """
    before = job.checkpoint.get("searchable", 0)
    made = make_searchable(
        corpus_there(job),
        progress=lambda done, total: job.report(done, total),
        hold=job.hold,
        keep=lambda made: job.save_checkpoint({"searchable": before + made}),
    )
    return {"searchable": before + made}


@handles("tag_articles")
def tag_articles(job: Running) -> dict[str, object]:
    """Put a tag on every article that meets some criteria, or take it away.

    ``args``: ``corpus`` and ``tag`` (keys), ``criteria`` (as `Criteria.as_json` gave it), ``add``.
    The result counts the articles that changed, in all attempts.
    """
    before = job.checkpoint.get("changed", 0)
    if job.checkpoint.get("after") == 0:
        return {"changed": before}
    tag = Tag.objects.filter(pk=job.args["tag"], corpus=corpus_there(job)).first()
    if tag is None:
        raise Refused(_("This tag is not there any more."))
    changed = tag_found(
        tag,
        Criteria.from_json(job.args["criteria"]),
        by=job.by(),
        is_added=job.args["add"],
        after=job.checkpoint.get("after", 0),
        before=before,
        progress=lambda seen: job.report(seen),
        keep=lambda after, changed: job.save_checkpoint({"after": after, "changed": changed}),
    )
    return {"changed": changed}


def _load(job: Running) -> None:
    corpus = corpus_there(job)
    sources = as_wished(uploaded(job), _wishes(job), corpus)
    if job.args["policy"] == Policy.SKIP:
        load_in_pieces(
            job, corpus, sources, check=partial(corpus_there, job), finish=partial(_keep, job)
        )
        return
    with Journal(report_path(job.id)) as journal:
        load(
            corpus,
            sources,
            by=job.by(),
            progress=lambda done, total: job.report(done, total or None),
            journal=journal.record,
            finish=partial(_keep, job, journal),
        )


@handles(LOOK)
def survey_articles(job: Running) -> dict[str, object]:
    """Look into the uploads that ``args`` names: nothing is loaded, and they stay for the load, or
    for another look.

    ``args``: ``corpus``, ``files``, ``encoding``, ``wishes`` (those that were told). How the files
    begin is checkpointed as ``seen``, before all of them is read; the result is a `Look`.
    """
    corpus = corpus_there(job)
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(look_report_path(job.id)))
        files = kinds.unpacked(as_wished(uploaded(job), (), corpus), stack)
        seen = first_sight(corpus, files, _wishes(job), lambda: job.report(0))
        job.save_checkpoint({"seen": msgspec.to_builtins(seen)})
        found = look(
            corpus,
            files,
            seen,
            progress=lambda done, total: job.report(done, total or None),
            journal=journal.record,
        )
        journal.publish()
    result: dict[str, object] = msgspec.to_builtins(found)
    return result


def _wishes(job: Running) -> list[Wish]:
    return msgspec.convert(job.args.get("wishes", []), list[Wish])


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
    """The report is on disk before the load is committed, and known when it is. No other worker has
    the job: that one's report is at the same place."""
    job.hold()
    journal.publish()
    job.save_checkpoint({"report": report.as_json()})
