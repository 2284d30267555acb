"""The network of an export: nodes, and the ties of all time or of each window."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from annotations.exchange.records import Line
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.network_choices import Choices, Network
from annotations.exchange.writers.network_statements import (
    Node,
    Statements,
    day_of,
    levels_of,
    statements_of,
)
from annotations.limits import LIMITS
from annotations.networks import one_mode, two_mode
from annotations.networks.counting import Cell, Counts, TooMany, What
from annotations.networks.cubes import Cube, cube, transposed
from annotations.networks.kernels import Kernel, density
from annotations.networks.two_mode import Tie
from annotations.networks.windows import (
    Unit,
    Window,
    calendar_windows,
    event_windows,
    in_time_order,
)


class Period(NamedTuple):
    """A window of time: around `at`, with the statements from `first` to `last`, both included; what
    is shown from `start` to `end`, which no two windows share: days, or the numbers of statements."""

    at: str
    first: str
    last: str
    start: str
    end: str


class Slice(NamedTuple):
    """The ties of a window, or of all time; nodes are places in `Graph.nodes`."""

    period: Period | None
    ties: Iterable[Tie]


@dataclass(frozen=True, slots=True)
class Graph:
    """`slices` can be read once."""

    nodes: Sequence[Node]
    slices: Iterator[Slice]


def graph(lines: Iterable[Line], report: LossReport, choices: Choices) -> Graph:
    """The network that the choices want of the lines; all of them have been read. Raises TooMany, and
    then at once: never while the slices are read."""
    found = statements_of(lines, report, choices)
    _refuse_what_is_too_much(found, choices)
    slices = (
        Slice(period, _ties(cells, found, choices))
        for period, cells in _windows(found.counts, choices)
    )
    return Graph(_nodes(found, choices), slices)


def _refuse_what_is_too_much(found: Statements, choices: Choices) -> None:
    steps = 0
    for number, (_, cells) in enumerate(_windows(found.counts, choices), 1):
        if number > LIMITS.network_windows:
            raise TooMany(What.WINDOWS, LIMITS.network_windows)
        steps += len(cells)
        if not choices.two_mode:
            aggregation = one_mode.Aggregation(choices.ties)
            steps += one_mode.steps(_cube(cells, choices), levels_of(choices), aggregation)
        if steps > LIMITS.network_steps:
            raise TooMany(What.STEPS, LIMITS.network_steps)


def _nodes(found: Statements, choices: Choices) -> Sequence[Node]:
    return {
        Network.ACTORS: [*found.actors],
        Network.CONCEPTS: [*found.concepts],
        Network.ACTORS_CONCEPTS: [*found.actors, *found.concepts],
    }[choices.network]


Cells = Sequence[tuple[Cell, float]]
"""With how much each counts."""


def _cube(cells: Cells, choices: Choices) -> Cube:
    """With concepts as rows, where these are what is tied to one another."""
    counted = cube(cells, len(levels_of(choices).weights))
    return transposed(counted) if choices.network is Network.CONCEPTS else counted


def _ties(cells: Cells, found: Statements, choices: Choices) -> Iterator[Tie]:
    counted, levels = _cube(cells, choices), levels_of(choices)
    if not choices.two_mode:
        yield from one_mode.ties(
            counted,
            levels,
            one_mode.Aggregation(choices.ties),
            one_mode.Normalisation(choices.normalisation),
        )
        return
    for row, column, weight in two_mode.ties(
        counted,
        levels,
        two_mode.Aggregation(choices.ties),
        two_mode.Normalisation(choices.normalisation),
    ):
        yield row, len(found.actors) + column, weight


Windows = Iterator[tuple[Period | None, Cells]]


def _windows(counts: Sequence[Counts], choices: Choices) -> Windows:
    if choices.window is Unit.NONE:
        return iter([(None, [(one.cell, one.times) for one in counts])])
    return (_of_events if choices.window is Unit.EVENTS else _of_calendar)(counts, choices)


def _of_calendar(counts: Sequence[Counts], choices: Choices) -> Windows:
    """From the first statement to the last, if no other days are asked for."""
    dated = sorted((one for one in counts if one.at is not None), key=lambda one: one.at or 0)
    days = [day_of(one.at or 0) for one in dated]
    start, stop = choices.since or min(days, default=None), choices.until or max(days, default=None)
    if start is None or stop is None:
        return
    for one in calendar_windows(start, stop, choices.window, choices.size):
        inside = dated[bisect_left(days, one.first) : bisect_right(days, one.last)]
        at, first, last, until = map(str, one)
        cells = [(each.cell, each.times * _weight(each, one, choices)) for each in inside]
        yield Period(at, first, last, at, until), cells


def _weight(one: Counts, window: Window, choices: Choices) -> float:
    """How much a statement counts: as a root, where ties are products of two."""
    if choices.kernel is Kernel.NONE:
        return 1
    found = density(choices.kernel, window.distance(day_of(one.at or 0)))
    return found if choices.two_mode else sqrt(found)


def _of_events(counts: Sequence[Counts], choices: Choices) -> Windows:
    events = in_time_order(counts)
    for place, first, last in event_windows(events, choices.size):
        at, since, until = (str(day_of(events[one].at or 0)) for one in (place, first, last))
        cells = [(one.cell, one.times) for one in events[first : last + 1]]
        yield Period(at, since, until, str(place + 1), str(place + 1)), cells
