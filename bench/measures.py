"""Measures of agreement: how fast the pure numbers are, and what resampling takes of memory.

Gamma of 2 annotators with 500 units each and 30 samples; span F1 and u-alpha of an article with
10,000 spans a side; 1,000 bootstraps of 100,000 articles, with one table of counts and with all
figures of a campaign of two annotators and 20 spans each; 1,000 dealings of 100,000 articles to 2, 8, 52
and 100 parts. Times are of this process alone (CPU
seconds) beside those by the clock, since benches share a machine. Run:
`.venv/bin/python -m bench measures`
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from annotations.agreement.measures.bootstrap import Resampling, Rows
from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.fscore import f1, span_f1
from annotations.agreement.measures.gamma.measure import Chance, gammas
from annotations.agreement.measures.permutation import Parted, between
from annotations.agreement.measures.questions import Attribute, Questions
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Counts, Mark, tally
from annotations.agreement.measures.unitizing import Observers, Segment, u_alpha_of_label
from bench.memory import grown

PEERS = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))
LABELS = "ABCDE"
VALUES = ("direct", "indirect", "mixed")
ROUNDS = 3


def main() -> None:
    _gamma()
    _span_f1()
    _u_alpha()
    _bootstrap()
    _permutation()
    _campaign()


def _gamma() -> None:
    observers = _observers(500)
    gammas(observers, chance=Chance(samples=1))  # imports what it needs
    for sampler in ("statistical", "shuffle"):
        chance = Chance(sampler, samples=30)
        cpu = _said(f"gamma 2 x 500 x 30, {sampler}", lambda c=chance: gammas(observers, chance=c))
        peers = PEERS["gamma_2_annotators_500_units_30_samples_cpu_seconds"].items()
        print("  " + ", ".join(f"{peer / cpu:.0f}x {name}" for name, peer in peers))


def _span_f1() -> None:
    for length in (1_000_000, 100_000, 20_000):
        sides = [_crowded(10_000, length, seed) for seed in (1, 2)]
        for variant in ("exact", "iou:0.5", "overlap"):
            what = f"span F1 {variant} of 10,000 spans in {length:,} characters"
            _said(what, lambda v=variant, s=sides: span_f1(*s, v))


def _u_alpha() -> None:
    observers, length = _observers(10_000), 1_000_000
    _said(
        "u-alpha of one label of 10,000 spans",
        lambda: u_alpha_of_label(observers, "A", begin=0, length=length),
    )


def _bootstrap() -> None:
    """Two annotators, 20 spans each: per label matched and placed, in five labels."""
    random_counts = np.random.default_rng(1).integers(0, 5, (100_000, 2 * len(LABELS)))
    rows = Rows.dense(random_counts.astype(np.float64))
    articles = np.arange(100_000)
    resampling = Resampling.of(articles, 1_000, seed=1)

    def intervals() -> None:
        sums = resampling.sums(rows, articles)
        for at in range(len(LABELS)):
            resampling.interval(f1(sums[:, 2 * at], sums[:, 2 * at + 1]), 0.95)

    more = grown(intervals)
    _said("1,000 bootstraps of 100,000 articles", intervals)
    print(f"  {more:.1f} MB more")


def _permutation() -> None:
    """Two annotators, 20 spans each, some of them matched; each part against the rest."""
    random_counts = np.random.default_rng(1)
    matched = random_counts.integers(0, 20, 100_000)
    placed = 2 * matched + random_counts.integers(0, 6, 100_000)
    rows = np.stack([matched, placed], axis=1).astype(np.float64)
    for parts in (2, 8, 52, 100):
        parted = Parted.of(np.arange(100_000), np.arange(100_000) % parts, rows)

        def test(some: Parted = parted, number: int = parts) -> None:
            between(some, lambda sums: f1(sums[..., 0], sums[..., 1]), parts=number)

        more = grown(test)
        _said(f"1,000 dealings of 100,000 articles to {parts} parts", test)
        print(f"  {more:.1f} MB more")


def _campaign() -> None:
    """Some articles are counted, and stand for all."""
    sides = [[_layer(20, 3_000, seed) for seed in (at, 1_000 + at)] for at in range(250)]
    counts: list[Counts] = []

    def count() -> None:
        counts[:] = [tally(3_000, *two) for two in sides]

    cpu = _said("250 articles of 2 x 20 spans, counted", count)
    print(f"  {cpu / 250 * 1e3:.2f} ms each")
    attributes = tuple(Attribute(label, "type", VALUES) for label in LABELS[:2])
    ask = Questions(tuple(LABELS), attributes)

    def compute() -> None:
        rows = (Row(at, ("a", "b"), 1.0, counts[at % 250]) for at in range(100_000))
        figures(rows, ask)

    more = grown(compute)
    _said("all figures of 100,000 articles from their counts, with intervals", compute)
    print(f"  {more:.1f} MB more")


def _said(what: str, work: Callable[[], object]) -> float:
    """Print the median of some rounds; returns its CPU seconds."""
    clock, cpu = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began[0])
        cpu.append(time.process_time() - began[1])
    print(
        f"{what}: median {statistics.median(cpu):.2f} s of CPU, {statistics.median(clock):.2f} s"
        " by the clock",
        flush=True,
    )
    return statistics.median(cpu)


def _observers(units: int) -> Observers:
    """Two annotators who mostly mean the same units, a few characters apart."""
    chance = random.Random(1)
    first: list[Segment] = []
    second: list[Segment] = []
    at = 0
    for _ in range(units):
        at += chance.randrange(5, 20)
        end = at + chance.randrange(3, 60)
        label = chance.choice(LABELS)
        first.append((at, end, label))
        other = label if chance.random() < 0.9 else chance.choice(LABELS)
        second.append((at + chance.randrange(3), end + chance.randrange(3), other))
        at = end + 3
    return first, second


def _layer(spans: int, length: int, seed: int) -> list[Mark]:
    chance = random.Random(seed)
    return [
        Mark(label, fragments, {"type": chance.choice(VALUES)})
        for label, fragments in _crowded(spans, length, seed % 1_000)
        if chance.random() < 0.9
    ]


def _crowded(spans: int, length: int, seed: int) -> list[tuple[str, list[tuple[int, int]]]]:
    chance = random.Random(seed)
    starts = (chance.randrange(length - 60) for _ in range(spans))
    return [(chance.choice(LABELS), [(at, at + chance.randrange(1, 60))]) for at in starts]


if __name__ == "__main__":
    main()
