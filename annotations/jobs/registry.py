"""Which function does which kind of job. Rooms register theirs; this room knows none of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotations.jobs.running import Running

Result = dict[str, object]
Handler = Callable[["Running"], Result]

_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """The decorated function does the jobs of this kind. A kind has one handler."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"two handlers for jobs of kind {kind}")
        _handlers[kind] = handler
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The handler of a kind; KeyError where no room registered one."""
    return _handlers[kind]
