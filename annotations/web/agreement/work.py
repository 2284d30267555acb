"""The job that computes a campaign's agreement: one at a time, whoever asks."""

from annotations.accounts.models import User
from annotations.agreement.handlers import KIND
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.web.progress import WatchedJob, shown


def start(campaign: Campaign, *, include_open: bool, by: User) -> None:
    """A run of the campaign is under way; asking again while one is changes nothing."""
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": include_open}
    jobs.start(KIND, args, by=by, dedupe_key=_key(campaign))


def follows(run: AgreementRun | None) -> bool:
    """Whether a page brings this run up to date by itself: layers that nobody submitted change with
    every span, and a run over them is asked for."""
    return run is not None and not run.include_open


def under_way(campaign: Campaign, run: AgreementRun | None) -> WatchedJob | None:
    """Return the newest job of the campaign if it lives, or failed after `run` was finished."""
    job = Job.objects.filter(dedupe_key=_key(campaign)).order_by("-created_at").first()
    if job is None or job.state in (State.DONE, State.CANCELLED):
        return None
    since = run and run.finished_at
    outdated = job.state == State.FAILED and since and job.finished_at and job.finished_at < since
    return None if outdated else shown(job)


def _key(campaign: Campaign) -> str:
    return f"agreement:{campaign.pk}"
