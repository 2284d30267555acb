"""Exports for other tools: spans a second in each format, and the memory it takes.

10,000 articles of 3,000 characters with 200,000 spans, from kutip/1 lines to the whole file; the
reading of the lines is in it. DocBin is made of words, 26 for each span: these are told, too. What is
made of stances gets the same lines with 40,000 of them between 500 actors and 300 concepts. Run: `.venv/bin/python -m bench exports`
"""

import random
import tempfile
import time
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from uuid import UUID

from annotations.exchange.formats import kutip
from annotations.exchange.records import (
    EndRecord,
    EntityRecord,
    LayerRecord,
    Line,
    RelationRecord,
    article_key,
)
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.shape import Writer, fitted, written
from annotations.exchange.writers.spacy_stretches import Stretches
from annotations.schema.spec import builtin_document, parse
from bench.corpus import Sizes, layers
from bench.machine import pace
from bench.memory import grown

SIZES = Sizes(10_000)
SPEC = parse(builtin_document())
SPANS = SIZES.articles * SIZES.spans
NETWORKS = (
    {"network": "actors", "ties": "congruence", "normalisation": "jaccard"},
    {"network": "actors", "window": "weeks", "size": "9"},
)
ACTORS = [
    EntityRecord(aliases=[], id=str(UUID(int=one)), name=f"Aktor {one}", type="person")
    for one in range(500)
]
CONCEPTS = [
    EntityRecord(aliases=[], id=str(UUID(int=one)), name=f"Isu {one}", type="concept")
    for one in range(500, 800)
]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kutip-bench-") as folder:
        snapshot = Path(folder, "snapshot.jsonl")
        with snapshot.open("wb") as out:
            out.writelines(_whole(line) for line in layers(SIZES, "bench"))
        print(pace(), flush=True)
        begun = time.perf_counter()
        for _ in _lines(snapshot):
            pass
        took = time.perf_counter() - begun
        print(f"{'reading alone':>14}: {took:.2f} s, {SPANS / took:,.0f} spans/s")
        stances = Path(folder, "stances.jsonl")
        with stances.open("wb") as out:
            out.writelines(_with_stances(snapshot))
        for writer in WRITERS.values():
            _measure(writer, stances if writer.options else snapshot)
        for words in NETWORKS:
            _measure(fitted(WRITERS["network-gexf"], words), stances, " ".join(words.values()))


def _measure(writer: Writer, snapshot: Path, chosen: str = "") -> None:
    # what a server imports once, on the first export, is here before
    for _ in written(writer, islice(_lines(snapshot), 1), SPEC, LossReport(writer.key)):
        pass
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
    words = f", {_words(snapshot) / worked:,.0f} words/s" if writer.key == "docbin" else ""
    begins = "made, and ready, after" if writer.needs_all else "first byte"
    print(
        f"{writer.key:>14}: {took:.2f} s ({worked:.2f} of the processor:"
        f" {SPANS / worked:,.0f} spans/s{words}), {begins} {first:.3f} s,"
        f" {size / 1e6:.1f} MB, {more:.1f} MB more memory {chosen}",
        flush=True,
    )


def _words(snapshot: Path) -> int:
    known = Stretches()
    return sum(len(known.words_of([line.article.text]).slots) for line in _lines(snapshot))


def _whole(line: str) -> bytes:
    """The line with every key and the article's id, as exports write them."""
    whole, read = bytearray(), kutip.read(line.rstrip("\n").encode())
    read.article.id = str(UUID(bytes=article_key(bytes.fromhex(read.article.sha256))))
    kutip.write(read, whole)
    return bytes(whole)


def _with_stances(snapshot: Path) -> Iterator[bytes]:
    """Every STANCE has a holder and is toward the span after it; articles are of four years."""
    chance = random.Random(1)
    for line in _lines(snapshot):
        used: dict[str, EntityRecord] = {}
        for layer in line.layers:
            layer.relations = list(_relations(layer, chance, used))
        line.entities = sorted(used.values(), key=lambda one: one.id)
        year, month, day = (chance.randint(*bounds) for bounds in ((2020, 2023), (1, 12), (1, 28)))
        line.article.published = f"{year}-{month:02}-{day:02}T00:00:00Z"
        whole = bytearray()
        kutip.write(line, whole)
        yield bytes(whole)


def _relations(
    layer: LayerRecord, chance: random.Random, used: dict[str, EntityRecord]
) -> Iterator[RelationRecord]:
    for stance, target in pairwise(layer.spans):
        if stance.label == "STANCE":
            actor, concept = chance.choice(ACTORS), chance.choice(CONCEPTS)
            used |= {actor.id: actor, concept.id: concept}
            target.entity = concept.id
            stance.attributes = {"polarity": chance.choice(("favor", "against"))}
            for kind, end in (
                ("HOLDER", EndRecord(entity=actor.id)),
                ("TOWARD", EndRecord(span=target.id)),
            ):
                key = str(UUID(int=chance.getrandbits(128), version=4))
                yield RelationRecord({}, EndRecord(span=stance.id), key, end, kind)


def _lines(snapshot: Path) -> Iterator[Line]:
    with snapshot.open("rb") as stream:
        for data in stream:
            yield kutip.read_own(data.rstrip(b"\n"))


if __name__ == "__main__":
    main()
