"""How the database looks candidates up when there are many."""

from typing import Any

import pytest
from django.db import connection, connections

from annotations.corpora.models import Corpus
from annotations.registry.models import Alias, Entity
from annotations.registry.queries import Reader, candidates
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

MANY = 10_000


@pytest.fixture
def corpus() -> Corpus:
    """One whose registry is large, as the planner knows. Only an owner may tell it so."""
    corpus = factories.corpus()
    names = [f"nama {number}" for number in range(MANY)]
    made = Entity.objects.bulk_create(
        Entity(registry=corpus.registry, name=name, folded=name, type="other") for name in names
    )
    Alias.objects.bulk_create(
        Alias(entity=entity, text=entity.name, folded=entity.name, kind="short") for entity in made
    )
    with connections["owner"].cursor() as cursor:
        for table in ("entity", "alias"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return corpus


@pytest.mark.parametrize("query", ["laras", "la", "larazz", "日本"])
def test_neither_names_nor_aliases_are_read_whole(corpus: Corpus, query: str) -> None:
    plan = "\n".join(planned(corpus, query))
    assert "entity_trigrams" in plan
    assert "alias_trigrams" in plan
    assert "Seq Scan" not in plan


def planned(corpus: Corpus, query: str) -> list[str]:
    """How the database answers this query."""
    lines: list[str] = []

    def explain(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        with connection.connection.cursor() as cursor:
            lines.extend(line for (line,) in cursor.execute(f"EXPLAIN {sql}", values).fetchall())
        return execute(sql, values, many, context)

    with connection.execute_wrapper(explain):
        candidates(corpus.registry_id, query, Reader(0))
    return lines
