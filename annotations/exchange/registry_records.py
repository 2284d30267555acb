"""One entity of a registry as a file has it: a line of JSONL, or a row of CSV. Pure.

Both say the same. JSONL has every key, sorted; CSV has a column for each, and JSON in those of
attributes, aliases and links; no cell of it is a formula (`writers.cells`). Aliases of a person's own CSV may also be words between bars.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from annotations.corpora.readers.decoding import decode
from annotations.corpora.readers.drafts import UnfitError
from annotations.corpora.readers.json_text import parse
from annotations.exchange.writers.cells import defused, restored_by_hand

COLUMNS = (
    *("id", "name", "type", "description", "wikidata", "attributes", "aliases", "links"),
    "merged_into",
)
_IN_JSON = ("attributes", "aliases", "links")
_SEPARATORS = ",;\t"


class AliasLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dates as 2024-10-31; `merged_from` is the id of the entity with which it came."""

    text: str
    kind: str = "full"
    language: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    merged_from: str | None = None


class LinkLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the entity it stands with to the one whose id is `to`."""

    kind: str
    to: str
    valid_from: str | None = None
    valid_to: str | None = None


class EntityLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entity. One without an id gets the same at every import, by its name and type."""

    name: str
    type: str
    id: str = ""
    description: str = ""
    wikidata: str = ""
    attributes: dict[str, str] = {}
    aliases: Sequence[AliasLine] = ()
    links: Sequence[LinkLine] = ()
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a line (from 1): an entity, or why there is none."""

    line: int
    entity: EntityLine | None
    fault: UnfitError | None = None


_encoder = msgspec.json.Encoder(order="deterministic")


def jsonl(entity: EntityLine) -> bytes:
    """The line of an entity, with its LF."""
    return _encoder.encode(entity) + b"\n"


def header() -> bytes:
    """The first row of CSV."""
    return _row(COLUMNS)


def row(entity: EntityLine) -> bytes:
    """The row of an entity."""
    told: dict[str, Any] = msgspec.to_builtins(entity)
    cells = [
        _encoder.encode(told[name]).decode() if name in _IN_JSON else defused(told[name] or "")
        for name in COLUMNS
    ]
    return _row(cells)


def _row(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def entities(data: bytes, *, is_csv: bool) -> Iterator[Read]:
    """The entities of a file, line by line, blank lines aside. What cannot be read is a fault of
    its line; after a fault of CSV that hides where the next row begins nothing more is read."""
    try:
        text = decode(data).text
    except UnfitError as unfit:
        yield Read(data.count(b"\n", 0, unfit.offset) + 1, None, unfit)
        return
    yield from _of_csv(text) if is_csv else _of_jsonl(text)


def _of_jsonl(text: str) -> Iterator[Read]:
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.isspace():
            try:
                yield Read(number, _entity(parse(line.rstrip("\r"))))
            except UnfitError as unfit:
                yield Read(number, None, unfit)


def _of_csv(text: str) -> Iterator[Read]:
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if not any(cells):
                continue
            if names is None:
                names = _names(cells)
                continue
            try:
                yield Read(number, _of_cells(cells, names))
            except UnfitError as unfit:
                yield Read(number, None, unfit)
    except csv.Error:
        yield Read(begins, None, UnfitError("registry_quotes"))
    except UnfitError as unfit:
        yield Read(1, None, unfit)
    else:
        if names is None:
            yield Read(1, None, UnfitError("registry_columns", columns=", ".join(COLUMNS)))


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    unknown = [name for name in names if name and name not in COLUMNS]
    missing = {"name", "type"} - set(names)
    twice = [name for name in names if name and names.count(name) > 1]
    if unknown or missing or twice:
        raise UnfitError("registry_columns", columns=", ".join(COLUMNS))
    return names


def _of_cells(cells: Sequence[str], names: Sequence[str]) -> EntityLine:
    if len(cells) != len(names):
        raise UnfitError("csv_cells", count=len(cells), expected=len(names))
    given: dict[str, object] = {
        name: restored_by_hand(cell)
        for name, cell in zip(names, cells, strict=True)
        if name and cell
    }
    for name in _IN_JSON:
        cell = given.get(name)
        if isinstance(cell, str):
            given[name] = _in_json(name, cell)
    return _entity(given)


def _in_json(name: str, cell: str) -> object:
    if name == "aliases" and not cell.lstrip().startswith("["):
        return [{"text": one.strip()} for one in cell.split("|") if one.strip()]
    return parse(cell)


def _entity(given: object) -> EntityLine:
    if not isinstance(given, Mapping):
        raise UnfitError("json_not_object")
    try:
        return msgspec.convert(given, EntityLine)
    except (msgspec.ValidationError, RecursionError, UnicodeEncodeError) as fault:
        raise UnfitError("registry_shape", detail=str(fault)) from fault
