"""Loads the layers of a kutip/1 file into a campaign.

At the first bad line the whole file is refused. A layer whose annotator has work on the article
already is skipped and listed on stderr; the others are loaded. The exit status is 1 in both cases.
Annotators nobody knows here become inactive accounts.
"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.assignments.models import Campaign
from annotations.exchange.formats import qda
from annotations.exchange.handlers import IMPORT_LAYERS
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from annotations.management.telling import Percent


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="slug of the campaign")
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign “{options['campaign']}”.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file “{options['file']}”.")
        if options["file"].suffix.lower() in qda.ENDINGS:
            raise CommandError(
                f"“{options['file']}” is a REFI-QDA project. What its codes become is for people to"
                " say: load it with “Load annotations” on the page of its corpus."
            )
        report = _report(campaign, options["file"].absolute())
        self.stdout.write(
            f"Campaign “{campaign.slug}”: {report['layers']:,} layers with {report['spans']:,} spans"
            f" and {report['relations']:,} relations loaded, {report['skipped_count']:,} skipped."
        )
        if report["new_annotators"]:
            self.stdout.write(f"New, inactive accounts: {', '.join(report['new_annotators'])}.")
        if report["skipped_count"]:
            self._list(report)
            sys.exit(1)

    def _list(self, report: dict[str, Any]) -> None:
        for skipped in report["skipped"]:
            self.stderr.write(
                f"line {skipped['line']}: skipped, {skipped['annotator']} ({skipped['kind']}) has"
                f" work on “{skipped['article']}” already"
            )
        if more := report["skipped_count"] - len(report["skipped"]):
            self.stderr.write(f"and {more:,} more")


def _report(campaign: Campaign, file: Path) -> dict[str, Any]:
    """What the load did, done in this process; what stops it is a CommandError."""
    args: dict[str, object] = {"campaign": campaign.pk, "path": str(file)}
    with Percent(sys.stderr, "loaded") as percent:
        job = jobs.run_here(IMPORT_LAYERS, args, by=None, progress=percent.tell)
    if job.state != State.DONE or job.result is None:
        raise CommandError(job.error or f"the load did not finish: it is {job.state}")
    report: dict[str, Any] = job.result
    return report
