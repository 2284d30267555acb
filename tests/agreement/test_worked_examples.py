"""Worked examples from the literature and from other implementations, one line each.

`KUTIP_WORKED_EXAMPLES` names another file of the same lines. An `expected` of null is undefined,
{"min", "max"} a band for what is drawn at random, a list is compared number by number.
"""

import json
import os
from pathlib import Path

import pytest

from tests.agreement.worked import MEASURES, computed, lines

OURS = Path(__file__).parents[1] / "vectors" / "agreement.jsonl"
FILE = Path(os.environ.get("KUTIP_WORKED_EXAMPLES") or OURS)


def examples():
    for number, line in enumerate(lines(FILE.read_text(encoding="utf-8")), 1):
        example = json.loads(line)
        yield pytest.param(example, id=f"{example.get('id', number)}-{example['measure']}")


@pytest.mark.parametrize("example", list(examples()))
def test_a_worked_example_comes_out_as_published(example):
    if example["measure"] not in MEASURES:
        pytest.fail(
            f"Example {example.get('id')} asks for the measure {example['measure']}, which is not"
            f" known here; known are {', '.join(sorted(MEASURES))}."
        )
    found = computed(example["measure"], example["input"])
    assert comes_near(found, example["expected"], example.get("tolerance") or 0), (
        f"{found} is not {example['expected']} within {example.get('tolerance')}"
    )


def comes_near(found, expected, tolerance):
    """Tell whether a figure, or every figure of a list, is the expected one within tolerance."""
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
        return expected["min"] - noise <= found <= expected["max"] + noise
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
