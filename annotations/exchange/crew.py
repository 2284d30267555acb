"""Who loads: this process alone, or two processes beside it."""

import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Protocol

import msgspec
from django.db import connection

import annotations
from annotations.exchange.loader import Order, Said
from annotations.exchange.reading import Summary, Task, read_part
from annotations.exchange.writing import Load, write_part

Progress = Callable[[int], None]


class LoaderDied(RuntimeError):
    """A loader ended before its work was done; its standard error says why."""


class Crew(Protocol):
    """`together`: what the crew writes belongs to the caller's transaction."""

    together: bool
    tasks: Sequence[Task]

    def read(self, progress: Progress) -> list[Summary]: ...
    def write(self, load: Load, progress: Progress) -> None: ...


class Alone:
    """One part, read and written here, over the connection and in the transaction of the caller."""

    together = True

    def __init__(self, task: Task) -> None:
        self.tasks: Sequence[Task] = (task,)

    def read(self, progress: Progress) -> list[Summary]:
        return [read_part(self.tasks[0], progress)]

    def write(self, load: Load, progress: Progress) -> None:
        write_part(connection.connection, self.tasks[0], load, progress)


class Beside:
    """A process for each part, with a connection and a transaction of its own."""

    together = False

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = tasks
        self._heard: SimpleQueue[tuple[int, Said | None]] = SimpleQueue()
        self._loaders = [_start() for _ in tasks]
        self._listeners = [
            Thread(target=self._listen, args=(number, loader.stdout), daemon=True)
            for number, loader in enumerate(self._loaders)
        ]
        for listener in self._listeners:
            listener.start()

    def read(self, progress: Progress) -> list[Summary]:
        summaries: dict[int, Summary] = {}
        self._tell(self.tasks)
        while len(summaries) < len(self._loaders):
            number, said = self._next()
            progress(said.more)
            if said.summary:
                summaries[number] = said.summary
        return [summaries[number] for number in range(len(self._loaders))]

    def write(self, load: Load, progress: Progress) -> None:
        self._tell([Order(_address(), load)] * len(self._loaders))
        done: set[int] = set()
        while len(done) < len(self._loaders):
            number, said = self._next(done)
            progress(said.more)
            done |= {number} if said.written else set()

    def dismiss(self) -> None:
        """No loader is left, whatever it was doing; what it had not committed is not there."""
        for loader, listener in zip(self._loaders, self._listeners, strict=True):
            loader.kill()
            loader.wait()
            listener.join()
            for pipe in (loader.stdin, loader.stdout):
                with suppress(BrokenPipeError):
                    pipe and pipe.close()

    def _tell(self, words: Sequence[Task | Order]) -> None:
        for loader, word in zip(self._loaders, words, strict=True):
            if loader.stdin:
                loader.stdin.write(msgspec.json.encode(word) + b"\n")
                loader.stdin.flush()

    def _next(self, done: Collection[int] = ()) -> tuple[int, Said]:
        """What a loader says next; those that are done may end."""
        while True:
            number, said = self._heard.get()
            if said is not None:
                return number, said
            if number not in done:
                raise LoaderDied(f"loader {number} ended before its work was done")

    def _listen(self, number: int, output: IO[bytes]) -> None:
        for line in output:
            self._heard.put((number, msgspec.json.decode(line, type=Said)))
        self._heard.put((number, None))


@contextmanager
def crew(tasks: Sequence[Task]) -> Iterator[Crew]:
    """Whoever reads and writes these tasks; nobody of them is left afterwards."""
    if len(tasks) == 1:
        yield Alone(tasks[0])
        return
    loaders = Beside(tasks)
    try:
        yield loaders
    finally:
        loaders.dismiss()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "annotations.exchange.loader"],
        cwd=Path(annotations.__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _address() -> dict[str, str | int]:
    """Where the database is, in libpq's words."""
    parameters = connection.get_connection_params()
    return {name: word for name, word in parameters.items() if isinstance(word, str | int)}
