"""What annotators proposed waits on one page, for who does not label with the registry."""

from typing import Any

import pytest
from django.test import Client

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.registry import proposals
from annotations.registry.models import Alias, Entity
from annotations.registry.services import add_alias, register
from tests import factories
from tests.registry.using import layer_of
from tests.web.test_registry import address, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User, analyst: User, annotator_a: User) -> Corpus:
    """A registry with one proposed entity and one proposed name."""
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    Membership.objects.create(corpus=corpus, user=analyst, role="analyst")
    one = register(corpus.registry, name="Budi", type="person", by=annotator_a, proposed=True)
    add_alias(one, text="Bud", kind="short", proposed_by=annotator_a)
    known = factories.entity(corpus, "Korea Utara", "country")
    add_alias(known, text="Korut", kind="abbreviation", proposed_by=annotator_a)
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def test_the_list_leads_to_what_waits(client: Client, corpus: Corpus) -> None:
    assert address(corpus, None, "proposals/") in page(client, address(corpus))
    shown = page(client, address(corpus, None, "proposals/"))
    for words in ("Budi", "Korut", "annotator_a"):
        assert words in shown
    assert "Bud<" not in shown  # it comes with its entity


def test_what_is_accepted_waits_no_more(client: Client, corpus: Corpus) -> None:
    one = Entity.objects.get(name="Budi")
    known, alias = Entity.objects.get(name="Korea Utara"), Alias.objects.get(text="Korut")
    back = {"back": "proposals"}
    answer = client.post(address(corpus, one, "accept/"), back)
    assert answer.headers["Location"] == address(corpus, None, "proposals/")
    client.post(address(corpus, known, f"names/{alias.pk}/accept/"), back)
    assert "Korut" not in page(client, address(corpus, None, "proposals/"))
    assert Alias.objects.get(text="Korut", removed=False).proposed_by is None


def test_who_labels_does_not_learn_what_waits(
    client: Client, corpus: Corpus, manager: User
) -> None:
    layer_of(manager, corpus)
    assert client.get(address(corpus, None, "proposals/")).status_code == 404
    assert "proposals/" not in page(client, address(corpus))


def test_who_reads_sees_what_waits_and_settles_nothing(
    signed_in: Any, analyst: User, corpus: Corpus
) -> None:
    shown = page(signed_in(analyst), address(corpus, None, "proposals/"))
    assert "Budi" in shown
    assert "csrfmiddlewaretoken" not in shown.partition("<main")[2]


def test_very_many_are_shown_in_part(
    client: Client, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, annotator_a: User
) -> None:
    monkeypatch.setattr(proposals, "PROPOSALS_SHOWN", 1)
    register(corpus.registry, name="Citra", type="person", by=annotator_a, proposed=True)
    assert "More are waiting" in page(client, address(corpus, None, "proposals/"))


def test_nothing_waits_in_an_empty_registry(client: Client, manager: User) -> None:
    other = factories.corpus()
    Membership.objects.create(corpus=other, user=manager, role="manager")
    assert "Nothing waits" in page(client, address(other, None, "proposals/"))
    assert "proposals/" not in page(client, address(other))
