"""The job that settles what all agree on: one at a time in a campaign, whoever asks."""

from annotations.accounts.models import User
from annotations.adjudication.handlers import KIND, key_of
from annotations.adjudication.rules import Rule
from annotations.assignments.models import Campaign
from annotations.jobs import services as jobs
from annotations.jobs.models import LIVE, Job, State


def start(campaign: Campaign, rule: Rule, *, by: User) -> None:
    """It is under way; asking again while it is changes nothing."""
    args: dict[str, object] = {"campaign": campaign.pk, "rule": rule}
    jobs.start(KIND, args, by=by, dedupe_key=key_of(campaign))


def newest(campaign: Campaign) -> Job | None:
    """The newest such job of the campaign if it lives, or failed."""
    job = Job.objects.filter(dedupe_key=key_of(campaign)).order_by("-created_at").first()
    return job if job and (job.state in LIVE or job.state == State.FAILED) else None
