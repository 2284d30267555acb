"""Commands of Django that a start of Kutip runs before it serves."""

import io
import sys
from collections.abc import Iterable

ARGUMENTS: dict[str, dict[str, object]] = {
    "migrate": {"interactive": False, "verbosity": 0},
    "collectstatic": {"interactive": False, "verbosity": 0, "clear": True},
}


def run(names: Iterable[str]) -> dict[str, str]:
    """Each command was run, in this order, in this process; what each of them printed.

    Django must be set up. Its connections are closed afterwards, so that the process may fork.
    """
    from django.core.management import call_command
    from django.db import connections

    said = {}
    for name in names:
        output = io.StringIO()
        call_command(name, stdout=output, stderr=sys.stderr, **ARGUMENTS.get(name, {}))
        said[name] = output.getvalue()
    connections.close_all()
    return said
