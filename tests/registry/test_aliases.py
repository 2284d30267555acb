"""What an entity answers to, and who says so."""

import pytest

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.history.models import Event
from annotations.registry.models import Alias
from annotations.registry.services import BadEntity, add_alias
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def test_the_same_alias_twice_is_one_alias(corpus: Corpus, annotator_a: User) -> None:
    entity = factories.entity(corpus, "Korea Utara", "country")
    for _ in range(2):
        add_alias(entity, text=" Korut ", kind="abbreviation", proposed_by=annotator_a)
    assert entity.aliases.get().text == "Korut"
    assert Event.objects.filter(verb="alias.proposed").count() == 1


def test_a_proposal_is_written_down_with_its_maker(corpus: Corpus, annotator_a: User) -> None:
    entity = factories.entity(corpus, "Korea Utara", "country")
    alias = add_alias(entity, text="Korut", kind="abbreviation", proposed_by=annotator_a)
    event = Event.objects.get(verb="alias.proposed")
    assert (event.by, event.thing, event.thing_id) == (annotator_a, "alias", str(alias.pk))


def test_what_everybody_knows_is_not_proposed(corpus: Corpus, annotator_a: User) -> None:
    entity = factories.entity(corpus, "Korea Utara", "country")
    known = add_alias(entity, text="Korut", kind="abbreviation")
    assert add_alias(entity, text="Korut", kind="abbreviation", proposed_by=annotator_a) == known
    assert not Event.objects.filter(verb="alias.proposed").exists()


def test_two_people_may_propose_the_same(
    corpus: Corpus, annotator_a: User, annotator_b: User
) -> None:
    entity = factories.entity(corpus, "Korea Utara", "country")
    for person in (annotator_a, annotator_b):
        add_alias(entity, text="Korut", kind="abbreviation", proposed_by=person)
    assert Alias.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "kind"), [("", "short"), ("a\u202eb", "short"), ("x" * 501, "short"), ("x", "dragon")]
)
def test_a_bad_alias_is_refused_with_a_sentence(corpus: Corpus, text: str, kind: str) -> None:
    with pytest.raises(BadEntity, match=r"\.$"):
        add_alias(factories.entity(corpus), text=text, kind=kind)
    assert not Alias.objects.exists()
