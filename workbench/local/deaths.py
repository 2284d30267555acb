"""How often something died lately: how long to wait before it starts again, and when to give up."""

from collections import deque
from dataclasses import dataclass, field

TOO_MANY = 5
MINUTE = 60.0
PAUSES = (0.0, 0.5, 1.0, 2.0)  # before the first, second, ... new start within a minute


@dataclass(slots=True)
class Deaths:
    """The times, in seconds of a monotonic clock, at which one program died in the last minute."""

    times: deque[float] = field(default_factory=deque)

    def count(self, now: float) -> None:
        """One more death, now; those of more than a minute ago are forgotten."""
        self.times.append(now)
        while self.times[0] <= now - MINUTE:
            self.times.popleft()

    @property
    def too_many(self) -> bool:
        """It is no use to start again."""
        return len(self.times) >= TOO_MANY

    @property
    def due(self) -> float:
        """When to start again: at once after the first death, later after each further one."""
        if not self.times:
            return 0.0
        return self.times[-1] + PAUSES[min(len(self.times), len(PAUSES)) - 1]
