"""Duplicates on a page: side by side, merged or told apart, and only by who manages the registry."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.registry.duplicates import compare
from annotations.registry.models import Distinction, Entity
from annotations.registry.services import register
from tests import factories
from tests.registry.using import layer_of, mention
from tests.web.test_registry import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User, analyst: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def pairs(client: Client, corpus: Corpus) -> list[tuple[str, str]]:
    compare(corpus.registry_id, progress=lambda done, total: None, hold=lambda: None)
    shown = client.get(address(corpus, None, "duplicates/")).context["pairs"]
    return [(pair.kept.entity.name, pair.other.entity.name) for pair in shown]


def settle(client: Client, corpus: Corpus, one: Entity, other: Entity, same: str) -> Any:
    told = {"one": str(one.uuid), "other": str(other.uuid), "same": same}
    return client.post(address(corpus, None, "duplicates/settle/"), told)


def test_the_one_that_is_used_more_is_kept(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    one, other = factories.entity(corpus, "Sari"), factories.entity(corpus, "SARI")
    mention(layer_of(annotator_a, corpus), other)
    assert pairs(client, corpus) == [("SARI", "Sari")]
    assert settle(client, corpus, one, other, "yes").status_code == 303
    one.refresh_from_db()
    assert one.merged_into == other
    assert pairs(client, corpus) == []


def test_a_proposal_is_not_kept_before_an_entity(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    register(corpus.registry, name="Sari", type="person", by=annotator_a, proposed=True)
    factories.entity(corpus, "SARI")
    assert pairs(client, corpus) == [("SARI", "Sari")]


def test_two_that_are_told_apart_are_not_shown_again(client: Client, corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari"), factories.entity(corpus, "SARI")
    settle(client, corpus, one, other, "no")
    assert pairs(client, corpus) == []
    assert Distinction.objects.get().first == one
    assert "told it apart from" in client.get(address(corpus, one)).content.decode()


def test_a_pair_that_shares_a_name_and_is_spelt_alike_is_shown_once(
    client: Client, corpus: Corpus
) -> None:
    one = factories.entity(corpus, "Volodymyr Zelensky")
    other = factories.entity(corpus, "Volodymyr Zelenskyy")
    for entity in (one, other):
        entity.aliases.create(text="Zelensky", folded="zelensky", kind="short")
    assert len(pairs(client, corpus)) == 1


def test_what_was_settled_meanwhile_gets_a_sentence(client: Client, corpus: Corpus) -> None:
    one, other = factories.entity(corpus, "Sari"), factories.entity(corpus, "SARI")
    settle(client, corpus, one, other, "yes")
    answer = client.post(
        address(corpus, None, "duplicates/settle/"),
        {"one": str(one.uuid), "other": str(other.uuid), "same": "yes"},
        follow=True,
    )
    assert "merged already" in answer.content.decode()


def test_who_reads_sees_pairs_and_settles_none(
    signed_in: Any, analyst: User, client: Client, corpus: Corpus
) -> None:
    one, other = factories.entity(corpus, "Sari"), factories.entity(corpus, "SARI")
    foreign = factories.entity(factories.corpus())
    browser = signed_in(analyst)
    assert len(pairs(browser, corpus)) == 1
    assert settle(browser, corpus, one, other, "no").status_code == 404
    assert settle(client, corpus, one, foreign, "no").status_code == 404
    for word in ("x", "", str(uuid4())):
        told = {"one": word, "other": str(other.uuid)}
        assert client.post(address(corpus, None, "duplicates/settle/"), told).status_code == 404
    assert not Distinction.objects.exists()


@pytest.mark.parametrize("many", [2, 12])
def test_the_page_costs_the_same_however_many_pairs(
    client: Client, corpus: Corpus, many: int, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        for _twin in range(2):
            factories.entity(corpus, f"Sari nomor {chr(97 + number) * 9}")
    assert len(pairs(client, corpus)) == many
    with django_assert_num_queries(9):
        client.get(address(corpus, None, "duplicates/"))


def test_the_page_says_how_many_wait_to_be_compared(client: Client, corpus: Corpus) -> None:
    factories.entity(corpus, "Sari")
    shown = client.get(address(corpus, None, "duplicates/")).content.decode()
    assert "1 entity waits to be compared" in shown
    assert "None among the entities compared so far" in shown
    assert pairs(client, corpus) == []
    shown = client.get(address(corpus, None, "duplicates/?after=x")).content.decode()
    assert "wait to be compared" not in shown
    assert "No two entities look the same" in shown
