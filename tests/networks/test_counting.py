"""Statements become counts: what repeats what, and where it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.networks.counting import Counted, Statement, TooMany
from annotations.networks.duplicates import Scope, period
from tests.networks.toy import STATEMENTS


def kept(scope: Scope, *, levels: bool = True) -> set[int]:
    """The numbers, from 1, of the statements that count."""
    counted = Counted(scope, timed=False, most=100)
    given = STATEMENTS if levels else [one._replace(level=0) for one in STATEMENTS]
    return {number for number, one in enumerate(given, 1) if counted.add(one)}


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [
        (Scope.NONE, {1, 2, 3, 4, 5, 6, 7, 8, 9}),
        (Scope.DOCUMENT, {1, 3, 4, 5, 6, 7, 8, 9}),
        (Scope.WEEK, {1, 3, 4, 5, 6, 7, 8, 9}),
        (Scope.MONTH, {1, 3, 4, 5, 6, 7, 8, 9}),
        (Scope.YEAR, {1, 3, 4, 5, 6, 7, 8, 9}),
        (Scope.ALWAYS, {1, 3, 4, 5, 7, 8, 9}),
    ],
)
def test_the_example_keeps_what_dna_keeps(scope: Scope, numbers: set[int]) -> None:
    assert kept(scope) == numbers


def test_without_a_qualifier_for_and_against_repeat_each_other() -> None:
    assert kept(Scope.ALWAYS, levels=False) == {1, 3, 4, 5, 7, 8}
    assert kept(Scope.MONTH_OF_ANY_YEAR, levels=False) == {1, 3, 4, 5, 7, 8}


def test_the_last_days_of_a_year_are_in_the_week_of_the_next() -> None:
    new_year = 1735689600  # 2025-01-01, a Wednesday
    weeks = [period(Scope.WEEK, new_year + day * 86_400, 1) for day in (-3, -2, 0, 4, 5)]
    assert weeks == [(2024, 52), (2025, 1), (2025, 1), (2025, 1), (2025, 2)]
    assert period(Scope.WEEK_OF_ANY_YEAR, new_year, 1) == 1


def test_the_earliest_stays_whatever_comes_first() -> None:
    counted = Counted(Scope.ALWAYS, timed=True, most=10)
    told = [counted.add(Statement(0, 0, 0, at, 1)) for at in (None, 5, 3, 4)]
    assert told == [True, False, False, False]
    assert [one.at for one in counted.counts()] == [3]


def test_more_than_the_bound_is_refused() -> None:
    for scope in Scope:
        counted = Counted(scope, timed=False, most=2)
        for row in (0, 0, 1):
            counted.add(Statement(row, 0, 0, 0, 1))
        with pytest.raises(TooMany, match="2"):
            counted.add(Statement(2, 0, 0, 0, 1))


STATEMENT = st.builds(
    Statement,
    row=st.integers(0, 1),
    column=st.integers(0, 1),
    level=st.integers(0, 1),
    at=st.none() | st.integers(0, 20).map(lambda week: week * 7 * 86_400),
    document=st.just(0),
)


@given(st.lists(STATEMENT, max_size=12), st.sampled_from(Scope), st.booleans())
def test_counts_are_those_of_a_list(given: list[Statement], scope: Scope, timed: bool) -> None:
    documents = [one._replace(document=place // 3) for place, one in enumerate(given)]
    counted = Counted(scope, timed=timed, most=100)
    told = [counted.add(one) for one in documents]
    naive = (
        documents
        if scope is Scope.NONE
        else list(
            {(period(scope, one.at, one.document), one[:3]): one for one in documents}.values()
        )
    )
    assert sum(told) == len(naive) == sum(one.times for one in counted.counts())
    assert sorted(one.cell for one in counted.counts() for _ in range(one.times)) == sorted(
        one[:3] for one in naive
    )
    assert timed or all(one.at is None for one in counted.counts())
