"""The jobs that compute a run: one does, others help it count."""

from django.utils.translation import gettext as _

from annotations.agreement import services, working
from annotations.assignments.models import Campaign
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running
from annotations.schema.services import spec_of

KIND = "agreement"


@handles(KIND)
def agreement(job: Running) -> dict[str, object]:
    """Compute the run of this job; its key is the result.

    ``args``: ``campaign`` (its key) and ``include_open``. The result says nothing of the figures:
    jobs are read by others than runs are.
    """
    campaign = _campaign(job)
    include_open = bool(job.args.get("include_open"))
    run = services.begin(campaign, include_open=include_open, job=job.id, by=job.by_id)
    services.compute(run, job.report, helped=True)
    return {"run": run.pk}


@handles(working.HELP)
def agreement_count(job: Running) -> dict[str, object]:
    """Count beside the job that computes the run. ``args``: ``campaign`` (its key)."""
    campaign = _campaign(job)
    spec = spec_of(campaign.schema_id)
    return {"pairs": working.help_out(campaign, spec, advance=lambda done: job.report(done))}


def _campaign(job: Running) -> Campaign:
    campaigns = Campaign.objects.select_related("schema", "corpus")
    campaign = campaigns.filter(pk=job.args["campaign"]).first()
    if campaign is None:
        raise Refused(_("This campaign is not there any more."))
    return campaign
