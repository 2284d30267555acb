"""Merging is one pointer: old ids answer, spans stay, and splitting back leaves all as it was."""

import json
import threading
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.corpora.models import Corpus
from annotations.history.models import Event
from annotations.registry import editing, merging
from annotations.registry.models import Alias, Entity
from annotations.registry.queries import Reader, candidates
from annotations.registry.services import BadEntity, add_alias, register
from annotations.spans.mentions import counts
from annotations.spans.models import Span
from tests import factories
from tests.registry.using import layer_of, mention

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus() -> Corpus:
    return factories.corpus()


def found(corpus: Corpus, query: str, reader: int = 0) -> list[str]:
    return [one.name for one in candidates(corpus.registry_id, query, Reader(reader))]


def names(entity: Entity) -> set[tuple[str, str]]:
    return set(entity.aliases.filter(removed=False).values_list("text", "kind"))


def everything() -> Any:
    """All that stands of the registry, merges and removed rows aside."""
    entities = list(Entity.objects.order_by("pk").values("pk", "name", "merged_into"))
    standing = Alias.objects.filter(removed=False).order_by("entity", "kind", "text")
    return entities, list(standing.values("entity", "text", "kind", "language", "valid_from"))


def test_a_merged_entity_is_found_as_its_heir_and_no_span_changes(
    corpus: Corpus, annotator_a: User
) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    add_alias(one, text="Bu Sari", kind="short")
    mention(layer_of(annotator_a, corpus), one)
    before = list(Span.objects.values())
    merging.merge(one, other, by=None)
    assert list(Span.objects.values()) == before
    assert found(corpus, "bu sari") == found(corpus, "sari w.") == ["Sari Wulan"]
    assert counts([other.pk], Assignment.objects.all()) == {other.pk: 1}


def test_a_client_that_still_has_the_old_id_may_link_to_it(
    corpus: Corpus, annotator_a: User
) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    merging.merge(one, other, by=None)
    mention(layer_of(annotator_a, corpus), one)
    assert Span.objects.get().entity == one


def test_splitting_back_leaves_all_as_it_was(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    for entity, text in ((one, "Bu Sari"), (one, "Sari"), (other, "Sari")):
        add_alias(entity, text=text, kind="short")
    before = everything()
    merging.merge(one, other, by=None)
    assert names(other) == {("Sari", "short"), ("Bu Sari", "short"), ("Sari W.", "full")}
    merging.split_back(one, by=None)
    assert everything() == before
    verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-4:] == [
        *("entity.merged", "entity.took-in", "entity.split-back", "entity.gave-back"),
    ]


