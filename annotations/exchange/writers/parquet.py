"""Parquet as Hugging Face's `datasets` expects it: a ZIP with `data/*.parquet` and `README.md`, its
dataset card. A row is a layer with its article; an article that nobody labelled is a row without an
annotator. Nothing is lost.

An optional extra: pyarrow is imported only where it is used. The types of the columns are given, not
guessed, as a list that is empty in every row would have none.
"""

from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any

from annotations.exchange.records import LayerRecord, Line
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Piece, streamed
from annotations.exchange.writers.parquet_card import card
from annotations.exchange.writers.shape import Writer
from annotations.schema.spec import Spec

DATA, CARD = "data/train-00000-of-00001.parquet", "README.md"

_ROWS, _CHARACTERS = 250, 1_000_000
"""So much is held at most, beside the last article, before it is written."""
_TOGETHER = 50
"""So many rows become columns at once: Python looks through all that is held again and again."""

Row = tuple[Line, LayerRecord | None]


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """The rows, then the card. Raises ImportError where pyarrow is not installed."""
    return streamed(_pieces(lines, spec), level=0)  # zstd packed them


def _pieces(lines: Iterable[Line], spec: Spec) -> Iterator[Piece]:
    from pyarrow import RecordBatch, concat_batches
    from pyarrow.parquet import ParquetWriter

    from annotations.exchange.writers.parquet_columns import COLUMNS, batch

    sink, languages = _Sink(), set[str]()
    with ParquetWriter(sink, COLUMNS, compression="zstd") as table:
        held: list[RecordBatch] = []
        for rows, is_last in _handfuls(lines):
            languages.update(line.article.language for line, _ in rows)
            held.append(batch(rows))
            if is_last:
                table.write_batch(concat_batches(held))
                held.clear()
                yield Piece(DATA, sink.taken())
    yield Piece(DATA, sink.taken())
    yield Piece(CARD, card(spec, languages).encode())


class _Sink(RawIOBase):
    """Where a file is written that asks how far it has come, and taken away in pieces."""

    def __init__(self) -> None:
        self._held, self._before = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def tell(self) -> int:
        return self._before + len(self._held)

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._before += len(piece)
        self._held.clear()
        return piece


def _handfuls(lines: Iterable[Line]) -> Iterator[tuple[list[Row], bool]]:
    """Rows, and whether they are the last of those that are written at once."""
    rows: list[Row] = []
    count = characters = 0
    for line in lines:
        more: list[Row] = [(line, layer) for layer in line.layers] or [(line, None)]
        rows += more
        count += len(more)
        characters += len(line.article.text) * len(more)
        is_last = count >= _ROWS or characters >= _CHARACTERS
        if is_last or len(rows) >= _TOGETHER:
            yield rows, is_last
            rows = []
        if is_last:
            count = characters = 0
    if count:
        yield rows, True


WRITER = Writer(
    key="parquet",
    name="Parquet, Hugging Face",
    extension="zip",
    media_type="application/zip",
    holds=frozenset(Part),
    write=write,
    package="pyarrow",
)
