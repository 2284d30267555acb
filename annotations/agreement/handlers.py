"""The jobs that compute a run: one does, others help it count; another looks at it in depth, and has
help as well."""

from uuid import UUID

from django.utils.translation import gettext as _

from annotations.agreement import aligning, depth, queries, services, working
from annotations.agreement.layers import Compared
from annotations.agreement.models import AgreementRun
from annotations.agreement.starting import KIND
from annotations.assignments.handling import campaign_there
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running
from annotations.schema.services import spec_of

DEPTH = "agreement_depth"


@handles(KIND)
def agreement(job: Running) -> dict[str, object]:
    """Compute the run of this job; its key is the result.

    ``args``: ``campaign`` (its key) and ``include_open``. The result says nothing of the figures:
    jobs are read by others than runs are.
    """
    campaign = campaign_there(job.args["campaign"])
    include_open = bool(job.args.get("include_open"))
    run = services.begin(campaign, include_open=include_open, job=job.id, by=job.by_id)
    services.compute(run, job.report, helped=True)
    return {"run": run.pk}


@handles(working.HELP)
def agreement_count(job: Running) -> dict[str, object]:
    """Count beside the job that computes the run. ``args``: ``campaign`` (its key)."""
    campaign = campaign_there(job.args["campaign"])
    spec = spec_of(campaign.schema_id)
    return {"pairs": working.help_out(campaign, spec, advance=lambda done: job.report(done))}


@handles(DEPTH)
def agreement_depth(job: Running) -> dict[str, object]:
    """Compute the figures in depth of a finished run. ``args``: ``campaign`` and ``run``, their keys."""
    run = _run_of(job)
    depth.deepen(run, job.report, helped_for=job.id)
    return {"run": run.pk}


@handles(aligning.HELP)
def agreement_depth_count(job: Running) -> dict[str, object]:
    """Count beside the job ``of`` that computes figures in depth. ``args``: those of that job, ``of`` (its
    id) and ``number`` (which of the helpers)."""
    run = _run_of(job)
    counted = aligning.help_out(
        run,
        int(job.args["number"]),
        Compared.of(spec_of(run.campaign.schema_id)),
        of=UUID(job.args["of"]),
        advance=lambda done: job.report(done),
    )
    return {"articles": counted}


def _run_of(job: Running) -> AgreementRun:
    campaign = campaign_there(job.args["campaign"])
    run = queries.finished(campaign).filter(pk=job.args["run"]).first()
    if run is None:
        raise Refused(_("This run is not there any more."))
    return run
