"""Which supervisor runs in this state folder. There is one at a time."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

from workbench.env import Refusal
from workbench.local import connections, paths


def _record() -> Path:
    return paths.state_dir() / "running.json"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """No other supervisor runs in this state folder; a second one is a `Refusal` with the URL."""
    lock = os.open(paths.make_state_dir() / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        address = connections.running_url() or "it is just starting"
        raise Refusal(f"Kutip runs already: {address} (state: {paths.state_dir()}).") from None
    _record().unlink(missing_ok=True)  # of one that was killed
    try:
        yield
    finally:
        _record().unlink(missing_ok=True)
        os.close(lock)


def publish(url: str) -> None:
    """Other processes of this state folder can read where Kutip is."""
    paths.write_private(_record(), json.dumps({"pid": os.getpid(), "url": url}) + "\n")
