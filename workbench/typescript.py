"""The types of the scripts, as their JSDoc says: `python -m workbench.typescript`.

The compiler is npm's, pinned with its hash in `tests/js/types`, installed once into `.venv` and
never served.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from workbench.node import find

HERE = Path(__file__).resolve().parents[1]
TYPES = HERE / "tests" / "js" / "types"
INSTALLED = HERE / ".venv" / "typescript"
COMPILER = INSTALLED / "node_modules" / "typescript" / "bin" / "tsc"
LOCK = "package-lock.json"


def main() -> int:
    """The compiler's exit status; 1 where it cannot be had."""
    node = find()
    if node is None or not install(node):
        sys.stderr.write("No TypeScript compiler: it comes from the npm registry, once.\n")
        return 1
    return subprocess.run([node, COMPILER, "-p", TYPES], check=False).returncode


def install(node: Path) -> bool:
    """The pinned compiler is there; installed anew when the pin has changed."""
    wanted, there = TYPES / LOCK, INSTALLED / LOCK
    if COMPILER.exists() and there.read_bytes() == wanted.read_bytes():
        return True
    shutil.rmtree(INSTALLED, ignore_errors=True)
    INSTALLED.mkdir(parents=True)
    for name in ("package.json", LOCK):
        shutil.copy(TYPES / name, INSTALLED / name)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    return subprocess.run([*_npm(node), "ci", *quiet], cwd=INSTALLED, check=False).returncode == 0


def _npm(node: Path) -> list[str | Path]:
    """npm as it came with this Node, else the one on PATH."""
    for folder in (node.parents[1] / "lib", node.parents[1]):
        program = folder / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if program.exists():
            return [node, program]
    return ["npm"]


if __name__ == "__main__":
    sys.exit(main())
