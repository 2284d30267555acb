"""Managers change a registry by forms; nobody else does, and what cannot be gets a sentence."""

from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.registry import editing
from annotations.registry.models import Alias, Entity, EntityLink
from annotations.registry.services import add_alias, register
from tests import factories
from tests.registry.using import layer_of
from tests.web.test_registry import address

pytestmark = pytest.mark.django_db

SARI = {
    "name": "Sari Wulan",
    "type": "person",
    "description": "Juru bicara",
    "wikidata": "Q42",
    "attributes": "partai: Hijau\n\nkota : Ampel: barat",
}


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


def test_who_only_reads_changes_nothing(
    signed_in: Any, analyst: User, corpus: Corpus, client: Client
) -> None:
    entity, other = factories.entity(corpus), factories.entity(corpus, "Lain")
    alias = add_alias(entity, text="Ras", kind="short")
    link = editing.link(entity, "member_of", other, by=None)
    doors = [
        *(address(corpus, None, "new/"), address(corpus, entity, "edit/")),
        *(address(corpus, entity, "accept/"), address(corpus, entity, "names/")),
        address(corpus, entity, f"names/{alias.pk}/remove/"),
        address(corpus, entity, f"names/{alias.pk}/accept/"),
        *(address(corpus, entity, "links/"), address(corpus, entity, f"links/{link.pk}/remove/")),
    ]
    browser = signed_in(analyst)
    assert {browser.post(door, SARI).status_code for door in doors} == {404}
    shown = browser.get(address(corpus, entity)).content.decode()
    assert "csrfmiddlewaretoken" not in shown.partition("<main")[2]
    assert "new/" not in browser.get(address(corpus)).content.decode()
    assert {client.post(door, {}).status_code for door in doors} <= {303, 404, 422}


def test_a_registry_shared_with_anothers_corpus_is_nobodys_to_change(
    client: Client, corpus: Corpus
) -> None:
    foreign = factories.corpus(registry=corpus.registry)
    Membership.objects.create(corpus=foreign, user=factories.user(role="manager"), role="manager")
    assert client.get(address(corpus, None, "new/")).status_code == 404
    assert client.get(address(corpus)).status_code == 200


def test_a_form_makes_an_entity(client: Client, corpus: Corpus, manager: User) -> None:
    answer = client.post(address(corpus, None, "new/"), SARI)
    entity = Entity.objects.get()
    assert answer.headers["Location"] == address(corpus, entity)
    assert (entity.name, entity.created_by) == ("Sari Wulan", manager)
    assert entity.attributes == {"partai": "Hijau", "kota": "Ampel: barat"}


@pytest.mark.parametrize(
    "wrong",
    [
        *({"name": ""}, {"name": "a\u202eb"}, {"name": "x" * 501}, {"type": "nonsense"}),
        *({"wikidata": "42"}, {"attributes": "tanpa titik dua"}, {"attributes": "a: b\na: c"}),
        {"attributes": ": x"},
    ],
)
@pytest.mark.parametrize("door", ["new/", "edit/"])
def test_what_cannot_be_gets_a_sentence_and_the_form_again(
    client: Client, corpus: Corpus, wrong: dict[str, str], door: str
) -> None:
    entity = factories.entity(corpus)
    path = address(corpus, None if door == "new/" else entity, door)
    answer = client.post(path, SARI | wrong)
    assert answer.status_code == 422
    assert "field-errors" in answer.content.decode() or "notice-bad" in answer.content.decode()
    assert Entity.objects.get().name == "Laras"


def test_editing_begins_with_what_is_known(client: Client, corpus: Corpus) -> None:
    client.post(address(corpus, None, "new/"), SARI)
    entity = Entity.objects.get()
    shown = client.get(address(corpus, entity, "edit/"))
    assert "partai: Hijau" in shown.content.decode()
    client.post(address(corpus, entity, "edit/"), SARI | {"name": "Sari Dewi"})
    page = client.get(address(corpus, entity)).content.decode()
    assert "Sari Dewi" in page
    assert "Sari Wulan → Sari Dewi" in page


