"""Windows of time: where they begin, how wide they are, what is in them."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.networks.counting import Counts
from annotations.networks.windows import (
    Unit,
    calendar_windows,
    event_windows,
    in_time_order,
    moved,
)

CALENDAR = [Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS]


def told(start: str, stop: str, unit: Unit, size: int) -> list[tuple[str, str, str]]:
    found = calendar_windows(date.fromisoformat(start), date.fromisoformat(stop), unit, size)
    return [(str(one.at), str(one.first), str(one.last)) for one in found]


def test_a_window_moves_a_day_at_a_time_and_stays_inside() -> None:
    assert told("2024-03-01", "2024-03-05", Unit.DAYS, 3) == [
        ("2024-03-02", "2024-03-01", "2024-03-03"),
        ("2024-03-03", "2024-03-02", "2024-03-04"),
        ("2024-03-04", "2024-03-03", "2024-03-05"),
    ]


def test_months_end_where_they_end() -> None:
    assert told("2024-01-31", "2024-05-01", Unit.MONTHS, 3) == [
        ("2024-03-31", "2024-02-29", "2024-04-30"),
    ]
    assert moved(date(2024, 2, 29), Unit.YEARS, 1) == date(2025, 2, 28)


def test_an_even_size_is_the_next_odd_one() -> None:
    words = ("2024-01-01", "2024-03-01", Unit.WEEKS)
    assert told(*words, 2) == told(*words, 3) != told(*words, 4)


@pytest.mark.parametrize("unit", CALENDAR)
def test_at_the_end_of_the_calendar_they_end(unit: Unit) -> None:
    assert all(
        one.last <= date.max for one in calendar_windows(date(9990, 1, 1), date.max, unit, 3)
    )


@given(
    st.dates(date(2023, 1, 1), date(2025, 1, 1)),
    st.integers(0, 400),
    st.sampled_from(CALENDAR),
    st.integers(1, 9),
)
def test_windows_follow_one_another(start: date, days: int, unit: Unit, size: int) -> None:
    stop = moved(start, Unit.DAYS, days)
    found = list(calendar_windows(start, stop, unit, size))
    for one in found:
        assert start <= one.first <= one.at <= one.last <= stop
        assert one.at <= one.until
    for one, after in pairwise(found):
        assert moved(one.until, Unit.DAYS, 1) == after.at


def test_windows_of_events_keep_their_order() -> None:
    given = [Counts(9, (0, 0, 0), 1), Counts(None, (7, 7, 0), 5), Counts(3, (1, 0, 0), 2)]
    events = in_time_order([*given, Counts(9, (2, 0, 0), 1)])
    assert [one.cell[0] for one in events] == [1, 1, 0, 2]
    assert list(event_windows(events, 2)) == [(1, 0, 2), (2, 1, 3)]
    assert list(event_windows(events, 3)) == list(event_windows(events, 2))
    assert list(event_windows(events, 9)) == []
