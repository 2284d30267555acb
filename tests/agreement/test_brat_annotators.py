"""Four annotators over seven news texts, with the figures published beside them."""

import os
from itertools import combinations
from pathlib import Path

import pytest

from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.questions import Questions
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Mark, tally

HERE = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "brat-four-annotators"
NAMES = ("Lisa", "Maria", "Max", "Peter")

pytestmark = pytest.mark.skipif(
    not HERE.is_dir(), reason="KUTIP_DATA does not lead to data/brat-four-annotators"
)


def marks_of(path):
    return [Mark(*read(line)) for line in path.read_text("utf-8").splitlines() if line[0] == "T"]


def read(line):
    label, _, offsets = line.split("\t")[1].partition(" ")
    fragments = (tuple(map(int, part.split())) for part in offsets.split(";"))
    return label, tuple(fragments), {}


def rows():
    for at, path in enumerate(sorted((HERE / NAMES[0]).glob("*.ann"))):
        length = len(path.with_suffix(".txt").read_text("utf-8"))
        layers = {name: marks_of(HERE / name / path.name) for name in NAMES}
        for a, b in combinations(NAMES, 2):
            yield Row(at, (a, b), 1 / 3, tally(length, layers[a], layers[b]))


def found(label):
    ask = Questions(("LOC", "MISC", "ORG", "PER"), (), replicates=100)
    wanted = ("span_f1", "exact", label, None)
    return next(
        each
        for each in figures(list(rows()), ask)
        if (each.measure, each.variant, each.label, each.pair) == wanted
    )


@pytest.mark.parametrize(
    ("label", "mean", "spread"),
    [
        (None, 0.890, 0.053),
        ("LOC", 0.819, 0.131),
        ("MISC", 0.840, 0.090),
        ("ORG", 0.906, 0.053),
        ("PER", 0.938, 0.039),
    ],
)
def test_mean_f1_and_its_spread_are_the_published_ones(label, mean, spread):
    figure = found(label)
    assert (round(figure.value, 3), round(figure.sd, 3)) == (mean, spread)
