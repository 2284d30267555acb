"""How fast the machine is at this minute, so that figures of different days can be compared."""

import time

ADDITIONS = 10_000_000


def pace() -> str:
    """A sentence: what so many additions in a loop take now, which is a second or so."""
    begun = time.perf_counter()
    total = 0
    for _ in range(ADDITIONS):
        total += 1
    return (
        f"this machine at this minute: {total:,} additions in {time.perf_counter() - begun:.2f} s"
    )
