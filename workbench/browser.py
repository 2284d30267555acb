"""The Chromium of the browser tests: `python -m workbench.browser` finds or installs it.

Best is the headless shell, which is Chromium without its windows: behind each page that a test
opens Chromium makes a window nobody sees, for six times the processor time of the page. Locally a
machine without any is told what to install, and the browser tests are skipped; under CI a missing
browser is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbench.env import text, under_ci

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium for the browser tests: install chromium (on Debian: apt-get install chromium), "
    "or name a Chromium or Chrome in KUTIP_CHROMIUM."
)
ADVICE = {"DEBIAN_FRONTEND": "noninteractive"}


def find(*, windowed: bool = False) -> Path | None:
    """KUTIP_CHROMIUM, else the first Chromium or Chrome on PATH that runs, or None.

    `windowed`: rather one that people use, for what is measured.
    """
    named = text("KUTIP_CHROMIUM")
    names = (*NAMES[1:], SHELL) if windowed else NAMES
    for name in [named] if named else names:
        program = shutil.which(name)
        if program and _runs([program, "--version"]):
            return Path(program)
    return None


def install(*packages: str) -> None:
    """The first of these packages that apt has was installed, if there is an apt and we may use it;
    else nothing happened."""
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not _runs([*rights, "true"])):
        return
    sys.stderr.write("Installing Chromium for the browser tests (once) ...\n")
    apt = [*rights, "env", *(f"{name}={value}" for name, value in ADVICE.items()), "apt-get"]
    _runs([*apt, "update", "-qq"])
    any(_runs([*apt, "install", "-y", "-qq", package]) for package in packages)


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _is_asked_first(found: Path) -> bool:
    """Whether this is no headless shell, and nobody has asked for one yet: apt may have none."""
    asked = Path(sys.prefix) / "asked-for-headless-shell"
    if found.name == SHELL or asked.exists():
        return False
    asked.touch()
    return True


def main() -> int:
    """0 when there is a browser, or when its absence is allowed; else 1."""
    found = find()
    if not text("KUTIP_CHROMIUM") and (found is None or _is_asked_first(found)):
        install(SHELL, *(() if found else ("chromium",)))
    if find():
        return 0
    sys.stderr.write(f"{MISSING}\n")
    return 1 if under_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
