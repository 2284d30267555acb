"""F1 of groups of articles: worked by hand, and what holds of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures.groups import Counted, GroupF1, limits, of_all, of_groups
from annotations.agreement.measures.scores import NO_SPANS

rows = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)),
    min_size=1,
    max_size=15,
)


def counted(rows: list[tuple[int, int, int, int]]) -> tuple[Counted, "np.ndarray"]:
    article, matched, extra, group = (np.array(each) for each in zip(*rows, strict=True))
    placed = (2 * matched + extra).astype(np.float64)
    return Counted(article, matched.astype(np.float64), placed), group


def test_a_group_is_the_sum_of_its_rows() -> None:
    some, group = counted([(1, 2, 1, 0), (2, 1, 0, 0), (3, 0, 4, 1), (4, 0, 0, 2)])
    first, second, third = of_groups(some, group, 3, seed=1, level=0.95)
    assert first.value == pytest.approx(6 / 7)
    assert (first.n, first.articles) == (7, 2)
    assert first.interval
    assert first.interval.low == pytest.approx(4 / 5)
    assert (second.value, second.articles, second.interval, second.error) == (0, 1, None, None)
    assert (third.value, third.undefined) == (None, NO_SPANS)


@given(rows)
def test_groups_are_parts_of_all(rows: list[tuple[int, int, int, int]]) -> None:
    some, group = counted(rows)
    found = of_groups(some, group, 4, seed=1, level=0.95)
    every = of_all(some, seed=1, level=0.95)
    assert sum(each.n for each in found) == every.n
    values = [each.value for each in found if each.value is not None]
    if every.value is not None:
        assert min(values) - 1e-9 <= every.value <= max(values) + 1e-9
    for each in found:
        assert (each.value is None) == (each.undefined is not None)
        if each.interval and each.value is not None:
            assert 0 <= each.interval.low <= each.interval.high <= 1


def test_limits_are_three_errors_around_all() -> None:
    every = GroupF1(0.8, 100, None, 10, None, 0.01)
    between = limits(every, GroupF1(0.5, 10, None, 3, None, 0.05))
    assert between
    assert between.low == pytest.approx(0.65)
    assert between.high == pytest.approx(0.95)
    assert limits(every, GroupF1(0.5, 10, None, 1, None, None)) is None
    assert limits(every, GroupF1(None, 0, NO_SPANS)) is None
