"""Which browser the tests drive, and what is asked of apt where there is a better one."""

import sys
from pathlib import Path

import pytest

from workbench import browser

PROGRAM = "#!/bin/sh\nexit 0\n"
APT = '#!/bin/sh\necho "$@" >> "$APT_LOG"\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, in a virtual environment of its own; of root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("APT_LOG", str(tmp_path / "apt.log"))
    monkeypatch.delenv("KUTIP_CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return folder


def program(folder: Path, name: str, script: str = PROGRAM) -> Path:
    made = folder / name
    made.write_text(script)
    made.chmod(0o755)
    return made


def asked(folder: Path) -> list[str]:
    log = folder.parent / "apt.log"
    return log.read_text().splitlines() if log.exists() else []


def test_the_shell_is_driven_and_a_browser_with_windows_measured(path: Path) -> None:
    whole = program(path, "chromium")
    assert browser.find() == browser.find(windowed=True) == whole
    shell = program(path, browser.SHELL)
    assert browser.find() == shell
    assert browser.find(windowed=True) == whole
    whole.unlink()
    assert browser.find(windowed=True) == shell


def test_a_shell_is_asked_for_once_where_there_is_only_chromium(path: Path) -> None:
    program(path, "chromium")
    program(path, "apt-get", APT)
    for _ in range(2):
        assert browser.main() == 0
    assert asked(path) == ["update -qq", "install -y -qq chromium-headless-shell"]


def test_where_apt_has_no_shell_chromium_is_installed(path: Path) -> None:
    program(path, "apt-get", APT + "case $* in *shell) exit 100;; esac\n")
    assert browser.main() == 0
    assert asked(path)[1:] == [
        "install -y -qq chromium-headless-shell",
        "install -y -qq chromium",
    ]


def test_nobody_is_asked_where_a_shell_is_or_a_browser_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(path, "apt-get", APT)
    shell = program(path, browser.SHELL)
    assert browser.main() == 0
    shell.unlink()
    monkeypatch.setenv("KUTIP_CHROMIUM", str(program(path, "mine")))
    assert browser.main() == 0
    assert asked(path) == []
