"""One loader as a process of its own: ``python -m annotations.exchange.loader``.

Whoever starts it writes a task on its standard input, one line of JSON, and reads what it says on
its standard output: how far it is, then what its part holds. It then waits for the order to
write, or for the end of its input: without the order nothing reaches the database. Knows no
Django, so that it works within a tenth of a second.
"""

import gc
import sys
from typing import Any

import msgspec

from annotations.exchange.reading import Summary, Task, read_part
from annotations.exchange.writing import Load, write_part


class Order(msgspec.Struct, frozen=True):
    """Write now, over a connection of your own."""

    connection: dict[str, str | int]
    load: Load


class Said(msgspec.Struct, omit_defaults=True):
    """What a loader says: so much more was done, or this is what the part holds, or all of it
    is in the database, committed."""

    more: int = 0
    summary: Summary | None = None
    written: bool = False


def main(source: Any, target: Any) -> None:
    """Do one task as told on `source`, saying on `target` what happens."""

    def say(said: Said) -> None:
        target.write(msgspec.json.encode(said) + b"\n")
        target.flush()

    task = msgspec.json.decode(source.readline(), type=Task)
    say(Said(summary=read_part(task, lambda more: say(Said(more)))))
    import psycopg  # only here, where the order has to be waited for anyway

    if line := source.readline():
        order = msgspec.json.decode(line, type=Order)
        with psycopg.connect(**order.connection) as connection:  # type: ignore[arg-type]  # libpq's own words
            write_part(connection, task, order.load, lambda more: say(Said(more)))
        say(Said(written=True))


if __name__ == "__main__":
    gc.disable()  # nothing made here refers to itself; looking for it took a fifth of the time
    main(sys.stdin.buffer, sys.stdout.buffer)
