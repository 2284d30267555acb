"""The jobs that look into files of another tool's annotations, and that load them."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import msgspec
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.handling import campaign_there
from annotations.assignments.models import Campaign
from annotations.corpora.handlers import corpus_there, uploaded
from annotations.corpora.journal import Journal
from annotations.corpora.models import Corpus
from annotations.corpora.reports import LoadReport
from annotations.corpora.services import Policy, load_readings
from annotations.corpora.uploads import remove_uploads, report_path, upload_path
from annotations.exchange import services
from annotations.exchange.bringing import NotAnnotated, Opened, Writing, Written, opened
from annotations.exchange.drawing import drawn, makes
from annotations.exchange.mapping import Decisions
from annotations.exchange.newcomers import UnfitLine, bring_person
from annotations.exchange.reasons import sentence
from annotations.exchange.surveying import Survey, TooManyNames, survey
from annotations.jobs.models import Job
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running
from annotations.schema import services as schemas
from annotations.schema.models import Schema
from annotations.schema.spec import parse

SURVEY, BRING = "survey_annotations", "load_annotations"


@handles(SURVEY)
def survey_annotations(job: Running) -> dict[str, object]:
    """Look into the uploads that ``args`` names (``corpus``, ``files``): nothing is loaded, and
    they stay for the load. The result is ``format`` and ``survey``."""
    corpus_there(job)
    with ExitStack() as stack:
        try:
            files = opened(uploaded(job), stack)
            found = survey(files.found(lambda done, total: _tell(job, done, total, _("Reading"))))
        except NotAnnotated as refusal:
            remove_uploads(job.args["files"])
            raise Refused(str(refusal)) from refusal
        except TooManyNames as refusal:
            remove_uploads(job.args["files"])
            raise Refused(_too_many(refusal)) from refusal
    return {"format": files.format, "survey": msgspec.to_builtins(found)}


def _too_many(refusal: TooManyNames) -> str:
    sentences = {
        "annotators": _("The files name more than %(limit)s annotators. Load them in parts."),
        "labels": _("The files hold more than %(limit)s labels: too many for a schema."),
        "attributes": _("A label has more than %(limit)s attributes: too many for a schema."),
        "relations": _("The files hold more than %(limit)s relations: too many for a schema."),
    }
    return sentences[refusal.what] % {"limit": refusal.limit}


@handles(BRING)
def load_annotations(job: Running) -> dict[str, object]:
    """Load what was surveyed. ``args``: ``corpus``, ``files``, ``survey`` (the job that looked),
    ``decisions``, and either ``campaign`` (a key) or ``name``, ``slug`` and ``base`` (a schema as
    KEY@VERSION, or "" for one drawn from the files) of a campaign to be made.

    Each step is checkpointed in the transaction that does it: a job that is run again after a
    crash, or was stopped and is tried again, goes on behind it. The result tells of all of them.
    """
    corpus_there(job)
    try:
        _bring(job)
    except Refused:
        _clean(job)
        raise
    _clean(job)
    return dict(job.checkpoint)


def _bring(job: Running) -> None:
    corpus = corpus_there(job)
    by = job.by()
    if "layers" in job.checkpoint:
        return
    with ExitStack() as stack:
        files = _opened(job, stack)
        if "articles" not in job.checkpoint:
            _load_articles(job, files, corpus, by)
        schema, decisions = _schema(job)
        written = _write(job, files, corpus, schema, decisions)
    _load_layers(job, _campaign(job, corpus, schema, written, by), by)


def _opened(job: Running, stack: ExitStack) -> Opened:
    try:
        return opened(uploaded(job), stack)
    except NotAnnotated as refusal:
        raise Refused(str(refusal)) from refusal


def _load_articles(job: Running, files: Opened, corpus: Corpus, by: User | None) -> None:
    def told(done: int, total: int) -> None:
        _tell(job, done, total, _("Loading articles"))

    def keep(report: LoadReport) -> None:
        _save(job, articles=report.as_json())

    load_readings(
        corpus,
        files.readings(told),
        by=by,
        policy=Policy.SKIP,
        progress=told,
        journal=lambda row: None,
        finish=keep,
    )


def _schema(job: Running) -> tuple[Schema, Decisions]:
    """The schema the layers are loaded under, and the decisions under it. What is to be drawn is
    drawn the same way each time, and registered once."""
    decisions = msgspec.convert(job.args["decisions"], Decisions)
    if job.args.get("campaign"):
        return campaign_there(job.args["campaign"]).schema, decisions
    base = schemas.find(job.args["base"]) if job.args["base"] else None
    if base and not makes(decisions):
        return base, decisions
    looked = Job.objects.get(pk=job.args["survey"]).result or {}
    found = msgspec.convert(looked["survey"], Survey)
    document, decisions = drawn(
        found,
        decisions,
        base=base.spec if base else None,
        key=job.args["slug"],
        name=job.args["name"],
    )
    return schemas.register(document), decisions


def _write(
    job: Running, files: Opened, corpus: Corpus, schema: Schema, decisions: Decisions
) -> Written:
    """The layers stand in a file of kutip/1, what could not be taken in the full report."""
    with Journal(report_path(job.id)) as journal:
        writing = Writing(corpus, decisions, parse(schema.spec), journal.record)
        found = files.found(lambda done, total: _tell(job, done, total, _("Reading the layers")))
        written = writing.write(found, _lines(job))
        journal.publish()
    _save(
        job,
        lost=dict(written.lost),
        changed=dict(written.changed),
        left_out=[[*what, count] for what, count in sorted(written.left_out.items())],
    )
    return written


@transaction.atomic
def _campaign(
    job: Running, corpus: Corpus, schema: Schema, written: Written, by: User | None
) -> Campaign:
    """The campaign that was chosen, or one made for these layers, running."""
    known = job.args.get("campaign") or job.checkpoint.get("campaign")
    if known:
        return campaign_there(known)
    design = assignments.Design(
        slug=job.args["slug"],
        name=job.args["name"],
        corpus=corpus,
        schema=schema,
        annotators=_people(written),
        overlap=max(1, min(written.overlap, 50)),
        options=assignments.Options(suggestions=False),
    )
    try:
        campaign = assignments.create_campaign(design, by=by)
    except assignments.Impossible as refusal:
        raise Refused(str(refusal)) from refusal
    assignments.start(campaign, by=by)
    _save(job, campaign=campaign.pk)
    return campaign


def _people(written: Written) -> list[User]:
    """Whoever tagged something; who is new here gets an inactive account."""
    if not written.people:
        raise Refused(_("No layer is left to load: nothing was mapped, or no article was loaded."))
    known = _accounts(written.people)
    for name in written.people:
        if name.lower() not in known:
            _bring_person(name)
    return list(_accounts(written.people).values())


def _accounts(names: Sequence[str]) -> dict[str, User]:
    """The accounts that have these names, by their names in small letters."""
    found = User.objects.annotate(folded=Lower("username"))
    return {user.folded: user for user in found.filter(folded__in=[n.lower() for n in names])}


def _bring_person(name: str) -> None:
    try:
        bring_person(name, 0)
    except UnfitLine as unfit:
        raise Refused(sentence(unfit.code, unfit.values)) from unfit


def _load_layers(job: Running, campaign: Campaign, by: User | None) -> None:
    try:
        services.import_layers(
            campaign,
            _lines(job),
            load=job.id,
            by=by,
            progress=lambda done, total, message: job.report(done, total or None, message),
            hold=job.hold,
            finish=lambda report: _save(job, layers=asdict(report), campaign=campaign.pk),
        )
    except (services.BadFile, services.NotRunning) as refusal:
        raise Refused(str(refusal)) from refusal


def _lines(job: Running) -> Path:
    """Where the layers stand between the steps."""
    return upload_path(job.id)


def _clean(job: Running) -> None:
    remove_uploads(job.args["files"])
    _lines(job).unlink(missing_ok=True)


def _tell(job: Running, done: int, total: int, message: str) -> None:
    job.report(done, total or None, message)


def _save(job: Running, **news: object) -> None:
    job.save_checkpoint({**job.checkpoint, **news})
