"""The plans that a session keeps for the database's own checks."""

from django.db import connection


def forget_plans() -> None:
    """To be called before many rows are written. A session keeps the plans by which the database checks
    foreign keys; one that it made for a table of a few rows reads the whole table for each check,
    however long that is by now."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
