"""How the database looks candidates up when there are many."""

import pytest

from annotations.corpora.models import Corpus
from annotations.registry.models import Alias, Entity
from annotations.registry.queries import Reader, candidates
from tests import factories
from tests.plans import count_rows, plans_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

MANY = 10_000


@pytest.fixture
def corpus() -> Corpus:
    """One whose registry is large, as the planner knows."""
    corpus = factories.corpus()
    names = [f"nama {number}" for number in range(MANY)]
    made = Entity.objects.bulk_create(
        Entity(registry=corpus.registry, name=name, folded=name, type="other") for name in names
    )
    Alias.objects.bulk_create(
        Alias(entity=entity, text=entity.name, folded=entity.name, kind="short") for entity in made
    )
    count_rows("entity", "alias")
    return corpus


@pytest.mark.parametrize("query", ["laras", "la", "larazz", "日本"])
def test_neither_names_nor_aliases_are_read_whole(corpus: Corpus, query: str) -> None:
    plan = "\n".join(plans_of(lambda: candidates(corpus.registry_id, query, Reader(0))))
    assert "entity_trigrams" in plan
    assert "alias_trigrams" in plan
    assert "Seq Scan" not in plan
