"""The job that computes a run."""

from annotations.agreement import services
from annotations.assignments.handling import campaign_there
from annotations.jobs.registry import handles
from annotations.jobs.services import Running

KIND = "agreement"


@handles(KIND)
def agreement(job: Running) -> dict[str, object]:
    """Compute the run of this job; its key is the result.

    ``args``: ``campaign`` (its key) and ``include_open``. The result says nothing of the figures:
    jobs are read by others than runs are.
    """
    campaign = campaign_there(job.args["campaign"])
    include_open = bool(job.args.get("include_open"))
    run = services.begin(campaign, include_open=include_open, job=job.id, by=job.by_id)
    services.compute(run, job.report)
    return {"run": run.pk}
