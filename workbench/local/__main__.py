"""`python -m workbench.local run`: what the Makefile calls."""

import argparse
import os
import subprocess
import sys

from psycopg.conninfo import make_conninfo

from workbench.env import Refusal
from workbench.local import binaries, connections, servers, supervisor


def main() -> int:
    """Obey the command line; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m workbench.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run all of Kutip in the foreground")
    run.add_argument("--port", type=_port, default=8000)
    run.add_argument("--demo", action=argparse.BooleanOptionalAction, default=True)
    run.add_argument("--with-parent", action="store_true", help="end when the parent process ends")
    commands.add_parser("sql", help="a psql in the database, as the owner of the tables")
    wanted = parser.parse_args()
    if wanted.command == "sql":
        return sql()
    return supervisor.run(wanted.port, demo=wanted.demo, with_parent=wanted.with_parent)


def sql() -> int:
    """psql's own exit status."""
    with servers.ensure():
        parts = connections.libpq(connections.database_settings()["owner"])
        environment = {**os.environ, "PGPASSWORD": parts.pop("password", "")}
        conninfo = make_conninfo("", **parts)
        program = binaries.postgres_programs() / "psql"
        return subprocess.run([program, conninfo], env=environment, check=False).returncode


def _port(word: str) -> int:
    if not word.isascii() or not word.isdigit() or not 1 <= int(word) <= 65_535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {word!r}")
    return int(word)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refusal as refusal:
        sys.exit(str(refusal))