def test_a_name_that_a_manager_gave_since_stays(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    add_alias(one, text="Bu Sari", kind="short")
    merging.merge(one, other, by=None)
    editing.name(other, text="Bu Sari", kind="short", by=None)
    merging.split_back(one, by=None)
    assert names(other) == {("Bu Sari", "short")}


def test_a_chain_of_merges_is_undone_in_any_order(corpus: Corpus) -> None:
    one, two, three = (factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga"))
    before = everything()
    merging.merge(one, two, by=None)
    merging.merge(two, three, by=None)
    assert found(corpus, "satu") == ["Tiga"]
    merging.split_back(one, by=None)
    assert found(corpus, "satu") == ["Satu"]
    assert names(three) == {("Dua", "full")}
    merging.split_back(two, by=None)
    assert everything() == before


def test_proposals_of_annotators_go_along_and_come_back(
    corpus: Corpus, annotator_a: User, annotator_b: User
) -> None:
    one = register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    other = factories.entity(corpus, "Budi Santoso")
    add_alias(one, text="Ketua Umum", kind="short", proposed_by=annotator_a)
    merging.merge(one, other, by=None)
    assert found(corpus, "ketua", annotator_a.pk) == ["Budi Santoso"]
    assert found(corpus, "ketua", annotator_b.pk) == []
    merging.split_back(one, by=None)
    assert found(corpus, "ketua", annotator_a.pk) == ["Budi"]


def test_what_cannot_be_merged_is_refused(corpus: Corpus, annotator_a: User) -> None:
    one, two, three = (factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga"))
    foreign = factories.entity(factories.corpus())
    proposal = register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    merging.merge(two, three, by=None)
    for source, into in ((one, one), (one, foreign), (two, one), (one, two), (one, proposal)):
        with pytest.raises(BadEntity):
            merging.merge(source, into, by=None)
    with pytest.raises(BadEntity):
        merging.split_back(one, by=None)
    assert Entity.objects.filter(merged_into__isnull=False).count() == 1


def test_a_circle_cannot_be_made(corpus: Corpus) -> None:
    one, two = factories.entity(corpus, "Satu"), factories.entity(corpus, "Dua")
    merging.merge(one, two, by=None)
    with pytest.raises(BadEntity):
        merging.merge(two, one, by=None)


def test_chosen_names_become_an_entity_of_their_own(corpus: Corpus, annotator_a: User) -> None:
    kim = factories.entity(corpus, "Kim Jong-un")
    moved = [
        add_alias(kim, text=t, kind=k) for t, k in (("Kim Yong-hyun", "full"), ("KYH", "short"))
    ]
    add_alias(kim, text="Kim", kind="short")
    mention(layer_of(annotator_a, corpus), kim)
    before, spans = everything(), list(Span.objects.values())
    keys = [alias.pk for alias in moved]
    fresh = merging.split(kim, name="Kim Yong-hyun", type="person", aliases=keys, by=None)
    assert (names(kim), names(fresh)) == ({("Kim", "short")}, {("KYH", "short")})
    assert found(corpus, "kyh") == ["Kim Yong-hyun"]
    assert list(Span.objects.values()) == spans
    merging.merge(fresh, kim, by=None)
    assert everything()[1][: len(before[1])] == before[1]


def test_an_alias_of_another_is_not_split_off(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Satu"), factories.entity(corpus, "Dua")
    alias = add_alias(other, text="2", kind="short")
    with pytest.raises(BadEntity):
        merging.split(one, name="Tiga", type="person", aliases=[alias.pk], by=None)
    assert Entity.objects.count() == 2


words = st.sampled_from(["Sari", "Wulan", "Bu Sari", "Ampel", "Rusia"])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(words, max_size=3), min_size=3, max_size=5), st.data())
def test_whatever_was_merged_can_be_split_back_to_what_was(
    corpus: Corpus, given_names: list[list[str]], data: st.DataObject
) -> None:
    entities = [factories.entity(corpus, f"E{n}") for n in range(len(given_names))]
    for entity, aliases in zip(entities, given_names, strict=True):
        for alias in aliases:
            add_alias(entity, text=alias, kind="short")
    keys = [one.pk for one in entities]
    before = _of(keys)
    merged: list[Entity] = []
    for _step in range(data.draw(st.integers(0, 6))):
        source, into = data.draw(st.permutations(entities).map(lambda some: some[:2]))
        try:
            merging.merge(source, into, by=None)
            merged.append(source)
        except BadEntity:
            continue
    for source in data.draw(st.permutations(merged)):
        merging.split_back(source, by=None)
    assert _of(keys) == before
    assert not Entity.objects.filter(pk__in=keys, merged_into__isnull=False).exists()


def _of(keys: list[int]) -> str:
    standing = Alias.objects.filter(entity__in=keys, removed=False)
    rows = standing.order_by("entity", "kind", "text").values_list("entity", "kind", "text")
    return json.dumps(list(rows))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_merges_in_a_circle_at_once_one_is_refused() -> None:
    corpus = factories.corpus()
    ring = [factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga")]
    start, answers = threading.Barrier(3), []

    def merge(number: int) -> None:
        start.wait()
        try:
            merging.merge(ring[number], ring[(number + 1) % 3], by=None)
            answers.append("merged")
        except BadEntity:
            answers.append("refused")
        connections.close_all()

    threads = [threading.Thread(target=merge, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 3
    assert Entity.objects.filter(merged_into=None).count() == answers.count("refused") > 0
