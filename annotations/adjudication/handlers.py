"""The job that settles what all annotators agree on, or most of them."""

from dataclasses import asdict

from django.utils.translation import gettext as _

from annotations.adjudication.preparing import MACHINE
from annotations.adjudication.queries import count_awaiting
from annotations.adjudication.rules import Rule
from annotations.adjudication.together import Settled, settle_ready
from annotations.assignments.handling import campaign_there
from annotations.assignments.models import Campaign
from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running

KIND = "adjudicate"


@handles(KIND)
def adjudicate(job: Running) -> dict[str, object]:
    """Settle what is ready in a campaign. ``args``: ``campaign`` (its key) and ``rule``. The result
    counts the articles that are settled, and those that are left open, in all attempts."""
    campaign = campaign_there(job.args["campaign"])
    if campaign.status != Campaign.Status.RUNNING:
        raise Refused(_("This campaign does not run: nothing of it can be settled."))
    by = job.by()
    if by is None or not by.is_active:
        raise Refused(_("Nobody is there any more in whose name this could be settled."))
    before = Settled(**job.checkpoint)
    waiting = count_awaiting(campaign, by.pk, MACHINE, after=before.after)
    total = before.settled + before.open + waiting
    done = settle_ready(
        campaign,
        Rule(job.args["rule"]),
        by=by,
        before=before,
        progress=lambda number: job.report(number, total, _("Settling article by article")),
        keep=lambda done: job.save_checkpoint(asdict(done)),
    )
    return {"settled": done.settled, "open": done.open}


def key_of(campaign: Campaign) -> str:
    """What such a job of a campaign is under way by: two at once make no sense."""
    return f"{KIND}:{campaign.pk}"
