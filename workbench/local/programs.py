"""A program that must run as long as we do, and one of its lives."""

import itertools
import math
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.local import processes
from workbench.local.deaths import Deaths

Process = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Program:
    """How a program is started and ended. `launch` clears what a predecessor left, and spawns.

    `ending` lists signals, each with the seconds it gets before the next; the last is KILL.
    """

    name: str
    log: Path
    launch: Callable[[], Process]
    ending: Sequence[tuple[signal.Signals, float]]


class GivenUp(Exception):
    """A program cannot be kept running; its log says why."""

    def __init__(self, program: Program, what: str) -> None:
        super().__init__(f"{program.name} {what}.")
        self.log = program.log

    def __str__(self) -> str:
        ending = processes.last_lines(self.log)
        return f"{self.args[0]} Its log, {self.log}, ends:\n{ending}".rstrip()


@dataclass(slots=True)
class Kept:
    """A program that runs, or will again: its present process, and how often it died lately."""

    program: Program
    process: Process
    deaths: Deaths = field(default_factory=Deaths)
    mourned: bool = False

    @classmethod
    def start(cls, program: Program) -> "Kept":
        """The program runs. `GivenUp` when it cannot even be spawned."""
        return cls(program, _launch(program))

    def has_died(self) -> bool:
        """Whether it died since we last asked. The fifth death in a minute is `GivenUp`."""
        if self.mourned or self.process.poll() is None:
            return False
        self.mourned = True
        self.deaths.count(time.monotonic())
        if self.deaths.too_many:
            raise GivenUp(self.program, "died five times in a minute")
        return True

    def is_due(self) -> bool:
        """It is dead, and has rested long enough to be started again."""
        return self.mourned and time.monotonic() >= self.deaths.due

    def restart(self) -> None:
        """The program runs again."""
        self.process = _launch(self.program)
        self.mourned = False

    def patience(self) -> float:
        """The seconds until it is due; a second when there is nothing to wait for."""
        return max(0.0, min(1.0, self.deaths.due - time.monotonic())) if self.mourned else 1.0


def _launch(program: Program) -> Process:
    try:
        return program.launch()
    except OSError as error:
        raise GivenUp(program, f"cannot be started ({error})") from error


def end_all(kept: Sequence[Kept], hurried: Callable[[], bool] = lambda: False) -> None:
    """None of the programs runs, nor anything in their process groups. All end side by side.

    As soon as `hurried` says so, nobody is waited for any longer.
    """
    begin = time.monotonic()
    groups = [each.process.pid for each in kept if not each.mourned]
    running = [(each.process, _timeline(each.program)) for each in kept]
    while running := [life for life in running if life[0].poll() is None]:
        passed = math.inf if hurried() else time.monotonic() - begin
        for process, timeline in running:
            while timeline and timeline[0][0] <= passed:
                process.send_signal(timeline.pop(0)[1])
        time.sleep(0.01)
    for group in groups:
        processes.signal_group(group, signal.SIGKILL)


def _timeline(program: Program) -> list[tuple[float, signal.Signals]]:
    ends = list(itertools.accumulate((seconds for _, seconds in program.ending), initial=0.0))
    return list(zip(ends, [*(number for number, _ in program.ending), signal.SIGKILL], strict=True))
