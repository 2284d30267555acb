"""Exports a campaign's layers: FILE, and beside it its manifest, schema, data card and checksum.

With --format the snapshot is written in the format of another tool; beside it stand its checksum and
a report of what the format cannot hold (FILE.losses.json); some formats have options (--option).
With --snapshot an export that was made before is written again, to the same bytes. With “-o -” the
file itself goes to stdout, alone. What goes in is everything submitted, unless one of the options of
the choice, or a document of it (--choice FILE: what the API takes and a manifest has under
“choice”), says otherwise. Progress goes to stderr; --json prints what was written as JSON. The exit
status is 0 where FILE is whole, else 1, and then there is no FILE.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.assignments.models import Campaign
from annotations.corpora.upkeep import is_behind
from annotations.exchange.choices.record import Choice
from annotations.exchange.converting import (
    ABSENT,
    WRITERS,
    BadOption,
    Conversion,
    NoSpace,
    NoTexts,
    TooMany,
    Unreadable,
    Untrue,
    conversion,
    fitted,
    how_to_get,
)
from annotations.exchange.handlers import EXPORT
from annotations.exchange.manifest import companions
from annotations.exchange.models import Export
from annotations.exchange.refusals import refusal_of
from annotations.exchange.store import path_of
from annotations.jobs import services as jobs
from annotations.jobs.models import State
from annotations.management.choosing import add_choice, choice_from
from annotations.management.telling import Percent

OURS = "jsonl"
_ROOM = 50  # letters of a file's name in that of its parts: systems have room for 255 bytes


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="slug of the campaign")
        parser.add_argument(
            "--format",
            choices=(OURS, *WRITERS, *ABSENT),
            default=OURS,
            help="jsonl is kutip/1, and whole",
        )
        parser.add_argument(
            *("-o", "--output", "--out"), metavar="FILE", required=True, help="“-” for stdout"
        )
        add_choice(parser)
        parser.add_argument(
            *("--option", "-O"),
            metavar="KEY=VALUE",
            action="append",
            default=[],
            dest="choices",
            help="a choice of the format, as docs/formats.md lists them; may be repeated",
        )
        parser.add_argument(
            "--snapshot", type=UUID, metavar="ID", help="an export made before, not a new one"
        )
        parser.add_argument("--json", action="store_true", help="print what was written as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] in ABSENT:
            raise CommandError(how_to_get(ABSENT[options["format"]]))
        target = None if options["output"] == "-" else Path(options["output"])
        if target is not None and (target.is_dir() or not target.absolute().parent.is_dir()):
            raise CommandError(f"“{target}” cannot be written: there is no such folder.")
        words = _words(options)
        made = _export(options)
        try:
            ours = options["format"] == OURS
            converted = None if ours else conversion(made, options["format"], words)
            source = path_of(bytes(made.sha256 or b""))
            if target is None:
                _fill(sys.stdout.buffer, source, converted)
                sys.stdout.buffer.flush()
                return
            _write(made, source, target, converted)
        except FileNotFoundError as error:
            raise CommandError("The file of this export is not there any more.") from error
        except NoTexts as error:
            raise CommandError(str(error)) from error
        except (NoSpace, Untrue, Unreadable) as error:
            raise CommandError(f"Nothing was written: {error}.") from error
        except TooMany as error:
            raise CommandError(f"Nothing was written. {refusal_of(error)}") from error
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"“{target}”" if target else "The standard output"
            raise CommandError(f"{where} cannot be written: {error.strerror}.") from error
        self.stdout.write((_as_json if options["json"] else _summary)(made, target, converted))


def _words(options: dict[str, Any]) -> dict[str, str]:
    """What was chosen of the format. Raises CommandError for what it has no choice of, before
    anything is made."""
    words = {}
    for given in options["choices"]:
        key, equals, word = given.partition("=")
        if not equals:
            raise CommandError(f"“{given}” is no choice: it is KEY=VALUE.")
        words[key] = word
    if words and options["format"] == OURS:
        raise CommandError("kutip/1 has no choices: it holds everything. Choose a --format.")
    try:
        if words:
            fitted(WRITERS[options["format"]], words)
    except BadOption as error:
        raise CommandError(refusal_of(error)) from error
    return words


def _export(options: dict[str, Any]) -> Export:
    """The export that is asked for: a new one, or one made before."""
    campaigns = Campaign.objects.select_related("corpus")
    campaign = campaigns.filter(slug=options["campaign"]).first()
    if campaign is None:
        raise CommandError(f"There is no campaign “{options['campaign']}”.")
    if options["snapshot"] is None:
        return _made(campaign, choice_from(options))
    known = Export.objects.filter(campaign=campaign, finished_at__isnull=False)
    found = known.select_related("campaign").filter(pk=options["snapshot"]).first()
    if found is None:
        raise CommandError(f"The campaign has no finished export {options['snapshot']}.")
    if found.expired_at:
        raise CommandError(f"The file of this export was removed on {found.expired_at:%Y-%m-%d}.")
    return found


def _made(campaign: Campaign, choice: Choice) -> Export:
    """A finished export, made in this process; what stops it is a CommandError."""
    if choice.needs_search and is_behind(campaign.corpus):
        jobs.run_here("index_articles", {"corpus": campaign.corpus_id}, by=None)
    args: dict[str, object] = {"campaign": campaign.pk, "choice": choice.document()}
    with Percent(sys.stderr, "exported") as percent:
        job = jobs.run_here(EXPORT, args, by=None, progress=percent.tell)
    if job.state != State.DONE or not job.result:
        raise CommandError(job.error or f"the export did not finish: it is {job.state}")
    return Export.objects.select_related("campaign").get(pk=job.result["export"])


def _write(made: Export, source: Path, target: Path, converted: Conversion | None) -> None:
    """The export is at `target`, with what belongs beside it. A pipe or device gets it alone."""
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            _fill(out, source, converted)
        return
    _place(made, source, target, converted)


def _fill(out: BinaryIO, source: Path, converted: Conversion | None) -> None:
    if converted:
        out.writelines(converted.pieces())
        return
    with source.open("rb") as stream:
        shutil.copyfileobj(stream, out)


def _place(made: Export, source: Path, target: Path, converted: Conversion | None) -> None:
    """The file is at `target` whole, and what belongs beside it, or what was there before is. It gets
    its name last."""
    aside = f".{target.name[:_ROOM]}.{uuid4().hex}"
    part = target.with_name(f"{aside}.part")
    parts: dict[Path, Path] = {}
    try:
        with part.open("wb") as out:
            _fill(out, source, converted)
        beside = (
            _report(part, target.name, converted) if converted else companions(made, target.name)
        )
        for ending, content in beside.items():
            one = parts[target.with_name(target.name + ending)] = part.with_name(aside + ending)
            one.write_bytes(content)
        for place, one in (*parts.items(), (target, part)):
            one.replace(place)
    finally:
        for one in (part, *parts.values()):
            one.unlink(missing_ok=True)


def _report(file: Path, name: str, converted: Conversion) -> dict[str, bytes]:
    """What stands beside a converted file, by the endings."""
    report = json.dumps(converted.document(), ensure_ascii=False, indent=1).encode()
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return {".losses.json": report + b"\n", ".sha256": f"{sha256}  {name}\n".encode()}


def _summary(made: Export, target: Path, converted: Conversion | None) -> str:
    counts = made.manifest["counts"]
    told = (
        f"{counts['articles']:,} articles, {counts['layers']:,} layers,"
        f" {counts['spans']:,} spans: {target}"
    )
    if converted and converted.report.lost:
        lost = sum(each.count for each in converted.report.lost.values())
        told += f"\n{lost:,} things have no room in this format: {target}.losses.json"
    return told


def _as_json(made: Export, target: Path, converted: Conversion | None) -> str:
    about: dict[str, object] = {
        "file": str(target),
        "bytes": target.stat().st_size,
        "snapshot": str(made.pk),
        "snapshot_sha256": bytes(made.sha256 or b"").hex(),
        "choice": made.manifest.get("choice", {}),
        "counts": made.manifest["counts"],
    }
    return json.dumps(about | (converted.document() if converted else {"format": OURS}))
