"""Which of the two protections of the append-only tables stands: roles, or triggers."""

from pathlib import Path

from django.db import connections, transaction
from psycopg import sql

HERE = Path(__file__).parent


def protect(owner: str = "owner", app: str = "default") -> str:
    """Give the app's role its grants; where it is the owner itself, set guard triggers instead.

    Returns "roles" or "triggers". Runs as the owner, all or nothing; may be repeated.
    """
    app_role = connections[app].settings_dict["USER"]
    separate = bool(app_role) and app_role != connections[owner].settings_dict["USER"]
    name = "grants" if separate else "guards"
    text = (HERE / f"{name}.sql").read_text(encoding="utf-8")
    with transaction.atomic(using=owner), connections[owner].cursor() as cursor:
        if separate:
            script = sql.SQL(text).format(app=sql.Identifier(app_role))
            cursor.execute(script)
        else:
            cursor.execute(text)
    return "roles" if separate else "triggers"
