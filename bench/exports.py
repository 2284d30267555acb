"""Exports for other tools: spans a second in each format, and the memory it takes.

10,000 articles of 3,000 characters with 200,000 spans, from kutip/1 lines to the whole file; the
reading of the lines is in it. Run: `.venv/bin/python -m bench exports`
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from annotations.exchange.formats import kutip
from annotations.exchange.records import Line, article_key
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.shape import Writer, written
from annotations.schema.spec import builtin_document, parse
from bench.corpus import Sizes, layers
from bench.memory import grown

SIZES = Sizes(10_000)
SPEC = parse(builtin_document())
SPANS = SIZES.articles * SIZES.spans


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kutip-bench-") as folder:
        snapshot = Path(folder, "snapshot.jsonl")
        with snapshot.open("wb") as out:
            out.writelines(_whole(line) for line in layers(SIZES, "bench"))
        begun = time.perf_counter()
        for _ in _lines(snapshot):
            pass
        took = time.perf_counter() - begun
        print(f"{'reading alone':>14}: {took:.2f} s, {SPANS / took:,.0f} spans/s")
        for writer in WRITERS.values():
            _measure(writer, snapshot)


def _measure(writer: Writer, snapshot: Path) -> None:
    pieces = written(writer, _lines(snapshot), SPEC, LossReport(writer.key))
    begun, at_work = time.perf_counter(), time.process_time()
    size = len(next(pieces))
    first = time.perf_counter() - begun

    def rest() -> None:
        nonlocal size
        for piece in pieces:
            size += len(piece)

    more = grown(rest)
    took, worked = time.perf_counter() - begun, time.process_time() - at_work
    print(
        f"{writer.key:>14}: {took:.2f} s ({worked:.2f} of the processor:"
        f" {SPANS / worked:,.0f} spans/s), first byte {first:.3f} s,"
        f" {size / 1e6:.1f} MB, {more:.1f} MB more memory",
        flush=True,
    )


def _whole(line: str) -> bytes:
    """The line with every key and the article's id, as exports write them."""
    whole, read = bytearray(), kutip.read(line.rstrip("\n").encode())
    read.article.id = str(UUID(bytes=article_key(bytes.fromhex(read.article.sha256))))
    kutip.write(read, whole)
    return bytes(whole)


def _lines(snapshot: Path) -> Iterator[Line]:
    with snapshot.open("rb") as stream:
        for data in stream:
            yield kutip.read(data.rstrip(b"\n"))


if __name__ == "__main__":
    main()
