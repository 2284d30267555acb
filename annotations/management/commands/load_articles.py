"""Loads articles from .txt, .jsonl, .csv, .tsv, .zip and other files into a corpus.

Nothing is loaded when anything is refused, unless --skip-bad is given. The report goes to stdout,
the progress to stderr; the exit status is 1 when anything was refused. With --json the report is
one JSON object, which names the first refusals.
"""

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import slug_re
from django.db import transaction

from annotations.corpora.loading import Progress
from annotations.corpora.models import Corpus
from annotations.corpora.readers import kinds
from annotations.corpora.readers.columns import DROPPED, KEPT, Wish, folded
from annotations.corpora.readers.dates import Order
from annotations.corpora.readers.decoding import NAMED
from annotations.corpora.readers.fields import NAMES
from annotations.corpora.readers.sources import Source, source_at
from annotations.corpora.reasons import sentence
from annotations.corpora.rehearsing import rehearse
from annotations.corpora.reports import LoadReport
from annotations.corpora.services import (
    Policy,
    SlugTakenError,
    as_wished,
    create_corpus,
    load,
)
from annotations.management.telling import Percent


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("corpus", metavar="CORPUS", help="slug of the corpus")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument("--create", action="store_true", help="make the corpus if it is new")
        parser.add_argument("--name", default="", help="name of a new corpus; the slug otherwise")
        parser.add_argument("--language", default="id", help="language of a new corpus")
        parser.add_argument(
            "--title-in-text",
            action="store_true",
            help="in a new corpus, the title is the first block of the text",
        )
        parser.add_argument(
            "--skip-bad", action="store_true", help="load the rest when something is refused"
        )
        parser.add_argument("--encoding", choices=NAMED, help="of the files; found out otherwise")
        parser.add_argument(
            "--column",
            metavar="FIELD=HEADING",
            action="append",
            default=[],
            type=_column,
            help="the column or key that holds a field; metadata=HEADING keeps it as metadata,"
            " nothing=HEADING leaves it out; may be repeated",
        )
        parser.add_argument(
            "--date-order",
            choices=[order.value for order in Order],
            help="what comes first in dates such as 03/05/2024; as the file shows otherwise",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only report what would be loaded"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = [_source(path, options["encoding"]) for path in options["files"]]
        with Percent(sys.stderr, "read") as percent, transaction.atomic():
            corpus = _corpus(options)
            report = self._report(corpus, sources, options, percent.tell)
            # a corpus made for a load that kept nothing is not kept either
            transaction.set_rollback(options["dry_run"] or not report.kept)
        words = _as_json if options["json"] else _summary
        self.stdout.write(words(corpus, report, dry=options["dry_run"]))
        if report.refused:
            sys.exit(1)

    def _report(
        self,
        corpus: Corpus,
        sources: Sequence[Source],
        options: Mapping[str, Any],
        progress: Progress,
    ) -> LoadReport:
        order = Order(options["date_order"]) if options["date_order"] else None
        files = as_wished(sources, [Wish(dict(options["column"]), order)], corpus)
        journal = _no_line if options["json"] else self._tell
        if options["dry_run"]:
            with ExitStack() as opened:
                unpacked = kinds.unpacked(files, opened)
                return rehearse(corpus, unpacked, progress=progress, journal=journal)
        policy = Policy.SKIP if options["skip_bad"] else Policy.ALL_OR_NOTHING
        return load(corpus, files, by=None, policy=policy, progress=progress, journal=journal)

    def _tell(self, row: Mapping[str, object]) -> None:
        if row["outcome"] == "refused":
            where = f", line {row['line']}, byte {row['byte']}" if row["line"] else ""
            self.stdout.write(f"{row['file']}{where}: {row['reason']}")


def _no_line(row: Mapping[str, object]) -> None:
    """In JSON the report itself names the refusals."""


def _column(written: str) -> tuple[str, str]:
    """Return the heading, as headings are compared, and what it becomes."""
    field, sign, heading = written.partition("=")
    targets = {name: name for name in NAMES} | {"metadata": KEPT, "nothing": DROPPED}
    heading = heading.strip()
    if not sign or not heading or field not in targets:
        raise ArgumentTypeError(f"write FIELD=HEADING; the fields are {', '.join(targets)}")
    return folded(heading) or heading, targets[field]


def _source(path: Path, encoding: str | None) -> Source:
    if not path.is_file():
        raise CommandError(f"There is no file “{path}”.")
    return source_at(path, encoding=encoding)


def _corpus(options: Mapping[str, Any]) -> Corpus:
    slug = options["corpus"]
    corpus = Corpus.objects.filter(slug=slug).first()
    if corpus is not None:
        return corpus
    if not options["create"]:
        raise CommandError(f"There is no corpus “{slug}”. Add --create to make it.")
    if not slug_re.fullmatch(slug) or len(slug) > 100:
        raise CommandError("The slug of a corpus has letters, digits, “-” and “_”, at most 100.")
    try:
        return create_corpus(
            slug,
            name=options["name"] or slug,
            by=None,
            language=options["language"],
            title_in_text=options["title_in_text"],
        )
    except SlugTakenError as taken:
        raise CommandError(str(taken)) from taken


def _as_json(corpus: Corpus, report: LoadReport, *, dry: bool) -> str:
    files = [
        asdict(file) | {"notes": [sentence(note) for note in file.notes]} for file in report.files
    ]
    refusals = [
        asdict(refusal.place) | {"code": refusal.reason.code, "reason": sentence(refusal.reason)}
        for refusal in report.refusals
    ]
    whole = {
        "corpus": corpus.slug,
        "dry_run": dry,
        **asdict(report),
        "files": files,
        "refusals": refusals,
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def _summary(corpus: Corpus, report: LoadReport, *, dry: bool) -> str:
    notes = "".join(f"{f.name}: {sentence(note)}\n" for f in report.files for note in f.notes)
    if not report.kept:
        return f"{notes}Nothing was loaded into “{corpus.slug}”: {report.refused} refused."
    would = "would be loaded" if dry else "loaded"
    return (
        f"{notes}Corpus “{corpus.slug}”: {report.loaded} {would}, {report.already} there already,"
        f" {report.refused} refused."
    )
