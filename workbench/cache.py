"""The cache, which may go away: then everything is a miss, and nothing is an error.

Sessions live in the database too, so nobody is signed out; the counts of sign-in tries start
again when the cache comes back.
"""

import logging
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def _or(answer: R, ask: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return ask(*args, **kwargs)
    except RedisError as error:
        logger.warning("the cache does not answer: %s", error)
        return answer


class _KeptClient(RedisCacheClient):
    """Django makes a client of redis-py for every command, which takes twice as long as the
    command. It holds nothing but its pool of connections, so it can be kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class ForgivingCache(RedisCache):
    """Valkey or Redis while it answers. While it does not: `get` finds nothing, `add` succeeds
    (a lock is given, as if nobody held it), the rest does nothing."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClient

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, super().get, key, default, version)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return _or(True, super().add, key, value, *args, **kwargs)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        _or(None, super().set, key, value, *args, **kwargs)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, super().delete, key, version)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return _or(False, super().touch, key, *args, **kwargs)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return _or(False, super().has_key, key, version)

    def clear(self) -> bool:  # type: ignore[override]  # Django's says more than its base
        return bool(_or(False, super().clear))
