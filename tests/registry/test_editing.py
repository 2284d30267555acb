"""Entities are described, named and linked; what cannot be is refused, what was is in the history."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.history.models import Event
from annotations.registry import editing
from annotations.registry.editing import Description, Valid
from annotations.registry.models import Alias, Entity, EntityLink
from annotations.registry.queries import Reader, candidates
from annotations.registry.services import BadEntity, add_alias, register
from tests import factories

pytestmark = pytest.mark.django_db

SARI = Description("Sari  Wulan", "person", "Juru bicara\n", "Q42", {"partai": "Hijau"})


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def verbs(entity: Entity) -> list[str]:
    events = Event.objects.filter(thing="entity", thing_id=str(entity.pk))
    return list(events.order_by("pk").values_list("verb", flat=True))


def test_a_new_entity_is_as_it_was_described(corpus: Corpus, manager: User) -> None:
    made = editing.create(corpus.registry, SARI, by=manager)
    entity = Entity.objects.get(pk=made.pk)
    assert (entity.name, entity.folded, entity.description) == (
        "Sari Wulan",
        "sari wulan",
        "Juru bicara",
    )
    assert (entity.wikidata, entity.attributes) == ("Q42", {"partai": "Hijau"})
    assert verbs(entity) == ["entity.registered"]


def test_a_change_is_found_by_its_new_name_and_the_old_one_is_in_the_history(
    corpus: Corpus, manager: User
) -> None:
    entity = editing.create(corpus.registry, SARI, by=manager)
    editing.describe(entity, Description("Sari Dewi", "person"), by=manager)
    found = candidates(corpus.registry_id, "dewi", Reader(manager.pk))
    assert [one.name for one in found] == ["Sari Dewi"]
    event = Event.objects.get(verb="entity.changed")
    assert event.data["before"]["name"] == "Sari Wulan"
    assert "type" not in event.data["after"]


def test_what_changes_nothing_leaves_no_trace(corpus: Corpus, manager: User) -> None:
    entity = editing.create(corpus.registry, SARI, by=manager)
    editing.describe(entity, SARI, by=manager)
    assert verbs(entity) == ["entity.registered"]


@pytest.mark.parametrize(
    "told",
    [
        Description("", "person"),
        Description(" \n ", "person"),
        Description("x" * 501, "person"),
        Description("a\u202eb", "person"),
        Description("Sari", "nonsense"),
        Description("Sari", "person", "x" * 2001),
        Description("Sari", "person", "a\x00b"),
        *(
            Description("Sari", "person", "", q)
            for q in ("42", "Q0", "q42", "Q42x", "Q" + "9" * 13)
        ),
        Description("Sari", "person", "", "https://www.wikidata.org/wiki/Q42"),
        Description("Sari", "person", attributes={"": "x"}),
        Description("Sari", "person", attributes={"a:b": "x"}),
        Description("Sari", "person", attributes={"a": "x", " a ": "y"}),
        Description("Sari", "person", attributes={"a": "\x07"}),
        Description("Sari", "person", attributes={str(n): "x" for n in range(51)}),
    ],
)
def test_what_no_entity_can_be_is_refused(corpus: Corpus, told: Description) -> None:
    with pytest.raises(BadEntity):
        editing.create(corpus.registry, told, by=None)
    assert not Entity.objects.exists()


def test_a_name_has_a_kind_a_language_and_dates(corpus: Corpus, manager: User) -> None:
    entity = factories.entity(corpus)
    valid = Valid(date(2019, 10, 20), date(2024, 10, 20))
    editing.name(entity, text="Menhan", kind="role", language="id", valid=valid, by=manager)
    alias = Alias.objects.get()
    assert (alias.valid_from, alias.valid_to, alias.language) == (valid.start, valid.end, "id")
    editing.unname(alias, by=manager)
    assert candidates(corpus.registry_id, "menhan", Reader(manager.pk)) == []
    editing.name(entity, text="Menhan", kind="role", language="id", by=manager)
    alias.refresh_from_db()
    assert (alias.valid_from, alias.removed) == (None, False)
    assert verbs(entity) == [
        *("entity.registered", "entity.named", "entity.unnamed", "entity.named"),
    ]


def test_dates_in_the_wrong_order_and_no_language_are_refused(corpus: Corpus) -> None:
    entity = factories.entity(corpus)
    with pytest.raises(BadEntity):
        Valid(date(2024, 1, 2), date(2024, 1, 1))
    with pytest.raises(BadEntity):
        editing.name(entity, text="x", kind="role", language="bahasa apa", by=None)


def test_a_link_can_be_taken_away_and_given_again(corpus: Corpus, manager: User) -> None:
    kim, dprk = factories.entity(corpus, "Kim"), factories.entity(corpus, "Korut", "country")
    made = editing.link(kim, "speaks_for", dprk, by=manager)
    assert editing.link(kim, "speaks_for", dprk, by=manager) == made
    editing.unlink(made, by=manager)
    editing.unlink(made, by=manager)
    assert EntityLink.objects.get().removed
    assert editing.link(kim, "speaks_for", dprk, by=manager) == made
    assert not EntityLink.objects.get().removed
    assert verbs(kim) == [
        *("entity.registered", "entity.linked", "entity.unlinked", "entity.linked"),
    ]


def test_a_link_to_itself_or_to_another_registry_is_refused(corpus: Corpus) -> None:
    entity, foreign = factories.entity(corpus), factories.entity(factories.corpus())
    for kind, target in (("speaks_for", entity), ("member_of", foreign), ("loves", entity)):
        with pytest.raises(BadEntity):
            editing.link(entity, kind, target, by=None)


def test_the_database_refuses_a_link_between_registries(corpus: Corpus) -> None:
    entity, foreign = factories.entity(corpus), factories.entity(factories.corpus())
    with pytest.raises(IntegrityError), transaction.atomic():
        EntityLink.objects.create(
            registry=corpus.registry, source=entity, target=foreign, kind="member_of"
        )


def test_an_accepted_proposal_is_everybodys(
    corpus: Corpus, manager: User, annotator_a: User, annotator_b: User
) -> None:
    entity = register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    alias = add_alias(entity, text="Bud", kind="short", proposed_by=annotator_a)
    assert candidates(corpus.registry_id, "bud", Reader(annotator_b.pk)) == []
    editing.accept(entity, by=manager)
    editing.accept_alias(alias, by=manager)
    [found] = candidates(corpus.registry_id, "bud", Reader(annotator_b.pk))
    assert (found.name, list(found.aliases)) == ("Budi", [("Bud", "short")])
