"""Statements that PostgreSQL plans once for each connection, not at each asking."""

from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper


def prepared() -> "CursorWrapper":
    """A cursor as `connection.cursor()` gives one, for statements that are asked at every request and
    whose plan does not depend on their values. Django's own binds values on this side, so it can
    prepare nothing; to plan a row with four parents takes five times as long as to find it."""
    with connection.wrap_database_errors:
        connection.ensure_connection()
        found: Any = psycopg.Cursor(connection.connection)
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrapped(found)
