"""Statements that are planned once: as any cursor of Django's, but that the database keeps their plan."""

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from annotations.prepared.cursors import prepared

pytestmark = pytest.mark.django_db

ASKED = "SELECT %s::int + 40"


def ask(statement: str, value: int) -> object:
    with prepared() as cursor:
        cursor.execute(statement, [value])
        return cursor.fetchone()


def kept(words: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [words])
        (count,) = cursor.fetchone()
    return int(count)


def test_what_is_asked_again_and_again_is_planned_once() -> None:
    assert [ask(ASKED, value) for value in range(8)] == [(value + 40,) for value in range(8)]
    assert kept("SELECT $1::int + 40") == 1


def test_it_is_counted_as_every_query_is() -> None:
    with CaptureQueriesContext(connection) as told:
        ask(ASKED, 2)
    assert len(told) == 1


def test_a_fault_is_one_of_djangos() -> None:
    with pytest.raises(ProgrammingError):
        ask("SELECT no_such_thing(%s)", 1)
