"""Exports a campaign's layers: FILE, and beside it its manifest, schema, data card and checksum.

With “-o -” the export itself goes to stdout, alone. Progress goes to stderr.
"""

import shutil
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.assignments.models import Campaign
from annotations.exchange.handlers import EXPORT
from annotations.exchange.manifest import companions
from annotations.exchange.models import Export
from annotations.exchange.store import path_of
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from annotations.management.telling import Percent


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="slug of the campaign")
        parser.add_argument("--format", choices=("jsonl",), default="jsonl")
        parser.add_argument("-o", "--output", metavar="FILE", required=True, help="“-” for stdout")
        parser.add_argument(
            "--include-open",
            action="store_true",
            help="also layers that are open, reopened or skipped, as they stand",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = None if options["output"] == "-" else Path(options["output"])
        if target is not None and (target.is_dir() or not target.absolute().parent.is_dir()):
            raise CommandError(f"“{target}” cannot be written: there is no such folder.")
        made = _made(options["campaign"], include_open=options["include_open"])
        source = path_of(bytes(made.sha256 or b""))
        if target is None:
            with source.open("rb") as stream:
                shutil.copyfileobj(stream, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        try:
            _write(made, source, target)
        except OSError as error:
            raise CommandError(f"“{target}” cannot be written: {error.strerror}.") from error
        counts = made.manifest["counts"]
        self.stdout.write(
            f"{counts['articles']:,} articles, {counts['layers']:,} layers,"
            f" {counts['spans']:,} spans: {target}"
        )


def _made(slug: str, *, include_open: bool) -> Export:
    """A finished export, made in this process; what stops it is a CommandError."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise CommandError(f"There is no campaign “{slug}”.")
    args: dict[str, object] = {"campaign": campaign.pk, "include_open": include_open}
    with Percent(sys.stderr, "exported") as percent:
        job = jobs.run_here(EXPORT, args, by=None, progress=percent.tell)
    if job.state != State.DONE or not job.result:
        raise CommandError(job.error or f"the export did not finish: it is {job.state}")
    return Export.objects.get(pk=job.result["export"])


def _write(made: Export, source: Path, target: Path) -> None:
    """The export is at `target`, with what belongs beside it. A pipe or device gets it alone."""
    if target.exists() and not target.is_file():
        with source.open("rb") as stream, target.open("wb") as out:
            shutil.copyfileobj(stream, out)
        return
    _copy(source, target)
    for ending, content in companions(made, target.name).items():
        target.with_name(target.name + ending).write_bytes(content)


def _copy(source: Path, target: Path) -> None:
    """The file is at `target` whole, or what was there before is."""
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
