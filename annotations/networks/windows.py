"""Windows of time that move over the statements (`design/dna.md`, Time windows)."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from annotations.networks.counting import Counts


class Unit(StrEnum):
    """In what a window is measured, and how far it moves at a time."""

    NONE = "none"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    EVENTS = "events"


class Window(NamedTuple):
    """Around `at`, from `first` to `last`, both included; `until` is the day before the next window's
    `at`."""

    at: date
    first: date
    last: date
    until: date

    def distance(self, day: date) -> float:
        """How far a day within the window is from its middle: -1 at the first, 1 at the last."""
        edge = self.first if day < self.at else self.last
        return (day - self.at).days / (abs((edge - self.at).days) or 1)


def moved(day: date, unit: Unit, by: int) -> date:
    """The day so many units later (earlier, if negative); what a month does not have is its last
    day. Raises OverflowError beyond the calendar."""
    if unit is Unit.DAYS:
        return day + timedelta(by)
    if unit is Unit.WEEKS:
        return day + timedelta(7 * by)
    months = day.year * 12 + day.month - 1 + by * (12 if unit is Unit.YEARS else 1)
    year, month = months // 12, months % 12 + 1
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("beyond the calendar")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def calendar_windows(start: date, stop: date, unit: Unit, size: int) -> Iterator[Window]:
    """The windows that lie wholly between start and stop, both included, one for each step of a unit
    from the start, also where nothing falls into one.

    The window around t is [t - h, t + h] with h = round((size - 1) / 2), half rounded up: an even
    size is the next odd one.
    """
    half, step = size // 2, 0
    while True:
        try:
            at = moved(start, unit, step)
            first, last = moved(at, unit, -half), moved(at, unit, half)
            until = moved(start, unit, step + 1) - timedelta(1)
        except OverflowError:
            return
        if last > stop:
            return
        if first >= start:
            yield Window(at, first, last, until)
        step += 1


def event_windows(events: Sequence[Counts], size: int) -> Iterator[tuple[int, int, int]]:
    """Windows of so many statements: for each that has half of them before and after it, its place
    and those of the first and last in the window, both included. `events` stand in the order of
    time, each once; DNA shuffles those of one moment, here their order stays."""
    half = size // 2
    for place in range(half, len(events) - half):
        yield place, place - half, place + half


def in_time_order(counted: Sequence[Counts]) -> Sequence[Counts]:
    """Those with a moment, each statement by itself, earlier ones first; of one moment, in the
    order given."""
    dated = sorted((one for one in counted if one.at is not None), key=lambda one: one.at or 0)
    single = ((Counts(one.at, one.cell, 1), one.times) for one in dated)
    return [event for event, times in single for _ in range(times)]
