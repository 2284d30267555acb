"""The second pass: packed layers into the database, by COPY and past no constraint.

Knows psycopg and no Django, so that a loader of its own process starts at once.
"""

import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, LiteralString
from uuid import UUID

import msgspec

from annotations.exchange.packing import (
    BEGIN,
    FINISH,
    MESSAGES,
    OPERATIONS,
    RELATIONS,
    REMARKS,
    SPANS,
    Packed,
    message_rows,
    operation_row,
    relation_rows,
    remark_rows,
    span_rows,
    with_settlements,
)
from annotations.exchange.reading import Task, packed_layers, places_path

_PLACE = struct.Struct(">qq")
_CHUNK_BYTES = 2_000_000

Placed = tuple[Packed, int, int]
"""A layer, its assignment, its annotator."""
Progress = Callable[[int], None]
"""Told how many layers were written since it was last told. May raise, to stop."""


class Load(msgspec.Struct, frozen=True):
    """What every layer of a load shares. `by` is the account that loads, or None: then each
    layer's annotator stands in the history. `entities` has the key of every entity linked,
    `people` of everyone who wrote a note or a message."""

    id: UUID
    at: datetime
    by: int | None
    entities: dict[str, int]
    people: dict[str, int]


def place(assignment: int, annotator: int) -> bytes:
    """A layer's entry in the file of places; annotator 0: the layer is skipped, as that person has
    this assignment already."""
    return _PLACE.pack(assignment, annotator)


def write_part(connection: Any, task: Task, load: Load, progress: Progress) -> None:
    """Every layer of the part that has a place is in the database, in the transaction of
    `connection` (psycopg's). Constant memory."""
    for chunk in _chunks(_placed(task)):
        spans = (span_rows(p, a, load.entities) for p, a, _ in chunk if p.spans)
        relations = (relation_rows(p, a, load.entities) for p, a, _ in chunk if p.relations)
        remarks = (remark_rows(p, a, u, load.people, load.at) for p, a, u in chunk if p.remarks)
        messages = (message_rows(p, a, u, load.people, load.at) for p, a, u in chunk if p.messages)
        operations = (operation_row(p, a, load.by or u, load.id, load.at) for p, a, u in chunk)
        for target, rows in (
            (SPANS, spans),
            (RELATIONS, relations),
            (REMARKS, remarks),
            (MESSAGES, messages),
            (OPERATIONS, operations),
        ):
            _copy(connection, target, b"".join(rows))
        progress(len(chunk))


def _chunks(layers: Iterator[Placed]) -> Iterator[list[Placed]]:
    """The layers in handfuls of some megabytes."""
    chunk: list[Placed] = []
    size = 0
    for layer in layers:
        chunk.append(layer)
        size += len(layer[0].changes)
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _placed(task: Task) -> Iterator[Placed]:
    with places_path(task).open("rb") as file:
        places = _Places(file)
        for index, packed in enumerate(packed_layers(task)):
            assignment, annotator = places.at(index)
            if annotator:
                whole = with_settlements(packed, places.of_line(index - packed.number))
                yield whole, assignment, annotator


class _Places:
    """The places of the layers of a part, by their numbers from 0."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def at(self, index: int) -> tuple[int, int]:
        """The assignment and the annotator."""
        self._file.seek(index * _PLACE.size)
        assignment, annotator = _PLACE.unpack(self._file.read(_PLACE.size))
        return assignment, annotator

    def of_line(self, before: int) -> Callable[[int], int]:
        """The assignments of one line by their numbers in it; the layer before its first has the
        number `before`."""
        return lambda number: self.at(before + number)[0]


def _copy(connection: Any, target: LiteralString, rows: bytes) -> None:
    if not rows:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(BEGIN + rows + FINISH)
