import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.text.fragments import Fragments
from annotations.text.segments import flatten

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/segments.json").read_text())


def as_fragments(raw: list[list[int]]) -> Fragments:
    return tuple((start, end) for start, end in raw)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_python_paints_as_the_shared_vectors_say(vector: dict[str, Any]) -> None:
    painting = flatten([as_fragments(span) for span in vector["spans"]], *vector["window"])
    assert [[run.start, run.end, list(run.spans)] for run in painting.runs] == vector["runs"]
    assert list(painting.lanes) == vector["lanes"]


@st.composite
def spans(draw: st.DrawFn) -> Fragments:
    offsets = draw(st.lists(st.integers(0, 40), min_size=2, max_size=6, unique=True))
    flat = sorted(offsets)[: len(offsets) // 2 * 2]
    return tuple(zip(flat[::2], flat[1::2], strict=True))


@given(st.lists(spans(), max_size=12))
@settings(max_examples=60)
def test_each_code_point_is_painted_once_with_just_the_spans_over_it(
    given: list[Fragments],
) -> None:
    painting = flatten(given, 5, 35)
    seen = [offset for run in painting.runs for offset in range(run.start, run.end)]
    assert seen == list(range(5, 35))
    for run in painting.runs:
        over = {i for i, parts in enumerate(given) if any(s <= run.start < e for s, e in parts)}
        assert set(run.spans) == over


@given(st.lists(spans(), max_size=12))
@settings(max_examples=60)
def test_lanes_go_outwards_from_the_text(given: list[Fragments]) -> None:
    painting = flatten(given, 0, 40)
    for run in painting.runs:
        lanes = [painting.lanes[index] or 0 for index in run.spans]
        assert lanes == sorted(set(lanes))
