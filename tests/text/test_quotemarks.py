"""Which quotation marks belong together."""

import json
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.quotemarks import scan

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/quotemarks.json").read_text())
MARKS = "“”„‟«»‹›「」『』‘’‚‛\"'"

texts = st.text(alphabet=MARKS + "abs5 A.,é🚢は\n\r", max_size=60)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_marks_are_found_as_the_shared_vectors_say(vector: dict[str, Any]) -> None:
    marks = scan(vector["text"])
    assert [list(pair) for pair in marks.pairs] == vector["pairs"]
    assert list(marks.alone) == vector["alone"]


def test_the_vectors_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 60


def test_the_outermost_pairs_come_in_text_order() -> None:
    text = "“Ia bilang «pergi» kepada ‘kami’” lalu «diam»"
    outer = scan(text).outermost()
    assert [text[start:end] for start, end in outer] == [text[: text.index(" lalu")], "«diam»"]


@given(texts)
def test_pairs_begin_and_end_with_a_mark_and_none_is_used_twice(text: str) -> None:
    marks = scan(text)
    used = [at for start, end in marks.pairs for at in (start, end - 1)]
    assert all(0 <= start < end - 1 < len(text) for start, end in marks.pairs)
    assert all(text[at] in MARKS for at in [*used, *marks.alone])
    assert len({*used, *marks.alone}) == len(used) + len(marks.alone)
    assert list(marks.alone) == sorted(marks.alone)


@given(texts)
def test_pairs_are_nested_or_apart(text: str) -> None:
    marks = scan(text)
    ordered = sorted(marks.pairs)
    for i, (_, end) in enumerate(ordered):
        for other_start, other_end in ordered[i + 1 :]:
            assert other_start >= end or other_end < end
    assert all(first[1] <= second[0] for first, second in pairwise(marks.outermost()))


@given(texts, texts)
def test_what_is_left_open_ends_with_its_paragraph(first: str, second: str) -> None:
    """Behind a blank line and a letter, a text reads as it reads alone."""
    both = scan(f"{first}\n\nA {second}")
    shift = len(first) + 2
    behind = tuple((s - shift, e - shift) for s, e in both.pairs if s >= shift)
    assert behind == scan(f"A {second}").pairs
    assert all(e <= shift for s, e in both.pairs if s < shift)


@pytest.mark.parametrize(
    "piece",
    ["Kata “dia” ya. ", "“", "“'", '»"', "'a ", "s' ", "\n“", "\n", "“\n", '5" ', "«»", "「‚‘"],
)
def test_a_long_text_of_nothing_but_signs_costs_seconds_at_most(piece: str) -> None:
    """Thirty times what it takes on a slow machine, a thousandth of what a square would."""
    text = piece * (300_000 // len(piece))
    began = perf_counter()
    scan(text)
    assert perf_counter() - began < 20
