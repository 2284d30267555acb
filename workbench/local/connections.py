"""What the settings say about the database, the queue, the cache and the secret key.

Nothing here starts or asks a server. `servers.ensure()` makes true what is said here.
"""

import fcntl
import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from workbench.env import Refusal, secret, text
from workbench.local import paths

ENGINE = "django.db.backends.postgresql"
DATABASE, OWNER, APP = "kutip", "kutip_owner", "kutip_app"
POSTGRES_PORT = "5432"
PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
BROKERS = ("amqp", "amqps", "redis", "rediss", "redis+socket", "sentinel", "memory")
KEY_LENGTH = 32


def embedded() -> frozenset[str]:
    """Which servers are ours to run: those that no URL replaces."""
    replaced = {"postgresql": secret("DATABASE_URL"), "valkey": secret("CELERY_BROKER_URL")}
    return frozenset(name for name, url in replaced.items() if not url)


def database_settings() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` is the role of everyday work, `owner` owns the tables.

    Under a DATABASE_URL whose role could make no second role the two are the same role.
    A DATABASE_URL that names no PostgreSQL database is a `Refusal`.
    """
    url = secret("DATABASE_URL")
    if not url:
        return {"default": _embedded(APP), "owner": _embedded(OWNER)}
    owner = _from_url(url)
    app = recorded_app(url)
    return {"default": _as_role(owner, app), "owner": owner}


def _embedded(role: str) -> dict[str, Any]:
    socket = str(paths.postgres_socket_dir())
    return {"ENGINE": ENGINE, "NAME": DATABASE, "USER": role, "HOST": socket, "PORT": POSTGRES_PORT}


def _from_url(url: str) -> dict[str, Any]:
    parts = url_parts(url)
    settings = {setting: parts.pop(part, "") for part, setting in PARTS.items()}
    return {"ENGINE": ENGINE, **settings, "OPTIONS": {"connect_timeout": "5", **parts}}


def _as_role(owner: dict[str, Any], app: tuple[str, str] | None) -> dict[str, Any]:
    return {**owner, "USER": app[0], "PASSWORD": app[1]} if app else dict(owner)


def libpq(settings: dict[str, Any]) -> dict[str, str]:
    """One of `database_settings` as libpq names its parts."""
    parts = {part: settings.get(setting, "") for part, setting in PARTS.items()}
    given = parts | settings.get("OPTIONS", {})
    return {name: str(value) for name, value in given.items() if value != ""}


def url_parts(url: str) -> dict[str, str]:
    """The parts of a DATABASE_URL as libpq names them (host, dbname, sslmode, ...), decoded.

    Refuses, without showing the URL (it may hold a password), what libpq cannot read, another
    scheme than postgresql, and a URL without a database's name.
    """
    import psycopg.conninfo  # only here: without a DATABASE_URL nobody waits for it to load

    shape = "postgresql://user:password@host:5432/name"
    if urlsplit_scheme(url) not in ("postgresql", "postgres"):
        raise Refusal(f"DATABASE_URL must name a PostgreSQL database, as in {shape}.")
    try:
        parts = {name: str(value) for name, value in psycopg.conninfo.conninfo_to_dict(url).items()}
    except (psycopg.Error, UnicodeError):
        raise Refusal(f"DATABASE_URL cannot be read; its form is {shape}.") from None
    ports = parts.get("port", "").split(",")
    if not all(port.isdigit() or not port for port in ports):
        raise Refusal(f"DATABASE_URL names a port that is no number; its form is {shape}.")
    if not parts.get("dbname"):
        raise Refusal(f"DATABASE_URL names no database; its form is {shape}.")
    return parts


def urlsplit_scheme(url: str) -> str:
    """What stands before `://`, lower case, or ""."""
    scheme, found, _ = url.partition("://")
    return scheme.lower() if found else ""


def app_records() -> Path:
    """The file that says which second role each DATABASE_URL has, and why one has none."""
    return paths.state_dir() / "database.json"


def record_key(url: str) -> str:
    """The name of a DATABASE_URL in `app_records`, which then need not hold its password."""
    return hashlib.sha256(url.encode()).hexdigest()


def recorded_app(url: str) -> tuple[str, str] | None:
    """Name and password of the second role that preparation made for `url`, if it could."""
    try:
        records = json.loads(app_records().read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Refusal(f"{app_records()} cannot be read; remove it to make it anew.") from error
    record = records.get(record_key(url), {})
    return (record["role"], record["password"]) if record.get("role") else None


def broker_url() -> str:
    """The queue: CELERY_BROKER_URL, or the socket of the embedded Valkey."""
    url = secret("CELERY_BROKER_URL")
    if not url:
        return f"redis+socket://{paths.run_dir() / 'valkey.sock'}"
    if urlsplit_scheme(url) not in BROKERS:
        raise Refusal(f"CELERY_BROKER_URL must begin with one of {', '.join(BROKERS)} and ://.")
    return url


def cache_url() -> str | None:
    """The shared cache: KUTIP_CACHE_URL, or another database of a Redis or Valkey broker.

    None when the broker is of another kind; then every process has a cache of its own.
    """
    return secret("KUTIP_CACHE_URL") or _beside(broker_url())


def _beside(broker: str) -> str | None:
    parts = urlsplit(broker)
    if parts.scheme == "redis+socket":
        query = dict(parse_qsl(parts.query))
        number = _next_number(query.pop("virtual_host", "0"))
        query.pop("db", None)
        return f"unix://{parts.path}?{urlencode({**query, 'db': number})}"
    if parts.scheme in ("redis", "rediss"):
        path = f"/{_next_number(parts.path.strip('/'))}"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
    return None


def _next_number(number: str) -> int:
    return int(number) + 1 if number.isdigit() else 1


def secret_key() -> str:
    """KUTIP_SECRET_KEY, or a key made once for this state folder. There is no default key.

    A given key that is short or plainly no secret is a `Refusal`.
    """
    given = secret("KUTIP_SECRET_KEY")
    if given and (len(given) < KEY_LENGTH or len(set(given)) < 8):
        raise Refusal(f"KUTIP_SECRET_KEY must be at least {KEY_LENGTH} random characters.")
    return given or _own_key(paths.state_dir() / "secret-key")


def _own_key(file: Path) -> str:
    try:
        key = file.read_text().strip() if file.exists() else ""
        key = key or _make_key(file)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{file} cannot be read: is this state folder somebody else's?") from error
    if len(key) < KEY_LENGTH:
        raise Refusal(f"{file} holds no key; remove it to make a new one (which signs all out).")
    return key


def _make_key(file: Path) -> str:
    paths.make_state_dir()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # of two processes that make it at once, one does
        key = stream.read().strip()
        if not key:
            key = secrets.token_urlsafe(48)
            stream.write(key)
    return key


def refuse_nonsense() -> None:
    """Everything said here can be read; the first that cannot is a `Refusal`."""
    for read in (database_settings, broker_url, cache_url, secret_key):
        read()


def public_url() -> str:
    """Where people reach this installation: KUTIP_URL, else the address `make run` has now."""
    return (text("KUTIP_URL") or running_url() or "http://127.0.0.1:8000").rstrip("/")


def running_url() -> str:
    """The address of the `make run` of this state folder, or "" when none was recorded."""
    try:
        return str(json.loads((paths.state_dir() / "running.json").read_text())["url"])
    except (OSError, ValueError, KeyError):
        return ""
