"""An alias that was removed is found by nobody, and stands again when it is given again."""

import pytest

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.registry.models import Alias
from annotations.registry.queries import Reader, candidates, shown
from annotations.registry.services import add_alias
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def names(corpus: Corpus, query: str, reader: User) -> list[str]:
    return [one.name for one in candidates(corpus.registry_id, query, Reader(reader.pk))]


def test_a_removed_alias_finds_nothing_and_is_shown_to_nobody(corpus: Corpus) -> None:
    entity, reader = factories.entity(corpus, "Korea Utara", "country"), factories.user()
    alias = add_alias(entity, text="Korut", kind="abbreviation")
    assert names(corpus, "korut", reader) == ["Korea Utara"]
    Alias.objects.filter(pk=alias.pk).update(removed=True)
    assert names(corpus, "korut", reader) == []
    [one] = shown(corpus.registry_id, [entity.uuid], user_id=reader.pk)
    assert list(one.aliases.all()) == []


def test_given_again_it_stands_again(corpus: Corpus) -> None:
    entity, reader = factories.entity(corpus, "Korea Utara", "country"), factories.user()
    alias = add_alias(entity, text="Korut", kind="abbreviation")
    Alias.objects.filter(pk=alias.pk).update(removed=True)
    assert add_alias(entity, text="Korut", kind="abbreviation") == alias
    assert names(corpus, "korut", reader) == ["Korea Utara"]


def test_who_proposes_what_a_manager_removed_has_it_alone(corpus: Corpus) -> None:
    entity, reader = factories.entity(corpus, "Korea Utara", "country"), factories.user()
    alias = add_alias(entity, text="Korut", kind="abbreviation")
    Alias.objects.filter(pk=alias.pk).update(removed=True)
    add_alias(entity, text="Korut", kind="abbreviation", proposed_by=reader)
    assert names(corpus, "korut", reader) == ["Korea Utara"]
    assert names(corpus, "korut", factories.user()) == []
