"""The jobs that look into a file of a registry, and that bring it in."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.corpora.uploads import upload_path
from annotations.exchange import registry_incoming as incoming
from annotations.exchange.registry_incoming import Plan
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running
from annotations.limits import LIMITS
from annotations.registry.models import Registry

LOOK, BRING = "survey_registry", "import_registry"
LINES_TOLD = 200


@handles(LOOK)
def survey_registry(job: Running) -> dict[str, object]:
    """What the file that ``args`` names (``registry``, ``file``, ``name``) would do. It stays for
    the import."""
    job.report(0, None, _("Reading"))
    data = _data(job)
    registry = Registry.objects.get(pk=job.args["registry"])
    try:
        with _words_of(job.by()):
            return told(incoming.look(registry, data, is_csv=_is_csv(job)))
    except incoming.TooManyLines as many:
        raise Refused(str(many)) from many


@handles(BRING)
def import_registry(job: Running) -> dict[str, object]:
    """What was looked into is done: all that can be, as one step. Done again after a crash, it
    finds what it did; the file is gone afterwards."""
    if "report" not in job.checkpoint:
        job.report(0, None, _("Writing"))
        _bring(job)
    upload_path(UUID(job.args["file"])).unlink(missing_ok=True)
    report: dict[str, object] = job.checkpoint["report"]
    return report


@transaction.atomic
def _bring(job: Running) -> None:
    registry = Registry.objects.get(pk=job.args["registry"])
    by = job.by()
    try:
        with _words_of(by):
            plan = incoming.bring(registry, _data(job), is_csv=_is_csv(job), by=by)
    except incoming.TooManyLines as many:
        raise Refused(str(many)) from many
    job.save_checkpoint({"report": told(plan)})


def told(plan: Plan) -> dict[str, Any]:
    """The plan in numbers, and the first lines that are left out."""
    return {
        "new": len(plan.fresh),
        "changed": len(plan.changed),
        "same": plan.same,
        "names": len(plan.names) + len(plan.names_again),
        "links": len(plan.links) + len(plan.links_again),
        "refused": len(plan.refused),
        "lines": [[one.line, one.why] for one in plan.refused[:LINES_TOLD]],
    }


def _words_of(by: User | None) -> AbstractContextManager[object]:
    """Why lines are left out is said in the language of who asked."""
    language = by.language if by else ""
    return translation.override(language) if language else nullcontext()


def _data(job: Running) -> bytes:
    path = upload_path(UUID(job.args["file"]))
    try:
        if path.stat().st_size <= LIMITS.registry_bytes:
            return path.read_bytes()
    except FileNotFoundError as error:
        raise Refused(_("The file is not there any more.")) from error
    path.unlink(missing_ok=True)
    megabytes = LIMITS.registry_bytes // 1_048_576
    raise Refused(_("A file of a registry has at most %(size)s MB.") % {"size": megabytes})


def _is_csv(job: Running) -> bool:
    return str(job.args["name"]).lower().endswith((".csv", ".tsv"))
