"""The Chromium of the browser tests: `python -m workbench.browser` finds or installs it.

Locally a machine without one is told what to install, and the browser tests are skipped; under
CI a missing browser is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbench.env import text

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium for the browser tests: install chromium (on Debian: apt-get install chromium), "
    "or name a Chromium or Chrome in KUTIP_CHROMIUM."
)
ADVICE = {"DEBIAN_FRONTEND": "noninteractive"}


def find() -> Path | None:
    """KUTIP_CHROMIUM, else the first Chromium or Chrome on PATH that runs, or None."""
    named = text("KUTIP_CHROMIUM")
    for name in [named] if named else NAMES:
        program = shutil.which(name)
        if program and _runs([program, "--version"]):
            return Path(program)
    return None


def install() -> None:
    """Chromium was installed by apt, if there is one and we may use it; else nothing happened."""
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not _runs([*rights, "true"])):
        return
    sys.stderr.write("Installing Chromium for the browser tests (once) ...\n")
    for step in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        _runs([*rights, "env", *(f"{k}={v}" for k, v in ADVICE.items()), "apt-get", *step])


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main() -> int:
    """0 when there is a browser, or when its absence is allowed; else 1."""
    if find() is None and not text("KUTIP_CHROMIUM"):
        install()
    if find():
        return 0
    sys.stderr.write(f"{MISSING}\n")
    return 1 if text("CI").lower() not in ("", "0", "false") else 0


if __name__ == "__main__":
    sys.exit(main())
