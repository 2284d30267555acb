"""Kutip's second role in a database that DATABASE_URL names.

The role of the URL owns the tables; the web server and the workers should be a role that cannot
rewrite history. If the owner may create roles, that role is made here and noted in the state
folder (`database.json`, mode 0600); if not, why not is noted, and triggers stand in.
"""

import contextlib
import hashlib
import hmac
import json
import re
import secrets
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from workbench.env import Refusal
from workbench.local import connections, paths
from workbench.local.binaries import OLDEST_POSTGRES

PATIENCE = {"connect_timeout": "5"}  # seconds until a server that does not answer is said not to
RIGHTS = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
FROM pg_roles WHERE rolname = %s
"""
NAME_BYTES = 63  # PostgreSQL cuts longer names


def prepare(url: str) -> None:
    """The server answers, is new enough, and the second role can sign in, if there can be one.

    `Refusal` when the server cannot be reached or is too old; never shows the URL.
    """
    parts = connections.url_parts(url)
    if _works(parts, connections.recorded_app(url)):
        return
    with _as_owner(parts) as connection:
        refuse_old(connection)
        _record(url, _second_role(connection, parts))


def _works(parts: dict[str, str], app: tuple[str, str] | None) -> bool:
    if app is None:
        return False
    try:
        _connect(parts, user=app[0], password=app[1]).close()
    except psycopg.Error:
        return False
    return True


def _connect(parts: dict[str, str], **role: str) -> psycopg.Connection[tuple[object, ...]]:
    conninfo = make_conninfo("", **{**PATIENCE, **parts, **role})
    return psycopg.connect(conninfo, autocommit=True)


def _as_owner(parts: dict[str, str]) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return _connect(parts)
    except psycopg.Error as error:
        place = f"{parts.get('host', 'this machine')}, database {parts['dbname']}"
        why = str(error).strip().splitlines()[0].strip()
        raise Refusal(f"The database of DATABASE_URL ({place}) cannot be used: {why}") from None


def refuse_old(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The server has the features that Kutip uses, or a `Refusal` says which version it is."""
    major = connection.info.server_version // 10_000
    if major < OLDEST_POSTGRES:
        raise Refusal(
            f"The server of DATABASE_URL is PostgreSQL {major}; "
            f"Kutip needs {OLDEST_POSTGRES} or newer."
        )


def _second_role(
    connection: psycopg.Connection[tuple[object, ...]], parts: dict[str, str]
) -> dict[str, str]:
    role, password = role_name(parts["dbname"]), _password(parts)
    if not _may_make_roles(connection):
        return {"reason": f"the role {connection.info.user} may not make roles"}
    known = connection.execute(RIGHTS, [role]).fetchone()
    if known and known[0]:
        return {"reason": f"the role {role} exists, and may do more than it should"}
    try:
        _make(connection, role, password, known=known is not None)
    except psycopg.Error as error:
        return {"reason": f"the owner may not make the role {role}: {error.diag.message_primary}"}
    if _works(parts, (role, password)):
        return {"role": role, "password": password}
    if not known:
        _unmake(connection, role)
    return {"reason": f"the role {role} cannot sign in"}


def _may_make_roles(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    question = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    return connection.execute(question).fetchone() == (True,)


def role_name(database: str) -> str:
    """The second role's name for a database: its name, made plain, and `_app`."""
    plain = re.sub(r"[^a-z0-9_]", "_", database.lower())
    return f"{plain[: NAME_BYTES - 4]}_app"


def _password(parts: dict[str, str]) -> str:
    # Derived where the owner has a password: of two machines with one database, each with a state
    # folder of its own, the second would otherwise lock the first one out.
    if not parts.get("password"):
        return secrets.token_urlsafe(32)
    about = f"kutip app role of {parts['dbname']}".encode()
    return hmac.new(parts["password"].encode(), about, hashlib.sha256).hexdigest()


def _make(
    connection: psycopg.Connection[tuple[object, ...]], role: str, password: str, *, known: bool
) -> None:
    # The server gets what it would store, so that its log never holds the password itself.
    stored = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    verb = sql.SQL("ALTER" if known else "CREATE")
    statement = sql.SQL("{verb} ROLE {role} LOGIN PASSWORD {password}")
    secret = sql.Literal(stored.decode())
    connection.execute(statement.format(verb=verb, role=sql.Identifier(role), password=secret))
    _execute(connection, "GRANT CONNECT ON DATABASE {database} TO {role}", role)


def _unmake(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    with contextlib.suppress(psycopg.Error):
        _execute(connection, "REVOKE CONNECT ON DATABASE {database} FROM {role}", role)
        _execute(connection, "DROP ROLE {role}", role)


def _execute(
    connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, role: str
) -> None:
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL(statement).format(database=database, role=sql.Identifier(role)))


def _record(url: str, record: dict[str, str]) -> None:
    file = connections.app_records()
    paths.make_state_dir()
    try:
        records = json.loads(file.read_text())
    except (OSError, ValueError):
        records = {}
    records[connections.record_key(url)] = record
    paths.write_private(file, json.dumps(records, indent=1, sort_keys=True) + "\n")
