import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text import fragments
from annotations.text.fragments import FragmentError


def test_fragments_that_fit_are_returned_as_pairs() -> None:
    assert fragments.parse([[0, 2], [3, 5]], 5) == ((0, 2), (3, 5))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "at least one"),
        ([], "at least one"),
        ("01", "at least one"),
        ({"0": 1}, "at least one"),
        ([[0]], "pair"),
        ([[0, 1, 2]], "pair"),
        ([0, 1], "pair"),
        (["01"], "pair"),
        ([[0, True]], "whole number"),
        ([[0.0, 1]], "whole number"),
        ([["0", 1]], "whole number"),
        ([[None, 1]], "whole number"),
        ([[1, 1]], "empty"),
        ([[3, 1]], "turned around"),
        ([[-1, 1]], "outside"),
        ([[4, 6]], "outside"),
        ([[0, 2], [1, 3]], "overlap"),
        ([[3, 4], [0, 1]], "out of order"),
        ([[0, 2], [2, 4]], "touch"),
    ],
)
def test_what_is_no_set_of_fragments_is_refused_with_its_reason(raw: object, reason: str) -> None:
    with pytest.raises(FragmentError) as refused:
        fragments.parse(raw, 5)
    assert reason in refused.value.reason


def test_a_fragment_covers_code_points_not_bytes_or_utf16_units() -> None:
    assert fragments.covered("👩🏻‍🚒 kata", ((0, 4), (5, 7))) == ("👩🏻‍🚒", "ka")


def test_a_flat_form_with_an_odd_offset_is_refused() -> None:
    with pytest.raises(FragmentError):
        fragments.pairs([1, 2, 3])


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=12, unique=True))
def test_the_flat_form_returns_the_same_fragments(offsets: list[int]) -> None:
    flat = sorted(offsets)[: len(offsets) // 2 * 2]
    parsed = fragments.parse(fragments.pairs(flat), 10**6)
    assert fragments.flat(parsed) == flat


@given(st.text(), st.data())
def test_covered_text_is_the_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert fragments.covered(text, ((start, end),)) == (text[start:end],)
