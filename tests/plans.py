"""How the database goes about a query: what the planner chooses, as text."""

from collections.abc import Callable
from typing import Any

from django.db import connection, connections


def plans_of(call: Callable[[], object]) -> list[str]:
    """The lines of the plans of all queries that a call makes, and makes while this looks on."""
    lines: list[str] = []

    def explain(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH", "INSERT")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", values)
                lines.extend(line for (line,) in cursor.fetchall())
        return execute(sql, values, many, context)

    with connection.execute_wrapper(explain):
        call()
    return lines


def count_rows(*tables: str) -> None:
    """The planner knows how many rows these tables have, and of what. Only an owner may tell it."""
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")
