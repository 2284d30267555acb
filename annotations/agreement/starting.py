"""The job that computes a run, for those who only ask for it: what it computes with is not imported."""

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.jobs import services as jobs

KIND = "agreement"


def start(campaign: Campaign, *, include_open: bool, by: User) -> None:
    """A run of the campaign is under way; asking again while one is changes nothing."""
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": include_open}
    jobs.start(KIND, args, by=by, dedupe_key=run_key(campaign))


def run_key(campaign: Campaign) -> str:
    """What the jobs that compute runs of this campaign are known by."""
    return f"agreement:{campaign.pk}"
