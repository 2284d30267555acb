"""What `make run` says at the terminal."""

import json
import signal
import sys
from contextlib import suppress

from workbench.local import paths

COLUMNS = ("role", "username", "password", "sign_in_url")


def say(sentence: str) -> None:
    """The person at the terminal reads the sentence; a terminal that has gone is no reason to end."""
    with suppress(OSError, ValueError):
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()


def reachable(host: str) -> str:
    """An address at which this machine itself reaches what listens at `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  (nothing is bound here)


def local_url(host: str, port: int) -> str:
    """The address to open in a browser of this machine."""
    name = reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def cause(status: int) -> str:
    """How a process ended, by its exit status as `subprocess` gives it."""
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def ready(url: str, seconds: float, missing: str) -> None:
    """The address, and what is not well in spite of it."""
    say(f"\nKutip is ready: {url}/  ({seconds:.1f} s)\n")
    if missing:
        say(f"But not everything answers: {missing.strip()} (logs: {paths.log_file('web').parent})")


def accounts() -> None:
    """The demo's accounts, as a table, if there are any."""
    try:
        rows = json.loads((paths.state_dir() / "demo-accounts.json").read_text())
        lines = [tuple(str(row.get(column) or "") for column in COLUMNS) for row in rows]
    except (OSError, ValueError, AttributeError, TypeError):
        return
    table = [("role", "user", "password", "signs in once, without the password"), *lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(COLUMNS))]
    for line in table:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        say("  " + "  ".join(cells).rstrip())
    say("")


def first_admin(link: str) -> None:
    """Where the first admin is made, as long as there is none."""
    if link.strip():
        say(f"Nobody can sign in yet. Make the first admin here (once):\n  {link.strip()}\n")
