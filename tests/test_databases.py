"""The database behind the tests: copied only of the same migrations, emptied of everything."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import connections

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.history.models import Event
from tests import databases, factories

local = pytest.mark.skipif(not databases.ours(), reason="the database is on another server")
both = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@both
@local
@pytest.mark.parametrize("many", [0, databases.MANY_BYTES], ids=["cut off", "deleted"])
def test_nothing_that_a_test_committed_stays(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "MANY_BYTES", many)
    factories.assignment(factories.user())
    permissions = Permission.objects.count()
    emptying = databases.Emptying()
    emptying()
    emptying.close()
    assert not User.objects.exists()
    assert not Assignment.objects.exists()
    assert not Event.objects.exists()
    assert Permission.objects.count() == permissions > 0


@both
@local
def test_every_table_but_those_of_migrate_is_emptied() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
    emptied = set(databases.Emptying().tables)
    assert tables - emptied == {*databases.UNCHANGING, "django_migrations"}


@pytest.mark.parametrize("name", ["migrations/0002.sql", "text/names.py"])
def test_a_copy_is_of_these_very_sources(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name
    file.parent.mkdir()
    file.write_text("one")
    monkeypatch.setattr(databases, "OURS", [tmp_path])
    before = databases.key()
    assert databases.key() == before
    file.write_text("two")
    assert databases.key() != before
