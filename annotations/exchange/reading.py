"""The first pass over a part of a file: every line is checked and packed, nothing is written to
the database. Pure but for the files of the load's own folder.

A part leaves two files, `plan` (an `Entry` for each layer) and `rows` (the same layers, packed),
and returns a `Summary`.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.fitting import FittedLayer, Fitter
from annotations.exchange.formats import kutip
from annotations.exchange.packing import Packed, Packer
from annotations.exchange.records import AliasRecord, EntityRecord, Line
from annotations.limits import LIMITS
from annotations.schema.spec import Spec

_BOM = b"\xef\xbb\xbf"
_TOLD_EVERY = 1_048_576
_LENGTH = struct.Struct(">q")

T = TypeVar("T")
Progress = Callable[[int], None]
"""Told how many bytes were read since it was last told. May raise, to stop."""


class Task(msgspec.Struct, frozen=True):
    """What to read, where to leave it, and the schema it must fit, with the database's keys."""

    file: str
    begin: int
    end: int
    folder: str
    part: int
    spec: Spec
    labels: dict[str, int]
    relations: dict[str, int]


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """One layer, without what is in it. `line` counts from 1 within the part; `submitted_at` is
    in UTC as the database reads it, "" for none."""

    line: int
    sha256: bytes
    annotator: str
    kind: str
    status: str
    submitted_at: str
    spans: int
    relations: int


class Fault(msgspec.Struct, frozen=True):
    """Why a file is refused. `line` counts from 1 within the part."""

    line: int
    code: str
    values: dict[str, str | int]


class Described(msgspec.Struct, frozen=True):
    """An entity as the part first describes it, with all aliases that the part gives it.
    `merged_into`: the id of the one it goes on as, "" for itself."""

    line: int
    name: str
    type: str
    merged_into: str
    aliases: list[AliasRecord]

    def differs(self, other: "Described") -> str:
        """The code of why both cannot describe one entity, or ""."""
        if (self.name, self.type) != (other.name, other.type):
            return "layer_entity_differs"
        return "" if self.merged_into == other.merged_into else "layer_heir_differs"


class Summary(msgspec.Struct):
    """What a part holds: which entities it describes, which it only names, and who wrote its
    notes, each with the first line that does so."""

    lines: int = 0
    entities: dict[str, Described] = {}
    links: dict[str, int] = {}
    authors: dict[str, int] = {}
    fault: Fault | None = None


def plan_path(task: Task) -> Path:
    return Path(task.folder, f"plan-{task.part}")


def rows_path(task: Task) -> Path:
    return Path(task.folder, f"rows-{task.part}")


def places_path(task: Task) -> Path:
    """Where the second pass finds which assignment each layer fills."""
    return Path(task.folder, f"places-{task.part}")


def read_part(task: Task, progress: Progress) -> Summary:
    """The part is checked and packed, or the summary holds the fault of its first bad line."""
    with (
        Path(task.file).open("rb") as stream,
        rows_path(task).open("wb") as rows,
        plan_path(task).open("wb") as plan,
    ):
        part = _Part(task, rows, plan)
        for data in _lines(stream, task, progress):
            part.take(data)
            if part.summary.fault:
                break
    return part.summary


class _Part:
    """A part while it is read."""

    def __init__(self, task: Task, rows: BinaryIO, plan: BinaryIO) -> None:
        self.summary = Summary()
        self._task, self._rows, self._plan = task, rows, plan
        self._fitter = Fitter(task.spec)
        self._packer = Packer(task.labels, task.relations)

    def take(self, data: bytes) -> None:
        """One more line; a blank one counts, and holds nothing."""
        self.summary.lines += 1
        try:
            if len(data) > LIMITS.layer_line_bytes:
                raise UnfitError("line_too_long", limit=LIMITS.layer_line_bytes)
            if data and not data.isspace():
                self._line(kutip.read(data))
        except UnfitError as unfit:
            reason = unfit.reason
            self.summary.fault = Fault(self.summary.lines, reason.code, dict(reason.values))

    def _line(self, line: Line) -> None:
        fitted = self._fitter.line(line)
        number = self.summary.lines
        for entity in line.entities:
            self._describe(entity, number)
        for link in fitted.links:
            self.summary.links.setdefault(link, number)
        for place, layer in enumerate(fitted.layers, start=1):
            self._keep(layer, fitted.sha256, place)

    def _describe(self, entity: EntityRecord, number: int) -> None:
        key = entity.id.lower()
        into = (entity.merged_into or "").lower()
        told = Described(number, entity.name, entity.type, into, list(entity.aliases))
        known = self.summary.entities.setdefault(key, told)
        if differs := known.differs(told):
            raise UnfitError(differs, entity=key, name=known.name[:80])
        known.aliases.extend(a for a in entity.aliases if a not in known.aliases)

    def _keep(self, fitted: FittedLayer, sha256: bytes, place: int) -> None:
        layer = fitted.layer
        entry = Entry(
            self.summary.lines,
            sha256,
            layer.annotator,
            layer.kind,
            layer.status,
            fitted.submitted_at,
            len(layer.spans),
            len(layer.relations),
        )
        authors = [remark.author for remark in fitted.remarks]
        authors += [message.author for message in fitted.messages]
        authors += [settlement.author for settlement in fitted.settlements]
        for author in filter(None, authors):
            self.summary.authors.setdefault(author, self.summary.lines)
        _append(self._plan, entry)
        _append(self._rows, self._packer.layer(fitted, place))


def _lines(stream: BinaryIO, task: Task, progress: Progress) -> Iterator[bytes]:
    """The part's lines without what ends them; one that is too long is cut, and the last."""
    stream.seek(task.begin)
    at, told = task.begin, task.begin
    while at < task.end and (data := stream.readline(LIMITS.layer_line_bytes + 2)):
        first, at = at == 0, at + len(data)
        data = data.removeprefix(_BOM) if first else data
        yield data.removesuffix(b"\n").removesuffix(b"\r")
        if at - told >= _TOLD_EVERY:
            progress(at - told)
            told = at
    progress(at - told)


def entries(task: Task) -> Iterator[Entry]:
    """What the first pass found out about each layer, in their order."""
    return _all(plan_path(task), Entry)


def packed_layers(task: Task) -> Iterator[Packed]:
    """The rows of each layer, in the same order."""
    return _all(rows_path(task), Packed)


def _append(to: BinaryIO, value: Entry | Packed) -> None:
    data = msgspec.msgpack.encode(value)
    to.write(_LENGTH.pack(len(data)) + data)


def _all(path: Path, kind: type[T]) -> Iterator[T]:
    decode = msgspec.msgpack.Decoder(kind).decode
    with path.open("rb") as stream:
        while prefix := stream.read(_LENGTH.size):
            yield decode(stream.read(_LENGTH.unpack(prefix)[0]))
