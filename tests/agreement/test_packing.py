"""Numbers as bytes: what comes back is what went in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement import packing
from annotations.agreement.packing import Words

numbers = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 300), max_size=30)


@given(numbers)
def test_numbers_come_back(told: list[int]) -> None:
    back = packing.packed(np.array(told, dtype=np.int64))
    assert back.dense(len(told)).tolist() == told


@pytest.mark.parametrize(
    ("most", "width"), [(0, 1), (255, 1), (256, 2), (65_536, 4), (2**32, 8), (-1, 8)]
)
def test_numbers_take_no_more_room_than_they_need(most: int, width: int) -> None:
    assert len(packing.packed(np.array([most, 0])).numbers) == 2 * width


@given(st.lists(st.sampled_from(["Kompas", "Tempo", "", "é"])))
def test_words_come_back(told: list[str]) -> None:
    words = Words.of(told)
    assert [words.words[at] for at in words.place.dense(len(told))] == told


tables = st.integers(1, 40).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.dictionaries(
            st.tuples(st.integers(0, rows - 1), st.integers(0, 3)), st.integers(1, 10**6)
        ),
    )
)


@given(tables)
def test_columns_hold_what_the_rows_count(told: tuple[int, dict[tuple[int, int], int]]) -> None:
    length, counts = told
    entries = sorted(counts.items())
    row, cell, count = (
        np.array([each[at] for each in ((*place, n) for place, n in entries)], dtype=np.int64)
        for at in range(3)
    )
    keys = {1: ("a",), 3: ("b",)}
    found = dict(packing.columns(row.astype(np.int32), cell.astype(np.int32), count, keys, length))
    for column, key in keys.items():
        wanted = [counts.get((at, column), 0) for at in range(length)]
        assert (key in found) == any(wanted)
        if key in found:
            sums = np.ones(length, dtype=np.int64)
            found[key].add(sums, -2)
            assert sums.tolist() == [1 - 2 * n for n in wanted]
            assert found[key].total() == sum(wanted)
