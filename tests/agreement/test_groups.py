"""F1 of groups of articles: worked by hand, and what holds of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.measures.groups import (
    Counted,
    GroupF1,
    lies_outside,
    limits,
    of_all,
    of_groups,
)
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
    assert (second.value, second.articles, second.interval) == (0, 1, None)
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
    every = GroupF1(0.8, 400, None, 10, None, 0.04)
    between = limits(every, GroupF1(0.5, 16, None, 3))
    assert between
    assert between.low == pytest.approx(0.8 - 3 * 0.05)
    assert between.high == pytest.approx(0.8 + 3 * 0.05)
    assert limits(every, GroupF1(None, 0, NO_SPANS)) is None
    assert limits(GroupF1(0.8, 40, None, 4), GroupF1(0.5, 16, None, 3)) is None


def test_the_error_is_that_of_articles_that_all_have() -> None:
    # 10 spans each; 5, 4, 4, 4, 3 pairs match: 2, 0, 0, 0, -2 more than expected
    some, _ = counted([(1, 5, 0, 0), (2, 4, 2, 0), (3, 4, 2, 0), (4, 4, 2, 0), (5, 3, 4, 0)])
    assert of_all(some, seed=1, level=0.95).spread == pytest.approx(5 / 4 * 8 / 50)
    assert of_all(some.of(some.article < 5), seed=1, level=0.95).spread is None


def test_two_articles_alike_are_not_beyond_limits() -> None:
    """They vary less than all do by chance: a figure of theirs is no surer for it."""
    some, group = counted(
        [(1, 8, 4, 1), (2, 8, 4, 1), *((at, 7 + at % 3, 4, 0) for at in range(3, 13))]
    )
    _, alike = of_groups(some, group, 2, seed=1, level=0.95)
    every = of_all(some, seed=1, level=0.95)
    assert alike.value != every.value
    assert not lies_outside(every, alike)


def test_one_article_far_off_is_beyond_limits() -> None:
    some, group = counted([(0, 1, 40, 1), *((at, 20, 4 + at % 3, 0) for at in range(1, 40))])
    _, off = of_groups(some, group, 2, seed=1, level=0.95)
    assert lies_outside(of_all(some, seed=1, level=0.95), off)
