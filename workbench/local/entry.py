"""What `manage.py` does before Django: the servers are up if the command needs them."""

import os
import sys
from collections.abc import Sequence

from workbench.env import Refusal
from workbench.local import servers

# Commands that touch no database: what only reads or writes files, or only explains.
WITHOUT_SERVERS = {
    "help",
    "version",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "startapp",
    "startproject",
}
ONLY_EXPLAIN = {"-h", "--help", "--version"}

_NOBODY_READS = 141  # what shells call a program that wrote into a pipe without a reader


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether a command line of `manage.py` (without its own name) needs database and queue."""
    if not arguments or ONLY_EXPLAIN.intersection(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVERS


def main(arguments: Sequence[str]) -> int:
    """Run one command of Django, inside the servers if it needs them; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workbench.settings")
    try:
        if needs_servers(arguments[1:]):
            with servers.ensure():
                _django(arguments)
        else:
            _django(arguments)
        sys.stdout.flush()
    except Refusal as refusal:
        servers.to_stderr(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _write_no_more()
        return _NOBODY_READS
    return 0


def _write_no_more() -> None:
    """Whoever read what we print has gone, as `head` does: what is left of it is written nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _django(arguments: Sequence[str]) -> None:
    from django.core.management import execute_from_command_line  # after the servers: it is slow

    execute_from_command_line(list(arguments))
