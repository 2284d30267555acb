"""A finished export in the format of another tool, made from its kutip/1 lines as it is read."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange import reasons
from annotations.exchange.choices.asking import choice_of
from annotations.exchange.formats import kutip
from annotations.exchange.handing_out import refuse_expired
from annotations.exchange.losing import sentence
from annotations.exchange.models import Export
from annotations.exchange.records import Line
from annotations.exchange.store import is_full, path_of
from annotations.exchange.writers.known import ABSENT, WRITERS
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.options import BadOption
from annotations.exchange.writers.shape import Untrue, Writer, fitted, written
from annotations.networks.counting import TooMany
from annotations.schema.services import find, spec_of
from annotations.schema.spec import Spec

__all__ = [
    "ABSENT",
    "WRITERS",
    "BadOption",
    "Conversion",
    "NoSpace",
    "NoTexts",
    "NotInstalled",
    "TooMany",
    "Unreadable",
    "Untrue",
    "Writer",
    "conversion",
    "fitted",
    "how_to_get",
    "name_of",
]


_DEFAULTS: Mapping[str, str] = {}

Told = Callable[[int], None]


class NoSpace(RuntimeError):
    """There is no room on the disk for what a format is put together in."""


class Unreadable(RuntimeError):
    """The snapshot is not the file that was written."""


class NotInstalled(LookupError):
    """What a format needs is not installed on this server. The message is for people."""


class NoTexts(ValueError):
    """The export was made without texts, and the format is nothing without. The message is for
    people."""


@dataclass(slots=True)
class Conversion:
    """A snapshot on its way into another format. `report` is complete once `pieces` has ended."""

    writer: Writer
    spec: Spec
    path: Path
    report: LossReport

    def pieces(self, told: Told = lambda read: None) -> Iterator[bytes]:
        """The whole file, to be read once; `told` is asked with the number of lines that were read so
        far, and may raise, to stop. Raises Untrue, Unreadable, TooMany or NoSpace; what came by then
        is no whole file."""
        with full_disk_told(), self.path.open("rb") as stream:
            lines = _counted(lines_of(stream, kutip.read_own), told)
            yield from written(self.writer, lines, self.spec, self.report)

    def begun(self) -> Iterator[bytes]:
        """The same; what is raised before the first piece is raised here."""
        pieces = self.pieces()
        return chain((next(pieces, b""),), pieces)

    def losses(self) -> LossReport:
        """The report, by writing everything and keeping nothing."""
        for _piece in self.pieces():
            pass
        return self.report

    def document(self) -> dict[str, object]:
        """The report as far as it is filled, in the reader's language, with what was chosen."""
        chosen = dict(self.writer.chosen)
        return self.report.document(sentence) | ({"options": chosen} if chosen else {})


def conversion(export: Export, key: str, words: Mapping[str, str] = _DEFAULTS) -> Conversion:
    """The same as `unproved`, of a file that is the one that was made: raises Unreadable, too.

    Costs a reading of the file: a server may end a broken answer as if it were whole, so what could
    break it is found out before the first byte is sent.
    """
    found = unproved(export, key, words)
    with found.path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").digest() != bytes(export.sha256 or b""):
            raise Unreadable("the file of this export is not the one that was made")
    return found


def unproved(export: Export, key: str, words: Mapping[str, str] = _DEFAULTS) -> Conversion:
    """A finished export in the format `key`, with the options of `words`. Raises KeyError where there
    is no such format, NotInstalled, BadOption where there is no such option, FileNotFoundError where the export's
    file is not there (any more), NoTexts, and Expired."""
    if key in ABSENT:
        raise NotInstalled(how_to_get(ABSENT[key]))
    writer, path = fitted(WRITERS[key], words), path_of(bytes(export.sha256 or b""))
    if writer.needs_text and not choice_of(export.choice).text:
        message = _(
            "This export was made without texts, and %(format)s needs them. Make an export with texts."
        )
        raise NoTexts(message % {"format": writer.name})
    refuse_expired(export)
    if not path.exists():
        raise FileNotFoundError(path)
    return Conversion(writer, spec_of(_schema_id(export)), path, LossReport(key))


def _counted(lines: Iterator[Line], told: Told) -> Iterator[Line]:
    for number, line in enumerate(lines, 1):
        told(number)
        yield line


@contextmanager
def full_disk_told() -> Iterator[None]:
    """A full disk is NoSpace."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise NoSpace(os.strerror(error.errno or 0)) from error
        raise


def how_to_get(writer: Writer) -> str:
    """What to do for a format that is absent."""
    message = _(
        "The format %(format)s needs %(package)s, which is not installed here. Install it with:"
        " pip install -r requirements-%(format)s.txt"
    )
    return message % {"format": writer.key, "package": writer.package}


def _schema_id(export: Export) -> int:
    """The version that the export was made under, whatever became of its campaign since."""
    made = export.manifest["schema"]
    return find(f"{made['key']}@{made['version']}").pk


def name_of(stem: str, writer: Writer) -> str:
    """What the converted file is called: the snapshot's name, the format's, its ending."""
    kind = writer.key.removesuffix(f"-{writer.extension}")
    return f"{Path(stem).stem}.{kind}.{writer.extension}"


def lines_of(stream: BinaryIO, read: Callable[[bytes], Line] = kutip.read_any) -> Iterator[Line]:
    """The lines of a snapshot. Raises Unreadable."""
    for number, data in enumerate(stream, 1):
        try:
            yield read(data.rstrip(b"\n"))
        except UnfitError as unfit:
            why = reasons.sentence(unfit.reason.code, unfit.reason.values).removesuffix(".")
            raise Unreadable(f"line {number} is none of kutip/1: {why}") from unfit