def test_names_come_with_dates_and_go(client: Client, corpus: Corpus) -> None:
    entity = factories.entity(corpus)
    told = {"text": "Menhan", "kind": "role", "language": "id", "valid_from": "2019-10-20"}
    assert client.post(address(corpus, entity, "names/"), told).status_code == 303
    alias = Alias.objects.get()
    assert "2019-10-20 – …" in client.get(address(corpus, entity)).content.decode()
    client.post(address(corpus, entity, f"names/{alias.pk}/remove/"))
    assert "2019-10-20" not in client.get(address(corpus, entity)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"text": ""}, {"kind": "x"}, {"language": "bahasa apa"}, {"valid_from": "kemarin"}),
        {"valid_from": "2024-01-02", "valid_to": "2024-01-01"},
        {"text": "a\u202eb"},
    ],
)
def test_a_name_that_cannot_be_is_refused_on_the_page(
    client: Client, corpus: Corpus, wrong: dict[str, str]
) -> None:
    entity = factories.entity(corpus)
    answer = client.post(
        address(corpus, entity, "names/"), {"text": "Ras", "kind": "short"} | wrong
    )
    assert answer.status_code == 422
    assert "<details" in answer.content.decode()
    assert not Alias.objects.exists()


def test_an_alias_of_another_entity_is_not_touched(client: Client, corpus: Corpus) -> None:
    entity, other = factories.entity(corpus), factories.entity(corpus, "Lain")
    alias = add_alias(other, text="L", kind="short")
    assert client.post(address(corpus, entity, f"names/{alias.pk}/remove/")).status_code == 404
    assert not Alias.objects.get().removed


def test_a_proposal_is_accepted(client: Client, corpus: Corpus, annotator_a: User) -> None:
    entity = register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    alias = add_alias(entity, text="Bud", kind="short", proposed_by=annotator_a)
    client.post(address(corpus, entity, "accept/"))
    client.post(address(corpus, entity, f"names/{alias.pk}/accept/"))
    entity.refresh_from_db()
    assert not entity.proposed
    assert Alias.objects.get(removed=False).proposed_by is None


def test_a_blind_manager_does_not_reach_the_alias_of_another(
    client: Client, corpus: Corpus, manager: User, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    alias = add_alias(entity, text="Ras", kind="short", proposed_by=annotator_a)
    layer_of(manager, corpus)
    for act in ("accept", "remove"):
        path = address(corpus, entity, f"names/{alias.pk}/{act}/")
        assert client.post(path).status_code == 404


def test_a_link_is_made_to_whom_one_finds(client: Client, corpus: Corpus) -> None:
    kim, dprk = factories.entity(corpus, "Kim"), factories.entity(corpus, "Korea Utara", "country")
    path = address(corpus, kim, "links/")
    found = client.get(f"{path}?q=korea").content.decode()
    assert str(dprk.uuid) in found
    told = {"q": "korea", "to": str(dprk.uuid), "kind": "speaks_for", "valid_from": "2011-12-17"}
    assert client.post(path, told).status_code == 303
    link = EntityLink.objects.get()
    assert (link.source, link.target, link.kind) == (kim, dprk, "speaks_for")
    assert client.post(address(corpus, dprk, f"links/{link.pk}/remove/")).status_code == 303
    assert EntityLink.objects.get().removed


@pytest.mark.parametrize("to", ["", "x", "self", "foreign", "merged"])
def test_a_link_to_nobody_asks_again(client: Client, corpus: Corpus, to: str) -> None:
    entity, other = factories.entity(corpus), factories.entity(corpus, "Laras Dua")
    merged = factories.entity(corpus, "Laras Tiga")
    Entity.objects.filter(pk=merged.pk).update(merged_into=other)
    foreign = factories.entity(factories.corpus())
    whose = {"self": entity, "foreign": foreign, "merged": merged}
    told = {"q": "laras", "to": str(whose[to].uuid) if to in whose else to, "kind": "member_of"}
    answer = client.post(address(corpus, entity, "links/"), told)
    assert answer.status_code == 422
    assert "Choose one of these" in answer.content.decode()
    assert not EntityLink.objects.exists()
