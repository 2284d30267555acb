"""Computes how far the annotators of a campaign agree, and prints it."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.agreement.comparing import as_json as comparison_as_json
from annotations.agreement.comparing import with_chance
from annotations.agreement.handlers import DEPTH
from annotations.agreement.methods import paragraph
from annotations.agreement.models import AgreementRun
from annotations.agreement.parting import as_json as parting_as_json
from annotations.agreement.parting import parting
from annotations.agreement.queries import finished
from annotations.agreement.results import as_json, figures
from annotations.agreement.starting import KIND
from annotations.agreement.wanted import BY, FILTERS, NoSuchSpans, Wanted
from annotations.assignments.models import Campaign
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from annotations.management.agreement_lines import (
    aligned,
    changes_as_lines,
    figure_words,
    parts_as_lines,
)
from annotations.schema.services import spec_of

HEAD = ("measure", "variant", "over", "pair", "value", "interval", "n", "coverage", "undefined")


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="the campaign's short name, as in its address")
        parser.add_argument("--json", action="store_true", help="print the whole record as JSON")
        parser.add_argument(
            "--include-open",
            action="store_true",
            help="also count layers that are begun but not submitted, as they stand",
        )
        parser.add_argument(
            "--depth",
            action="store_true",
            help="also gamma, cu-alpha, B-cubed and whom to trust: some tenths of a second for each"
            " article that three annotators labelled",
        )
        parser.add_argument(
            "--against",
            type=int,
            metavar="RUN",
            help="also what changed since this earlier run, and whether that is more than chance",
        )
        parser.add_argument("--by", choices=BY, help="also span F1 of these parts of the campaign")
        parser.add_argument(
            "--only",
            action="append",
            default=[],
            metavar="WORD=VALUE",
            help=f"of the parts only these: {', '.join(FILTERS)} (may be repeated)",
        )
        parser.add_argument(
            "--test",
            nargs="*",
            metavar="PART",
            help="whether parts differ by more than chance: each from all others, or one from all"
            " others, or one from another",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = _campaign(options["campaign"])
        wanted, before = _wanted(campaign, options), _before(campaign, options["against"])
        run = self.run(campaign, include_open=options["include_open"])
        if options["depth"]:
            run = self.deepen(run)
        found = parting(run, options["by"], wanted, Campaign.objects.all()) if wanted else None
        changed = with_chance(before, run, waited_for=False) if before else None
        if options["json"]:
            more = {"parts": parting_as_json(found)} if found else {}
            more |= {"changes": comparison_as_json(changed)} if changed else {}
            self.stdout.write(as_json(run, **more))
        else:
            lines = (
                *_as_table(run),
                *(parts_as_lines(found) if found else ()),
                *(changes_as_lines(changed) if changed else ()),
            )
            self.stdout.write("\n".join(lines))

    def run(self, campaign: Campaign, *, include_open: bool) -> AgreementRun:
        """Return a finished run, computed here; what stops it is a CommandError."""
        return self._done(KIND, {"campaign": campaign.pk, "include_open": include_open})

    def deepen(self, run: AgreementRun) -> AgreementRun:
        """Return the run with its figures in depth; what stops it is a CommandError."""
        return self._done(DEPTH, {"campaign": run.campaign_id, "run": run.pk})

    def _done(self, kind: str, args: dict[str, object]) -> AgreementRun:
        job = jobs.run_here(kind, args, by=None, progress=self._tell)
        if job.state != State.DONE or not job.result:
            raise CommandError(job.error or f"the job did not finish: it is {job.state}")
        runs = AgreementRun.objects.select_related("campaign__schema")
        return runs.get(pk=job.result["run"])

    def _tell(self, done: int, total: int | None, message: str) -> None:
        self.stderr.write(f"{message}: {done} / {total}")


def _campaign(slug: str) -> Campaign:
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise CommandError(f"There is no campaign “{slug}”.")
    return campaign


def _before(campaign: Campaign, number: int | None) -> AgreementRun | None:
    """Return the run that this one is compared with."""
    if number is None:
        return None
    run = finished(campaign).filter(pk=number).first()
    if run is None:
        raise CommandError(f"This campaign has no finished run {number}.")
    return run


def _wanted(campaign: Campaign, options: dict[str, Any]) -> Wanted | None:
    """Return which parts are asked for, None where none are; what cannot be is a CommandError."""
    if options["by"] is None:
        if options["only"] or options["test"] is not None:
            raise CommandError("--only and --test are about parts: say with --by which ones.")
        return None
    test: list[str] | None = options["test"]
    told = dict(_said(each) for each in options["only"])
    if test is not None:
        if len(test) > 2:
            raise CommandError("--test takes two parts at the most.")
        told |= {"test": "two" if test else "each"} | dict(
            zip(("first", "second"), test or (), strict=False)
        )
    try:
        return Wanted.of(told, spec_of(campaign.schema_id))
    except NoSuchSpans as unknown:
        raise CommandError(f"Nothing in this campaign is called “{unknown}”.") from unknown


def _said(written: str) -> tuple[str, str]:
    word, _, value = written.partition("=")
    if word not in FILTERS:
        raise CommandError(f"“{written}” is no WORD=VALUE; words are {', '.join(FILTERS)}.")
    return word, value


def _as_table(run: AgreementRun) -> Iterator[str]:
    """Yield the methods, then a line for every figure over all pairs and for each pair's F1.
    Values that no matched spans carry are left to the JSON."""
    yield from (paragraph(run), "")
    yield from aligned([HEAD, *(_cells(row) for row in figures(run) if _is_shown(row))])


def _is_shown(row: dict[str, Any]) -> bool:
    if row["pair"]:
        return bool(row["measure"] == "span_f1" and row["label"] is None)
    return bool(row["n"] or row["attribute"] is None)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    between = row["interval"]
    return (
        *figure_words(row),
        " ".join(row["pair"] or ()),
        "" if row["value"] is None else f"{row['value']:.3f}",
        f"{between['low']:.3f} to {between['high']:.3f}" if between else "",
        str(row["n"]),
        "" if row["coverage"] is None else f"{row['coverage']:.0%}",
        row["undefined"] or "",
    )
