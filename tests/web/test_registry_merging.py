"""Merging and splitting through the pages: what managers see before and after, and who may not."""

from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.registry import editing, merging
from annotations.registry.models import Entity
from annotations.registry.services import add_alias
from tests import factories
from tests.registry.using import layer_of, mention
from tests.web.test_registry import address, rows

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


@pytest.fixture
def pair(corpus: Corpus) -> tuple[Entity, Entity]:
    return factories.entity(corpus, "Sari W."), factories.entity(corpus, "Sari Wulan")


def test_one_goes_on_as_the_other_and_is_split_back(
    client: Client, corpus: Corpus, pair: tuple[Entity, Entity], annotator_a: User
) -> None:
    one, other = pair
    mention(layer_of(annotator_a, corpus), one)
    path = address(corpus, one, "merge/")
    assert str(other.uuid) in client.get(f"{path}?q=wulan").content.decode()
    answer = client.post(path, {"q": "wulan", "to": str(other.uuid)}, follow=True)
    assert answer.redirect_chain[0][0] == address(corpus, other)
    assert answer.context["uses"] == 1
    assert rows(client, address(corpus)) == ["Sari Wulan"]
    assert client.get(address(corpus, one)).status_code == 200
    client.post(address(corpus, one, "split-back/"))
    assert rows(client, address(corpus)) == ["Sari W.", "Sari Wulan"]
    assert client.get(address(corpus, other)).context["uses"] == 0


def test_links_of_a_merged_one_are_shown_with_its_heir(
    client: Client, corpus: Corpus, pair: tuple[Entity, Entity]
) -> None:
    one, other = pair
    party = factories.entity(corpus, "Partai", "organisation")
    link = editing.link(one, "member_of", party, by=None)
    merging.merge(one, other, by=None)
    [tie] = client.get(address(corpus, other)).context["links"]
    assert (tie.other, tie.outward) == (party, True)
    assert client.post(address(corpus, other, f"links/{link.pk}/remove/")).status_code == 303
    assert client.get(address(corpus, other)).context["links"] == []


def test_nobody_is_shown_as_linked_to_itself(
    client: Client, corpus: Corpus, pair: tuple[Entity, Entity]
) -> None:
    one, other = pair
    editing.link(one, "speaks_for", other, by=None)
    merging.merge(one, other, by=None)
    assert client.get(address(corpus, other)).context["links"] == []
    merging.split_back(one, by=None)
    assert len(client.get(address(corpus, other)).context["links"]) == 1


def test_a_merge_that_cannot_be_gets_a_sentence(
    client: Client, corpus: Corpus, pair: tuple[Entity, Entity]
) -> None:
    one, other = pair
    merging.merge(one, other, by=None)
    third = factories.entity(corpus, "Sari Ketiga")
    path, told = address(corpus, one, "merge/"), {"q": "sari", "to": str(third.uuid)}
    answer = client.post(path, told)
    assert answer.status_code == 422
    assert "merged already" in answer.content.decode()
    client.post(address(corpus, other, "split-back/"))
    assert Entity.objects.get(merged_into__isnull=False) == one


def test_names_are_split_off(client: Client, corpus: Corpus, pair: tuple[Entity, Entity]) -> None:
    one, _other = pair
    alias = add_alias(one, text="Sari Wibowo", kind="full")
    shown = client.get(address(corpus, one, "split/")).content.decode()
    assert "Sari Wibowo" in shown
    told = {"aliases": [str(alias.pk)], "name": "Sari Wibowo", "type": "person"}
    answer = client.post(address(corpus, one, "split/"), told)
    fresh = Entity.objects.get(name="Sari Wibowo")
    assert answer.headers["Location"] == address(corpus, fresh)
    assert client.get(address(corpus, one)).context["names"] == []


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"type": "x"}, {"aliases": ["999999"]}, {"aliases": ["x"]}]
)
def test_a_split_that_cannot_be_changes_nothing(
    client: Client, corpus: Corpus, pair: tuple[Entity, Entity], wrong: dict[str, Any]
) -> None:
    told = {"aliases": [], "name": "Baru", "type": "person"} | wrong
    assert client.post(address(corpus, pair[0], "split/"), told).status_code == 422
    assert Entity.objects.count() == 2


def test_who_only_reads_merges_nothing(
    signed_in: Any, analyst: User, corpus: Corpus, pair: tuple[Entity, Entity]
) -> None:
    browser = signed_in(analyst)
    for door in ("merge/", "split-back/", "split/"):
        told = {"q": "sari", "to": str(pair[1].uuid)}
        assert browser.post(address(corpus, pair[0], door), told).status_code == 404
    assert not Entity.objects.filter(merged_into__isnull=False).exists()


def test_one_that_was_merged_has_no_doors_to_change_it(
    client: Client, corpus: Corpus, pair: tuple[Entity, Entity]
) -> None:
    one, other = pair
    alias = add_alias(one, text="Bu Sari", kind="short")
    merging.merge(one, other, by=None)
    shown = client.get(address(corpus, one)).content.decode()
    assert address(corpus, one, "edit/") not in shown
    assert address(corpus, one, "names/") not in shown
    answer = client.post(address(corpus, one, f"names/{alias.pk}/remove/"), follow=True)
    assert "split it back first" in answer.content.decode()
    assert one.aliases.filter(removed=False).count() == 1
