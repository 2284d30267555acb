from typing import Any

import pytest

from annotations import policy
from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.history.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("pelabuhan")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


def test_a_manager_lets_others_read_their_corpus(
    signed_in: Any, manager: User, corpus: Corpus, analyst: User
) -> None:
    client = signed_in(manager)
    client.post("/people/of/pelabuhan/", {"user": analyst.pk, "role": "analyst"})
    assert policy.SEE_CORPUS.allows(analyst, corpus)
    member = Membership.objects.get(user=analyst)
    client.post(f"/people/members/{member.pk}/remove/")
    assert not policy.SEE_CORPUS.allows(analyst, corpus)
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "corpus.member-added",
        "corpus.member-removed",
    ]


@pytest.mark.parametrize("role", ["annotator", "admin", "emperor", ""])
def test_no_other_roles_are_given_here(
    signed_in: Any, manager: User, corpus: Corpus, analyst: User, role: str
) -> None:
    answer = signed_in(manager).post("/people/of/pelabuhan/", {"user": analyst.pk, "role": role})
    assert answer.status_code == 422
    assert not Membership.objects.filter(user=analyst).exists()


def test_the_last_manager_stays(signed_in: Any, manager: User, corpus: Corpus) -> None:
    client, own = signed_in(manager), Membership.objects.get()
    shown = client.post(f"/people/members/{own.pk}/remove/", follow=True).content.decode()
    assert "needs at least one manager" in shown
    assert Membership.objects.filter(pk=own.pk).exists()


def test_the_membership_of_an_annotator_is_not_taken(
    signed_in: Any, manager: User, corpus: Corpus, annotator_a: User
) -> None:
    labels = Membership.objects.create(corpus=corpus, user=annotator_a, role="annotator")
    assert signed_in(manager).post(f"/people/members/{labels.pk}/remove/").status_code == 404


@pytest.mark.parametrize("role", ["manager", "adjudicator", "annotator", "analyst"])
def test_strangers_change_nothing(signed_in: Any, corpus: Corpus, role: str) -> None:
    client, member = signed_in(factories.user(role=role)), Membership.objects.get()
    for path in ("/people/of/pelabuhan/", f"/people/members/{member.pk}/remove/"):
        assert client.post(path, {"user": member.user_id, "role": "manager"}).status_code == 404
    assert Membership.objects.count() == 1
