"""The same figures from programs that others wrote: krippendorff, NLTK, bratiaa."""

import json
import subprocess
import sys
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance

from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.coding import values_of
from annotations.agreement.measures.figures import figures
from annotations.agreement.measures.kappa import cohen, percent, scott
from annotations.agreement.measures.questions import Questions
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Mark, tally
from tests.agreement.drawn import some

LABELS = ("LOC", "ORG", "PER")


def coded(observers, values, missing=True):
    value = st.sampled_from([*values, *([None] if missing else [])])
    return st.lists(
        st.lists(value, min_size=observers, max_size=observers), min_size=2, max_size=12
    )


@some
@given(
    st.integers(2, 4).flatmap(lambda observers: coded(observers, [1, 2, 3, 5, 10])),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
def test_alpha_is_that_of_krippendorff(units, level):
    score = alpha(units, level)
    assume(score.value is not None)
    table = np.array(units, dtype=float).T  # None becomes NaN, which is missing there
    theirs = krippendorff.alpha(table, level_of_measurement=level)
    assert score.value == pytest.approx(theirs)


def task(units):
    triples = [
        (who, at, value)
        for at, unit in enumerate(units)
        for who, value in enumerate(unit)
        if value is not None
    ]
    return AnnotationTask(triples, binary_distance)


@some
@given(st.integers(2, 4).flatmap(lambda observers: coded(observers, "abc", missing=False)))
def test_chance_corrected_coefficients_are_those_of_nltk(units):
    assume(len(values_of(units)) > 1)
    theirs = task(units)
    assert alpha(units).value == pytest.approx(theirs.alpha())
    assert percent(units).value == pytest.approx(theirs.avg_Ao())
    assert scott(units).value == pytest.approx(theirs.pi())
    every_pair = [[[unit[i], unit[j]] for unit in units] for i, j in pairs_of(units)]
    assume(all(cohen(pair).value is not None for pair in every_pair))
    assert cohen(units).value == pytest.approx(theirs.kappa())


def pairs_of(units):
    return combinations(range(len(units[0])), 2)


# in a process of its own: on import it changes how numpy warns, for everyone
ASK_BRATIAA = """
import json, sys
from functools import partial
from bratiaa.agree import F1Agreement, input_generator
found = F1Agreement(partial(input_generator, sys.argv[1]), sys.argv[2].split(","))
mean, spread = found.mean_sd_total()
print(json.dumps([float(mean), float(spread), [float(each) for each in
    found.mean_sd_per_label()[0]]]))
"""


def brat_project(folder, people, articles, seed):
    """Layers of some people over some articles, as brat keeps them; no span stands twice, because
    bratiaa would count it once."""
    random = np.random.default_rng(seed)
    layers = {}
    for article in range(articles):
        common = random.integers(0, 380, size=25)
        for who in people:
            moved = common + random.choice([0, 0, 0, 2], size=25)
            labels = random.choice(LABELS[:2], size=25, p=[0.6, 0.4])
            labels[:15] = "PER"
            spans = {
                (label, start, start + 3 + start % 7)
                for label, start in zip(labels.tolist(), moved.tolist(), strict=True)
            }
            layers[who, article] = sorted(spans)
            place = folder / who
            place.mkdir(exist_ok=True)
            (place / f"{article}.txt").write_text("kata " * 80)
            lines = [
                f"T{at}\t{label} {start} {end}\t" + ("kata " * 80)[start:end] + "\n"
                for at, (label, start, end) in enumerate(layers[who, article], 1)
            ]
            (place / f"{article}.ann").write_text("".join(lines))
    return layers


@pytest.mark.parametrize("people", [("ani", "budi"), ("ani", "budi", "citra", "dewi")])
def test_span_f1_over_pairs_is_that_of_bratiaa(tmp_path, people):
    layers = brat_project(tmp_path, people, articles=4, seed=len(people))
    command = [sys.executable, "-c", ASK_BRATIAA, str(tmp_path), ",".join(LABELS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    mean, spread, by_label = json.loads(done.stdout)
    rows = [
        Row(article, (one, other), 1.0, tally(400, *sides))
        for one, other in combinations(people, 2)
        for article in range(4)
        for sides in [
            [[Mark(k, ((s, e),), {}) for k, s, e in layers[who, article]] for who in (one, other)]
        ]
    ]
    found = {
        each.label: each
        for each in figures(rows, Questions(LABELS, (), replicates=0))
        if (each.measure, each.variant, each.pair) == ("span_f1", "exact", None)
    }
    assert (found[None].value, found[None].sd) == (pytest.approx(mean), pytest.approx(spread))
    assert [found[label].value for label in LABELS] == pytest.approx(by_label)
