"""The job that computes a campaign's agreement: one at a time, whoever asks."""

from annotations.accounts.models import User
from annotations.agreement.depth import is_wanted_again
from annotations.agreement.handlers import DEPTH
from annotations.agreement.models import AgreementRun
from annotations.agreement.starting import run_key
from annotations.assignments.models import Campaign
from annotations.jobs import services as jobs
from annotations.jobs.models import LIVE, Job, State
from annotations.web.progress import WatchedJob, shown

FEW_ARTICLES = 200
"""Figures in depth of no more articles are computed without being asked for: seconds, mostly."""


def follows(run: AgreementRun | None) -> bool:
    """Whether a page brings this run up to date by itself: layers that nobody submitted change with
    every span, and a run over them is asked for."""
    return run is not None and not run.include_open


def under_way(campaign: Campaign, run: AgreementRun | None) -> WatchedJob | None:
    """Return the newest job of the campaign if it lives, or failed after `run` was finished."""
    job = Job.objects.filter(dedupe_key=run_key(campaign)).order_by("-created_at").first()
    if job is None or job.state in (State.DONE, State.CANCELLED):
        return None
    since = run and run.finished_at
    outdated = job.state == State.FAILED and since and job.finished_at and job.finished_at < since
    return None if outdated else shown(job)


def deepen(run: AgreementRun, *, by: User) -> None:
    """The figures in depth of a run are under way; those of an older run of the campaign first, if
    they are."""
    args: dict[str, object] = {"campaign": run.campaign_id, "run": run.pk}
    jobs.start(DEPTH, args, by=by, dedupe_key=_depth_key(run))


def deepening(run: AgreementRun) -> WatchedJob | None:
    """Return the job that computes figures in depth for the campaign if it lives, or ended early for
    this run."""
    job = _newest_depth(run)
    if job is None or job.state == State.DONE:
        return None
    return shown(job) if job.state in LIVE or job.args["run"] == run.pk else None


def deepens(run: AgreementRun) -> bool:
    """Whether a page asks for the figures in depth by itself: of a small run, or where those of an
    earlier run are kept for all that did not change; and never again where a job for it ended."""
    if run.depth or not follows(run) or not run.summary["articles"]:
        return False
    job = _newest_depth(run)
    if job is not None and (job.state in LIVE or job.args["run"] == run.pk):
        return False
    return run.summary["articles"] <= FEW_ARTICLES or is_wanted_again(run)


def _newest_depth(run: AgreementRun) -> Job | None:
    return Job.objects.filter(dedupe_key=_depth_key(run)).order_by("-created_at").first()


def _depth_key(run: AgreementRun) -> str:
    return f"agreement_depth:{run.campaign_id}"
