"""Worked examples from the literature and from other implementations, one line each."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from annotations.agreement.measures import unitizing
from annotations.agreement.measures.alignment import match, overlaps
from annotations.agreement.measures.alpha import alpha
from annotations.agreement.measures.figures import Questions, figures
from annotations.agreement.measures.fscore import span_f1, threshold
from annotations.agreement.measures.spans import Spans
from annotations.agreement.measures.study import Row
from annotations.agreement.measures.tally import Mark, tally

VECTORS = Path(__file__).parents[1] / "vectors" / "agreement.jsonl"
UNITIZING = {
    "u_alpha": unitizing.u_alpha,
    "u_alpha_binary": unitizing.u_alpha_binary,
    "u_alpha_per_label": unitizing.u_alpha_of_label,
    "cu_alpha": unitizing.cu_alpha,
    "k_alpha": unitizing.k_alpha,
}


def examples():
    with VECTORS.open(encoding="utf-8") as lines:
        for line in lines:
            example = json.loads(line)
            yield pytest.param(example, id=f"{example['id']}-{example['measure']}")


@pytest.mark.parametrize("example", list(examples()))
def test_a_worked_example_comes_out_as_published(example):
    score = computed(example["measure"], dict(example["input"]))
    if example["expected"] is None:
        assert score is None
    else:
        assert score == pytest.approx(example["expected"], abs=example["tolerance"])


def computed(measure, given):
    if measure in UNITIZING:
        return UNITIZING[measure](given.pop("observers"), **given).value
    if measure.startswith("krippendorff_alpha"):
        return alpha(units_of(given), given["level"]).value
    if measure == "pairwise_span_f1":
        return pairwise_f1(given["annotators"], given["mode"])
    if measure == "attribute_alpha_matched":
        return alpha_over_matched(given["a"], given["b"], given["mode"])
    return span_f1(labelled(given, "a"), labelled(given, "b"), variant_of(given)).value


def units_of(given):
    if "units" in given:
        return given["units"]
    table = given["table"]
    return [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]


def variant_of(given):
    return f"iou:{given['threshold']}" if given["mode"] == "iou" else given["mode"]


def labelled(given, side):
    return [
        (label if given["labels"] else "", ((start, end),)) for start, end, label in given[side]
    ]


def pairwise_f1(annotators, variant):
    rows = [
        Row(
            at,
            (a, b),
            1.0,
            tally(10_000, marks_of(annotators[a][doc]), marks_of(annotators[b][doc])),
        )
        for a, b in combinations(sorted(annotators), 2)
        for at, doc in enumerate(sorted(annotators[a]))
    ]
    labels = sorted(
        {mark[2] for docs in annotators.values() for doc in docs.values() for mark in doc}
    )
    found = figures(rows, Questions(tuple(labels), (), replicates=0))
    return next(f.value for f in found if (f.label, f.pair, f.variant) == (None, None, variant))


def marks_of(spans):
    return [Mark(label, ((start, end),), {}) for start, end, label in spans]


def alpha_over_matched(first, second, variant):
    a, b = (Spans.of((0, ((s, e),)) for s, e, _, _ in side) for side in (first, second))
    matching = match(overlaps(a, b).at_least(threshold(variant)))
    pairs = zip(matching.first, matching.second, strict=True)
    return alpha([(first[i][3], second[j][3]) for i, j in pairs]).value
