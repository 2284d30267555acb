"""Settles what all annotators of a campaign agree on, or most of them, wherever they are done."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from annotations import policy
from annotations.accounts.models import Role, User
from annotations.adjudication.counting import counts
from annotations.adjudication.handlers import KIND
from annotations.adjudication.rules import Rule
from annotations.assignments.models import Campaign
from annotations.corpora.models import Membership
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from annotations.management.telling import Percent


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="the campaign's short name, as in its address")
        parser.add_argument(
            "--rule",
            choices=[*Rule],
            default=Rule.EQUAL,
            help="equal (the default): what all layers have alike; majority: also what more than"
            " half of them have, or have not",
        )
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="who settles: a manager or adjudicator who labels nothing in the campaign (default:"
            " who made the campaign, else the first of those)",
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign “{options['campaign']}”.")
        by = _person(campaign, options["by"])
        with Percent(sys.stderr, f"settled by {by.username}") as percent:
            asked = {"campaign": campaign.pk, "rule": options["rule"]}
            job = jobs.run_here(KIND, asked, by=by, progress=percent.tell)
        if job.state != State.DONE or not job.result:
            raise CommandError(job.error or f"the job did not finish: it is {job.state}")
        now = counts(campaign)
        told = job.result | {"by": by.username, "in_progress": now.progress, "waiting": now.waiting}
        if options["json"]:
            self.stdout.write(json.dumps(told, sort_keys=True))
            return
        self.stdout.write(
            f"{told['settled']} settled, {told['open']} left open for adjudicators;"
            f" {now.progress} in progress, {now.waiting} with their annotators"
        )


def _person(campaign: Campaign, name: str | None) -> User:
    """Who settles. Whoever is named must be allowed to."""
    if name is not None:
        person = User.objects.filter(username__iexact=name).first()
        if person is None or not policy.ADJUDICATE.allows(person, campaign):
            raise CommandError(f"“{name}” may not adjudicate in this campaign.")
        return person
    members = Membership.objects.filter(corpus=campaign.corpus_id, role__in=policy.ADJUDICATING)
    roles = (Role.ADMIN, *policy.ADJUDICATING)
    may = User.objects.filter(Q(role__in=roles) | Q(pk__in=members.values("user"))).order_by("pk")
    for person in filter(None, (campaign.created_by, *may)):
        if policy.ADJUDICATE.allows(person, campaign):
            return person
    raise CommandError("Nobody may adjudicate in this campaign: make someone an adjudicator first.")
