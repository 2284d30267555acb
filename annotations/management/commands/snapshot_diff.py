"""Says what changed from one snapshot to another: articles, layers, spans, relations, entities, notes,
waivers and settlements that were added, changed or removed, each by its id with what it was and is.

A and B are files of kutip/1 lines, or ids of exports. Memory does not grow with the files. Changes and
counts go to stdout, as lines or (--json) as one document, progress to stderr. The exit status is 0 where nothing differs,
1 where something does, and 2 where the two could not be compared.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.exchange.comparison import Comparison, Unordered, Unreadable
from annotations.exchange.differing import Change
from annotations.exchange.models import Export
from annotations.exchange.store import path_of
from annotations.management.telling import Percent

_SIGNS = {"added": "+", "changed": "~", "removed": "-"}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("before", "after"):
            parser.add_argument(
                name, metavar=name[0].upper(), help="a file, or the id of an export"
            )
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument("--counts", action="store_true", help="print no change, only how many")

    def handle(self, *args: Any, **options: Any) -> None:
        before, after = options["before"], options["after"]
        try:
            with Percent(sys.stderr, "compared") as percent:
                compared = Comparison(_path(before), _path(after), percent.tell)
                if options["json"]:
                    for piece in compared.as_json(before, after):
                        sys.stdout.write(piece.decode())
                else:
                    self._tell(compared, only_counts=options["counts"])
                sys.stdout.flush()
        except (Unreadable, Unordered) as error:
            raise CommandError(f"They cannot be compared: {error}.", returncode=2) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            words = f"“{error.filename}” cannot be read: {error.strerror}."
            raise CommandError(words, returncode=2) from error
        if compared.counts:
            raise SystemExit(1)

    def _tell(self, compared: Comparison, *, only_counts: bool) -> None:
        for change in compared.changes():
            if not only_counts:
                sys.stdout.writelines(f"{line}\n" for line in _lines(change))
        if not compared.counts:
            sys.stdout.write("Nothing differs.\n")
        for what, counts in compared.table().items():
            if any(counts.values()):
                told = ", ".join(f"{count:,} {how}" for how, count in counts.items() if count)
                sys.stdout.write(f"{what}: {told}\n")


def _path(named: str) -> Path:
    """The file of that name, or of the export of that id."""
    path = Path(named)
    if path.exists():
        return path
    try:
        key = UUID(named)
    except ValueError:
        raise CommandError(f"There is no file “{named}”.", returncode=2) from None
    export = Export.objects.filter(pk=key, finished_at__isnull=False).first()
    if export is None:
        raise CommandError(f"There is no file and no export “{named}”.", returncode=2)
    if export.expired_at:
        words = f"The file of export {named} was removed on {export.expired_at:%Y-%m-%d}."
        raise CommandError(words, returncode=2)
    return path_of(bytes(export.sha256 or b""))


def _lines(change: Change) -> Iterator[str]:
    """The change, and below it each field that differs, old and new, or that says something."""
    where = f" of {change.annotator} ({change.kind})" if change.kind else ""
    about = f" about span {change.span}" if change.span else ""
    named = f" {change.id}" if change.id else ""
    place = "" if change.what == "article" else " in article"
    yield f"{_SIGNS[change.how]} {change.what}{named}{about}{where}{place} {change.article}"
    old, new = change.old or {}, change.new or {}
    for name in sorted(old.keys() | new.keys()):
        if name == "id" or not (old.get(name) or new.get(name)):
            continue
        told = [_said(side[name]) for side in (old, new) if name in side]
        yield f"    {name}: {' → '.join(told)}"


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
