"""The product, started for a bench in a state folder of its own, and sessions to talk to it."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Site:
    """Where a started product answers; `state` is its folder."""

    host: str
    port: int
    state: Path


@contextmanager
def site(port: int = 8790, state: Path | None = None) -> Iterator[Site]:
    """The product runs until the block ends, empty, or on what is kept in `state`. Django is set
    up in this process for the same database, so that a bench can make what it needs."""
    with _folder(state) as folder:
        Path(folder).chmod(0o755)
        os.environ["KUTIP_STATE"] = folder
        command = [sys.executable, "-m", "workbench.local", "run", "--port", str(port), "--no-demo"]
        started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            yield Site("127.0.0.1", _port_of(started), Path(folder))
        finally:
            started.terminate()
            started.wait(30)


def _folder(kept: Path | None) -> AbstractContextManager[str]:
    if kept is None:
        return tempfile.TemporaryDirectory(prefix="kutip-bench-", ignore_cleanup_errors=True)
    kept.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(kept))


def _port_of(started: "subprocess.Popen[str]") -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and started.stdout:
        line = started.stdout.readline()
        if found := re.search(r"http://[^:]+:(\d+)/", line):
            return int(found.group(1))
        if not line:
            break
    raise SystemExit("the product did not start")


def set_up_django() -> None:
    """Models can be used in this process, on the database of the site."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "workbench.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def session_cookies(users: list[object]) -> list[str]:
    """A signed-in session for each user, as the Cookie header of their browser; the CSRF cookie
    in it is "a" x 32."""
    from django.conf import settings
    from django.test import Client

    cookies = []
    for user in users:
        browser = Client()
        browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])  # type: ignore[arg-type]
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={'a' * 32}")
    return cookies
