"""Making a PostgreSQL cluster: all of it or nothing, with Kutip's two roles and its database."""

import locale
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from workbench.env import Refusal
from workbench.local import accounts, binaries, paths
from workbench.local.connections import APP, DATABASE, OWNER
from workbench.local.processes import Account

SUPERUSER = "postgres"
# The app role gets CONNECT only; what it may do with the tables is granted after each migration.
BIRTH = f"""
CREATE ROLE {OWNER} LOGIN CREATEDB
CREATE ROLE {APP} LOGIN
CREATE DATABASE {DATABASE} OWNER {OWNER}
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC
GRANT CONNECT ON DATABASE {DATABASE} TO {APP}
"""
CLUSTER = re.compile(r"postgresql-\d+")
BUILTIN_LOCALES = 17  # the first version that sorts by code point without the system's locales


def place(major: int) -> Path:
    """The folder of the cluster, made or not: in the state folder, or, as root, where the
    server's account can reach it. A cluster of another major version is a `Refusal`.
    """
    state = paths.make_state_dir()
    home = _home(state)
    folder = home / f"postgresql-{major}"
    others = [other.name for other in home.glob("*") if CLUSTER.fullmatch(other.name)]
    if others and not folder.exists():
        raise Refusal(
            f"{home} holds the database {others[0]}, but PostgreSQL {major} was found: name the "
            "programs of that version in KUTIP_PG_BIN, or another state folder in KUTIP_STATE."
        )
    return folder


def _home(state: Path) -> Path:
    """Where clusters of this state live. A new state never finds the data of a deleted one."""
    pointer = state / "database-place"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    account = accounts.server_account(state / "none")
    if account is None or accounts.can_reach(account, state / "postgresql"):
        return state
    home = binaries.SHARED / f"state-{os.urandom(6).hex()}"
    paths.write_private(pointer, f"{home}\n")
    return home


def create(folder: Path, programs: Path, account: Account | None) -> None:
    """`folder` holds a cluster with both roles and the database; an interrupted attempt leaves
    nothing that a later one would take for a cluster. `Refusal` with the log's name on failure.
    """
    if folder.parent != paths.state_dir():
        binaries.make_shared(folder.parent)
    for part in folder.parent.glob(f"{folder.name}.part*"):
        shutil.rmtree(part, ignore_errors=True)
    # A name of its own: an initdb whose keeper was killed may still be writing into another.
    part = paths.make_private_dir(
        folder.with_name(f"{folder.name}.part{os.getpid()}"), account.uid if account else None
    )
    _initdb(part, programs, account)
    _populate(part, programs, account)
    part.rename(folder)


def _initdb(part: Path, programs: Path, account: Account | None) -> None:
    choices = ["-U", SUPERUSER, "-A", "reject", *_choices(programs)]
    _run(programs / "initdb", ["-D", str(part), *choices], account)


def _populate(part: Path, programs: Path, account: Account | None) -> None:
    alone = ["--single", "-D", str(part), "-c", "port=5432", SUPERUSER]
    said = _run(programs / "postgres", alone, account, told=BIRTH)
    if "ERROR" in said or "FATAL" in said:
        raise Refusal(f"PostgreSQL could not make its roles: see {paths.log_file('postgresql')}.")


def _choices(programs: Path) -> list[str]:
    common = ["-E", "UTF8", "--data-checksums", "--no-instructions"]
    common += ["--set", "timezone=UTC", "--set", "log_timezone=UTC"]
    if binaries.postgres_major(programs) >= BUILTIN_LOCALES:
        return [*common, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return [*common, f"--locale={_plain_locale()}"]


def _plain_locale() -> str:
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


def server_environment() -> dict[str, str]:
    """Our environment without what would bend a server: PG* variables and locales."""
    bending = ("PG", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(bending)}
    return {**kept, "LC_ALL": "C"}


def _run(program: Path, arguments: Sequence[str], account: Account | None, told: str = "") -> str:
    done = subprocess.run(
        [program, *arguments],
        input=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env=server_environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )
    log = paths.log_file("postgresql")
    with log.open("a") as output:
        output.write(done.stdout)
    if done.returncode != 0:
        raise Refusal(f"{program} failed: see {log}.")
    return done.stdout
