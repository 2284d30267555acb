"""Worked examples from the literature and from other implementations, one line each.

`KUTIP_WORKED_EXAMPLES` names another file of the same lines. An `expected` of null is undefined (so
are "undefined" and {"undefined": reason}), {"min", "max"} a band for what is drawn at random, a list
is compared number by number.
"""

import json
import os
from math import inf
from pathlib import Path

import pytest

from tests.agreement.worked import MEASURES, Asked, computed, lines

OURS = Path(__file__).parents[1] / "vectors" / "agreement.jsonl"
FILE = Path(os.environ.get("KUTIP_WORKED_EXAMPLES") or OURS)


def examples():
    for number, line in enumerate(lines(FILE.read_text(encoding="utf-8-sig")), 1):
        example = json.loads(line)
        yield pytest.param(example, id=f"{example.get('id', number)}-{example['measure']}")


@pytest.mark.parametrize("example", list(examples()))
def test_a_worked_example_comes_out_as_published(example):
    if example["measure"] not in MEASURES:
        pytest.fail(
            f"Example {example.get('id')} asks for the measure {example['measure']}, which is not"
            f" known here; known are {', '.join(sorted(MEASURES))}."
        )
    asked = Asked(example["input"])
    found = computed(example["measure"], asked)
    assert comes_near(found, example["expected"], example.get("tolerance") or 0), (
        f"{found} is not {example['expected']} within {example.get('tolerance')}"
        + "".join(f"; the parameter {name} was not looked at" for name in asked.unread)
    )


def comes_near(found, expected, tolerance):
    """Tell whether a figure, or every figure of a list, is the expected one within tolerance."""
    if expected == "undefined" or (isinstance(expected, dict) and "undefined" in expected):
        expected = None
    if isinstance(found, list) and not isinstance(expected, list):
        return expected is None and all(each is None for each in found)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            comes_near(one, other, tolerance) for one, other in zip(found, expected, strict=True)
        )
    if expected is None or found is None:
        return found is expected
    if isinstance(expected, dict):
        noise = tolerance or 1e-5
        low, high = expected.get("min", -inf), expected.get("max", inf)
        return low - noise <= found <= high + noise
    return abs(found - expected) <= tolerance + 1e-12


def test_an_unknown_measure_is_named():
    with pytest.raises(LookupError, match=r"No measure is called kappa_of_moon; those known are"):
        computed("kappa_of_moon", {})


@pytest.mark.parametrize(
    ("measure", "given", "expected"),
    [
        ("krippendorff_alpha_interval", {"categories": [1, 5], "table": [[2, 1], [0, 2]]}, 0.64),
        (
            "span_f1_iou",
            {"a": [[[[0, 5], [9, 14]], "Q"]], "b": [[0, 14, "Q"]], "threshold": 0.7, "mode": "iou"},
            1.0,
        ),
        (
            "pairwise_span_f1",
            {
                "annotators": {
                    "a": {"1": [[0, 5, "Q"]], "2": [[0, 9, "Q"]]},
                    "b": {"1": [[1, 5, "Q"]]},
                },
                "mode": "overlap",
            },
            1.0,
        ),
        (
            "pairwise_span_f1",
            {
                "annotators": {
                    "a": {"1": [[0, 5, "Q"]]},
                    "b": {"1": [[0, 4, "Q"]]},
                    "c": {"1": []},
                },
                "mode": "iou",
                "threshold": 0.8,
            },
            1 / 3,
        ),
        ("boundary_distance", {"a": [], "b": []}, [None, None]),
        ("attribute_alpha_matched", {"a": [[0, 5, "S", "for"]], "b": [[0, 5, "S", None]]}, None),
        ("gwet_ac2", {"units": [[1, 1], [2, 3], [3, 3]], "weights": "identity"}, 0.52),
        (  # Cohen 1968, "Weighted kappa", table 1: 0.348
            "weighted_kappa",
            {
                "table": [[88, 14, 18], [10, 40, 10], [2, 6, 12]],
                "weights": [[0, 1, 3], [1, 0, 6], [3, 6, 0]],
            },
            0.348,
        ),
        ("cohen_kappa", {"table": [[5, 1], [1, 5]], "weights": "linear"}, 2 / 3),
        ("span_f1_iou", {"a": [[0, 10, "A"]], "b": [[0, 5, "A"]]}, 1.0),
        (
            "span_f1_exact",
            {"a": [[0, 5, "A"], [0, 5, "B"]], "b": [[0, 5, "A"], [0, 9, "B"]], "label": "A"},
            1.0,
        ),
        (
            "attribute_alpha_matched",
            {
                "a": [[0, 5, "S", "x"], [6, 9, "S", "y"], [6, 9, "Q", "y"]],
                "b": [[0, 5, "S", "x"], [6, 9, "S", "y"], [6, 9, "Q", "x"]],
                "label": "S",
            },
            1.0,
        ),
        ("u_alpha", {"length": 10, "observers": [[[2, 5, "a"]], [[2, 5, "a"]]]}, 1.0),
        (
            "relation_f1",
            {
                "a": {"spans": [[0, 5, "Q"]], "relations": [[0, "e1", "speaker"], [0, None, "t"]]},
                "b": {"spans": [[0, 5, "Q"]], "relations": [[0, "e1", "speaker"], [0, 0, "t"]]},
                "kind": "speaker",
            },
            1.0,
        ),
        ("dawid_skene_marginals", {"counts": []}, "undefined"),
        ("fleiss_kappa", {"units": [[1, 1]]}, {"undefined": "every value is the same"}),
        ("scott_pi", {"units": [[1, 1], [2, 2]]}, {"min": 0.9}),
        (
            "b_cubed",
            {
                "a": [{"start": 0, "end": 5, "label": "ACTOR", "entity": "7"}],
                "b": [{"start": 0, "end": 5, "label": "ACTOR", "entity": "9"}],
            },
            1.0,
        ),
    ],
)
def test_other_parameters_of_the_same_measures_are_read(measure, given, expected):
    assert comes_near(computed(measure, given), expected, 0.005)


@pytest.mark.parametrize(
    ("measure", "given", "said"),
    [
        ("span_f1_exact", {"a": [], "b": [], "mode": "fuzzy"}, "no such way of matching: fuzzy"),
        ("span_f1_iou", {"a": [], "b": [], "mode": "iou", "threshold": 0}, "matching: iou:0"),
        ("krippendorff_alpha", {"units": [[1, 2]], "level": "polar"}, "no such level"),
        ("gwet_ac2", {"units": [[1, 2]], "weights": "cubic"}, "no such weights"),
        ("gamma", {"observers": [[[0, 5, "a"]]] * 2, "sampler": "dice"}, "no such sampler"),
        (
            "relation_f1",
            {
                "a": {"spans": [[0, 5, "Q"]], "relations": [[0, -1, "speaker"]]},
                "b": {"spans": [], "relations": []},
            },
            "a relation to span -1, where there are 1",
        ),
    ],
)
def test_what_a_parameter_cannot_be_is_refused_by_name(measure, given, said):
    with pytest.raises(ValueError, match=said):
        computed(measure, given)


def test_a_parameter_that_nothing_reads_is_named_beside_a_wrong_figure():
    asked = Asked({"units": [[1, 1], [2, 2]], "chance": "uniform"})
    computed("scott_pi", asked)
    assert asked.unread == ["chance"]


def test_only_a_line_feed_ends_a_line():
    assert [*lines('{"a": "\u2028\x85"}\r\n\n{"b": 1}')] == ['{"a": "\u2028\x85"}\r', '{"b": 1}']
