"""Merging is one pointer: old ids answer, spans stay, and splitting back leaves all as it was."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import permutations
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
from annotations.registry.editing import ALWAYS, Description, Valid
from annotations.registry.models import Alias, Entity
from annotations.registry.queries import Reader, candidates, family
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


def test_a_name_of_two_that_were_merged_stays_until_both_are_split_back(corpus: Corpus) -> None:
    one, two, heir = (factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga"))
    editing.name(one, text="Bu Sari", kind="short", by=None)
    since = Valid(date(2020, 1, 1))
    editing.name(two, text="Bu Sari", kind="short", valid=since, by=None)
    merging.merge(one, heir, by=None)
    merging.merge(two, heir, by=None)
    merging.split_back(one, by=None)
    assert names(heir) == {("Bu Sari", "short"), ("Dua", "full")}
    assert heir.aliases.get(text="Bu Sari", removed=False).valid_from == since.start
    merging.split_back(two, by=None)
    assert names(heir) == set()


def test_an_alias_may_say_the_name_again(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    valid = Valid(date(2020, 1, 1), date(2024, 1, 1))
    editing.name(one, text="Sari W.", kind="full", valid=valid, by=None)
    before = everything()
    merging.merge(one, other, by=None)
    assert other.aliases.get().valid_to == valid.end
    merging.split_back(one, by=None)
    assert everything() == before


def test_what_an_alias_that_became_a_name_said_comes_back(corpus: Corpus) -> None:
    one = factories.entity(corpus, "Sari Wulan")
    valid = Valid(date(2020, 1, 1), date(2024, 1, 1))
    alias = editing.name(one, text="Menteri", kind="role", valid=valid, by=None)
    before = everything()[1]
    fresh = merging.split(one, name="Menteri", type="person", aliases=[alias.pk], by=None)
    merging.merge(fresh, one, by=None)
    standing = one.aliases.filter(removed=False, kind="role").values(*before[0])
    assert list(standing) == before


def test_one_that_was_merged_is_not_changed_behind_its_heir(corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")
    alias = add_alias(one, text="Bu Sari", kind="short")
    merging.merge(one, other, by=None)
    before = everything()
    for change in (
        lambda: editing.name(one, text="Sari", kind="short", by=None),
        lambda: editing.unname(alias, by=None),
        lambda: editing.describe(one, Description("Sari", "person"), by=None),
        lambda: merging.split(one, name="Bu", type="person", aliases=[alias.pk], by=None),
    ):
        with pytest.raises(BadEntity, match="merged"):
            change()
    assert everything() == before


# --- any sequence -----------------------------------------------------------------------------

given_name = st.tuples(
    st.sampled_from(["Sari", "E0", "E1"]),
    st.sampled_from(["full", "short"]),
    st.sampled_from(["", "", "id"]),
    st.sampled_from([ALWAYS, Valid(date(2020, 1, 1)), Valid(None, date(2024, 1, 1))]),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(given_name, max_size=3), min_size=3, max_size=4), st.data())
def test_whatever_was_merged_can_be_split_back_to_what_was(
    corpus: Corpus, given_names: list[list[Any]], data: st.DataObject
) -> None:
    entities = [factories.entity(corpus, f"E{n}") for n in range(len(given_names))]
    for entity, aliases in zip(entities, given_names, strict=True):
        for text, kind, language, valid in aliases:
            editing.name(entity, text=text, kind=kind, language=language, valid=valid, by=None)
    keys = [one.pk for one in entities]
    before = _standing(keys)
    for _step in range(data.draw(st.integers(0, 8))):
        source, into = data.draw(st.sampled_from([*permutations(entities, 2)]))
        try:
            if data.draw(st.sampled_from([True, True, False])):
                merging.merge(source, into, by=None)
            else:
                merging.split_back(source, by=None)
        except BadEntity:
            continue
        _check_heirs_answer_to_all_names(entities, before)
    for source in data.draw(st.permutations(entities)):
        with suppress(BadEntity):
            merging.split_back(source, by=None)
        _check_heirs_answer_to_all_names(entities, before)
    assert _standing(keys) == before
    assert not Entity.objects.filter(pk__in=keys, merged_into__isnull=False).exists()


def _standing(keys: list[int]) -> dict[int, list[Any]]:
    """By the key of each entity, all that its aliases say."""
    told: dict[int, list[Any]] = {key: [] for key in keys}
    for alias in Alias.objects.filter(entity__in=keys, removed=False):
        said = (alias.text, alias.kind, alias.language, alias.valid_from, alias.valid_to)
        told[alias.entity_id].append(said)
    return {key: sorted(said, key=str) for key, said in told.items()}


def _check_heirs_answer_to_all_names(entities: list[Entity], before: dict[int, list[Any]]) -> None:
    """Every entity has its own names and those of all that goes on as it, and no others."""
    called = {one.pk: one.name for one in entities}
    for one in entities:
        own = family(one)
        wanted = {said[0] for key in own for said in before[key]} | {called[key] for key in own}
        [told] = _standing([one.pk]).values()
        assert {said[0] for said in told} | {one.name} == wanted


def _at_once(*acts: Callable[[], None]) -> int:
    """How many of these acts were refused, each done in a connection of its own at one moment."""
    start, refused = threading.Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        start.wait()
        try:
            act()
        except BadEntity as bad:
            refused.append(bad)
        connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_merges_in_a_circle_at_once_one_is_refused() -> None:
    corpus = factories.corpus()
    ring = [factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga")]
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    refused = _at_once(*(partial(merging.merge, *pair, by=None) for pair in pairs))
    assert Entity.objects.filter(merged_into=None).count() == refused > 0


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_chain_is_not_parted_while_it_grows() -> None:
    corpus = factories.corpus()
    one, two, three = (factories.entity(corpus, name) for name in ("Satu", "Dua", "Tiga"))
    for _time in range(5):
        merging.merge(one, two, by=None)
        split, grow = partial(merging.split_back, one), partial(merging.merge, two, three)
        assert _at_once(partial(split, by=None), partial(grow, by=None)) == 0
        assert names(three) == {("Dua", "full")}
        merging.split_back(two, by=None)
