#!/usr/bin/env python3
"""Kutip's command line. Database and queue are up while a command runs that needs them."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

OWN_PYTHON = Path(__file__).resolve().parent / ".venv" / "bin" / "python"

if __name__ == "__main__":
    if find_spec("django") is None:
        if not OWN_PYTHON.exists():
            sys.exit("Kutip's packages are not installed: run `make setup` first.")
        os.execv(OWN_PYTHON, [str(OWN_PYTHON), *sys.argv])

    from workbench.local import entry

    sys.exit(entry.main(sys.argv))
