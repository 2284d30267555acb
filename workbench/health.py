"""GET /healthz: whether every part of the product answers."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from workbench.celery import app

logger = logging.getLogger(__name__)
KEPT_SECONDS = 1.0
"""How long an answer of the worker counts: a monitor that asks often must not flood the broker."""
BROKER_SECONDS = 1
WORKER_SECONDS = 1.0
PINGS = 5


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database, broker and worker answer; else 503, naming the parts that do not.
    `append_only` says what protects the history: "roles", or "triggers" under a single role."""
    parts = {"web": "ok"} | {part: _said(probe) for part, probe in PROBES.items()}
    healthy = all(said == "ok" for said in parts.values())
    payload = {
        "status": "ok" if healthy else "failing",
        "parts": parts,
        "append_only": _append_only() if parts["database"] == "ok" else "unknown",
    }
    return JsonResponse(payload, status=200 if healthy else 503)


def _said(probe: Callable[[], bool]) -> str:
    try:
        return "ok" if probe() else "failing"
    except Exception as error:  # noqa: BLE001 - whatever it is, the part does not answer
        logger.warning("%s: %s", probe.__name__, error)
        return "failing"


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    finally:
        connection.close_if_unusable_or_obsolete()


def _broker() -> bool:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        return True


class _Worker:
    """Asks the workers at most once a second, however many ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._answered = False

    def __call__(self) -> bool:
        with self._lock:
            if time.monotonic() - self._asked_at > KEPT_SECONDS:
                self._answered = False
                self._asked_at = time.monotonic()
                self._answered = any(_ping() for _ in range(PINGS))
            return self._answered

    __name__ = "worker"


def _ping() -> bool:
    # Several short questions instead of a long one: a worker that was just starting missed the
    # first, and answers the next at once.
    return bool(app.control.ping(limit=1, timeout=WORKER_SECONDS / PINGS))


PROBES: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "worker": _Worker(),
}


def _append_only() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'operation', 'UPDATE')")
        return "triggers" if cursor.fetchone() == (True,) else "roles"
