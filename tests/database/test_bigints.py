"""Lists of keys are of the type of the keys, whoever sends them: they are looked up by a hash."""

import time
from collections.abc import Callable, Sequence

import psycopg
import pytest
from django.db import connection

from tests.plans import plans_of

pytestmark = pytest.mark.django_db

KEYS = 6_000
LISTS: Sequence[list[object]] = ([1], [-1, 70_000], [2**40], [None, 7], [[1, 2], [3, 4]])


def on_the_client(query: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def on_the_server(query: str, *values: object) -> object:
    connection.ensure_connection()
    row = psycopg.Cursor(connection.connection).execute(query, values).fetchone()
    return row and row[0]


@pytest.mark.parametrize("ask", [on_the_client, on_the_server])
@pytest.mark.parametrize("numbers", LISTS)
def test_lists_of_numbers_are_bigints(
    ask: Callable[..., object], numbers: Sequence[object]
) -> None:
    assert ask("SELECT pg_typeof(%s)::text", numbers) == "bigint[]"
    assert ask("SELECT %s", numbers) == numbers


@pytest.mark.parametrize("ask", [on_the_client, on_the_server])
def test_other_lists_stay_what_they_are(ask: Callable[..., object]) -> None:
    assert ask("SELECT pg_typeof(%s)::text", [2**70]) == "numeric[]"
    assert ask("SELECT pg_typeof(%s)::text", [True]) == "boolean[]"
    assert ask("SELECT pg_typeof(%s)::text", [1.5]) == "double precision[]"
    assert ask("SELECT %s = '{}'::text[]", []) is True


def test_many_keys_are_looked_up_by_a_hash() -> None:
    """The type decides, and no plan tells: time does, by the ratio of the one to the other."""
    query = f"SELECT count(*) FROM generate_series(1::bigint, {KEYS}) key WHERE key = ANY(%s{{}})"

    def took(cast: str) -> float:
        begun = time.perf_counter()
        assert on_the_client(query.format(cast), [*range(1, KEYS + 1)]) == KEYS
        return time.perf_counter() - begun

    took("")
    quick = min(took("") for _ in range(3))
    slow = min(took("::int[]") for _ in range(2))
    assert 4 * quick < slow


def test_an_index_finds_them_all_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    look = "SELECT count(*) FROM article WHERE id = ANY(%s)"
    plan = plans_of(lambda: on_the_client(look, [1, 2, 3]))
    assert "Index Cond: (id = ANY ('{1,2,3}'::bigint[]))" in plan[-1]
