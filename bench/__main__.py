"""Every bench, one after the other: `make bench`, or `python -m bench operations` for one."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_BENCHES = {
    *("__init__", "__main__", "serving", "corpus", "machine", "memory"),
    *("pictures", "screens", "agreement_pictures"),
}


def main() -> int:
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHES)
    wanted = sys.argv[1:] or names
    if unknown := set(wanted) - set(names):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
        return 2
    worst = 0
    for name in wanted:
        print(f"--- {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent, check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
