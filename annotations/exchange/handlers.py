"""The jobs that export a campaign, load layers into one, bring layers onto a corrected text, empty
the trash, write exports in other formats, and let old ones expire."""

from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments.handling import campaign_there
from annotations.assignments.models import Campaign
from annotations.corpora.handlers import corpus_there
from annotations.corpora.models import Article
from annotations.corpora.uploads import upload_path
from annotations.corpora.versions import BadVersion
from annotations.exchange import making, services
from annotations.exchange.card import known_of
from annotations.exchange.choices.asking import choice_of
from annotations.exchange.choices.record import Choice
from annotations.exchange.expiring import expire
from annotations.exchange.incoming import Report
from annotations.exchange.models import Export
from annotations.exchange.purging import purge
from annotations.exchange.refusals import REFUSED, message_of, no_space
from annotations.exchange.revising import revise
from annotations.exchange.store import is_full
from annotations.jobs.models import Job
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running, start

EXPORT, IMPORT_LAYERS, REVISE = "export", "import_layers", "revise_article"
CONVERT = "convert_export"
EMPTY_TRASH, EXPIRE = "empty_trash", "expire_exports"


@handles(EXPORT)
def export(job: Running) -> dict[str, object]:
    """Make the export that this job was started for. ``args``: ``campaign`` (its key) and
    ``choice`` (the document of what goes in; jobs of before there was one say ``include_open``).
    Done again after a crash, it makes the same export."""
    try:
        ordered = services.order(
            campaign_there(job.args["campaign"]), _choice(job), job=job.id, by=job.by()
        )
        services.export(
            ordered,
            progress=lambda done, total, _message: job.report(done, total or None, _("Writing")),
            hold=job.hold,
            about=known_of,
        )
    except services.BadChoice as refusal:
        raise Refused(str(refusal)) from refusal
    except services.Lies as lie:
        message = _("Nothing was exported: %(lie)s. Please tell whoever runs this server.")
        raise Refused(message % {"lie": lie}) from lie
    except OSError as error:
        raise _no_space(error) from error
    return {"export": str(ordered.pk), "lines": ordered.lines, "bytes": ordered.bytes}


@handles(CONVERT)
def convert_export(job: Running) -> dict[str, object]:
    """Make an export's file in another format, to be kept beside it. ``args``: ``campaign`` and
    ``export`` (keys), ``format``, and ``options`` (words by their keys)."""
    args = job.args
    found = Export.objects.select_related("campaign").filter(
        pk=args["export"], campaign=campaign_there(args["campaign"]), finished_at__isnull=False
    )
    try:
        export = found.get()
        done = making.make(
            export,
            args["format"],
            args["options"],
            lambda read: job.report(read, export.lines, _("Writing")),
        )
    except REFUSED as error:
        raise Refused(message_of(error)) from error
    except (Export.DoesNotExist, FileNotFoundError) as error:
        raise Refused(_("The file is not there any more.")) from error
    return {"export": str(export.pk), "format": args["format"], "bytes": done.kept.size}


@handles(IMPORT_LAYERS)
def import_layers(job: Running) -> dict[str, object]:
    """Load the file that ``args`` names into a campaign: ``campaign`` (its key), and ``upload``
    (of `annotations.corpora.uploads`, removed afterwards) or ``path`` (left where it is).

    The report is the result. It is checkpointed in the transaction that makes the layers
    visible, so that a job that is run again after a crash finds what it did.
    """
    file = _file(job)
    if "report" not in job.checkpoint:
        _load(job, file)
    _remove_upload(job, file)
    report: dict[str, object] = job.checkpoint["report"]
    return report


@handles(REVISE)
def revise_article(job: Running) -> dict[str, object]:
    """Make a newer version of an article and bring its layers onto it. ``args``: ``corpus`` and
    ``article`` (keys), ``upload`` (of `annotations.corpora.uploads`: the text in UTF-8, removed
    afterwards). The counts are the result, checkpointed in the transaction that did it."""
    file = upload_path(UUID(job.args["upload"]))
    if "revised" not in job.checkpoint:
        _revise(job, file)
    file.unlink(missing_ok=True)
    revised: dict[str, object] = job.checkpoint["revised"]
    return revised


@handles(EMPTY_TRASH)
def empty_trash(job: Running) -> dict[str, object]:
    """Remove the corpora and campaigns that lay in the trash for long enough. The result counts
    those that this attempt removed."""
    return dict(purge(lambda done: job.report(done)))


@handles(EXPIRE)
def expire_exports(job: Running) -> dict[str, object]:
    """Remove the files of exports that are older than is promised, and what dead jobs left."""
    return {"expired": expire(lambda done: job.report(done))}


def _revise(job: Running, file: Path) -> None:
    article = Article.objects.select_related("corpus", "body").get(
        pk=job.args["article"], corpus=corpus_there(job)
    )
    try:
        text = file.read_bytes().decode()
        with transaction.atomic():
            done = revise(
                article,
                text,
                load=job.id,
                by=job.by(),
                hold=job.hold,
                wait=lambda: job.report(0),
            )
            job.save_checkpoint({"revised": asdict(done)})
    except BadVersion as refusal:
        file.unlink(missing_ok=True)
        raise Refused(str(refusal)) from refusal
    except FileNotFoundError as error:
        raise Refused(_("The file is not there any more.")) from error


def _load(job: Running, file: Path) -> None:
    try:
        services.import_layers(
            campaign_there(job.args["campaign"]),
            file,
            load=job.id,
            by=job.by(),
            progress=lambda done, total, message: job.report(done, total or None, message),
            hold=job.hold,
            finish=lambda report: _keep(job, report),
        )
    except (services.BadFile, services.NotRunning) as refusal:
        _remove_upload(job, file)
        raise Refused(str(refusal)) from refusal
    except FileNotFoundError as error:
        raise Refused(_("The file is not there any more.")) from error
    except OSError as error:
        raise _no_space(error) from error


def _file(job: Running) -> Path:
    if "upload" in job.args:
        return upload_path(UUID(job.args["upload"]))
    return Path(job.args["path"])


def _remove_upload(job: Running, file: Path) -> None:
    if "upload" in job.args:
        file.unlink(missing_ok=True)


def _keep(job: Running, report: Report) -> None:
    job.save_checkpoint({"report": asdict(report)})


def export_key(campaign: Campaign, choice: Choice) -> str:
    """What an export of this choice is under way by: two of one choice at once make no sense."""
    digest = sha256(repr(sorted(choice.document().items())).encode()).hexdigest()[:16]
    return f"export:{campaign.pk}:{digest}"


def convert_key(export: Export, format: str, words: Mapping[str, str]) -> str:
    """What the making of such a file is under way by. Raises as `converting.unproved`."""
    return f"{CONVERT}:{export.pk}:{making.key_of(export, format, words)}"


def start_converting(export: Export, format: str, words: Mapping[str, str], *, by: User) -> Job:
    """The export's file in this format is being made; asking for the same again while it is changes
    nothing. Raises as `convert_key`."""
    args: dict[str, object] = {
        "campaign": export.campaign_id,
        "export": str(export.pk),
        "format": format,
        "options": dict(words),
    }
    return start(CONVERT, args, by=by, dedupe_key=convert_key(export, format, words))


def _choice(job: Running) -> Choice:
    """Raises BadChoice."""
    before = {"include_open": bool(job.args.get("include_open"))}
    return choice_of(job.args.get("choice", before))


def _no_space(error: OSError) -> Exception:
    """The refusal of a full disk; any other error is itself, and the job is tried again."""
    if is_full(error):
        return Refused(no_space())
    return error
