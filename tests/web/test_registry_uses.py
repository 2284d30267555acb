"""The order by use: counted by a job, as far as the reader may see, its age shown."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotations import policy
from annotations.accounts.models import User
from annotations.assignments import trash
from annotations.assignments.models import Assignment, Status
from annotations.corpora.models import Corpus, Membership
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.registry import merging
from annotations.registry.models import Entity
from annotations.spans.handlers import COUNT
from annotations.spans.mentions import counts
from annotations.spans.models import UseCount
from annotations.spans.uses import count
from tests import factories
from tests.registry.using import layer_of, mention, operate_all
from tests.web.test_registry import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def uses(browser: Client, corpus: Corpus, more: str = "") -> list[tuple[str, int]]:
    listing = browser.get(f"{address(corpus)}?order=use{more}").context["listing"]
    return [(row.entity.name, row.uses) for row in listing.rows]


def counted(corpus: Corpus) -> int:
    return count(corpus.registry, hold=lambda: None)


def test_everyone_counts_what_they_may_see_and_no_more(
    signed_in: Any, corpus: Corpus, manager: User, annotator_a: User
) -> None:
    """The table agrees with what is counted one by one, for who sees all, some, and their own."""
    foreign = factories.corpus(registry=corpus.registry)
    blind = factories.user("buta", role="manager")
    for place in (corpus, foreign):
        Membership.objects.create(corpus=place, user=factories.user(role="manager"), role="manager")
        Membership.objects.get_or_create(corpus=place, user=manager, role="manager")
    Membership.objects.create(corpus=corpus, user=blind, role="manager")
    entities = [factories.entity(corpus, f"E{number}") for number in range(4)]
    merging.merge(entities[3], entities[0], by=None)
    for number, (who, place) in enumerate(
        [(annotator_a, corpus), (blind, corpus), (annotator_a, foreign), (blind, foreign)]
    ):
        layer = layer_of(who, place)
        for entity, word in zip(entities[number % 2 :], ("Laras", "Kami", "Warga"), strict=False):
            mention(layer, entity, word)
    assert counted(corpus) == 3
    for user, seen in ((manager, 3), (blind, 3), (annotator_a, 0)):
        told = counts([one.pk for one in entities[:3]], policy.layers_seen_by(user))
        names = dict(Entity.objects.values_list("pk", "name"))
        expected = Counter({names[key]: many for key, many in told.items()})
        assert len(expected) == seen
        if seen:
            assert Counter(dict(uses(signed_in(user), corpus))) == expected
    assert dict(uses(signed_in(manager), corpus)) != dict(uses(signed_in(blind), corpus))


def test_what_is_hidden_withdrawn_removed_or_being_loaded_is_not_counted(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    entity = factories.entity(corpus)
    layers = [layer_of(annotator_a, corpus) for _ in range(4)]
    for layer in layers:
        mention(layer, entity)
    counted(corpus)
    assert uses(client, corpus) == [("Laras", 4)]
    Assignment.objects.filter(pk=layers[0].pk).update(withdrawn=True)
    trash.withdraw_campaign(layers[1].campaign, by=None)
    Assignment.objects.filter(pk=layers[2].pk).update(status=Status.LOADING)
    counted(corpus)
    assert uses(client, corpus) == [("Laras", 1)]
    [span] = layers[3].spans.all()
    operate_all(layers[3], [factories.operation("remove", span=str(span.id))])
    assert counted(corpus) == 0
    assert uses(client, corpus) == []


def test_the_first_look_has_the_mentions_counted(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    mention(layer_of(annotator_a, corpus), factories.entity(corpus))
    for _ in range(2):
        shown = client.get(f"{address(corpus)}?order=use").content.decode()
        assert "Mentions are being counted" in shown
        assert "Nothing is linked yet" not in shown
    job = Job.objects.get(kind=COUNT)
    assert "being counted" in client.get(address(corpus, None, "uses/progress/")).content.decode()
    done = jobs.execute(job.pk)
    assert done is not None
    assert (done.state, done.result) == ("done", {"used": 1})
    progress = client.get(address(corpus, None, "uses/progress/"))
    assert progress.headers["HX-Refresh"] == "true"
    shown = client.get(f"{address(corpus)}?order=use").content.decode()
    assert "Mentions as of" in shown
    assert "being counted" not in shown


def test_an_old_count_is_shown_and_made_anew(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    mention(layer_of(annotator_a, corpus), factories.entity(corpus))
    counted(corpus)
    UseCount.objects.update(counted_at=timezone.now() - timedelta(minutes=11))
    assert uses(client, corpus) == [("Laras", 1)]
    assert Job.objects.filter(kind=COUNT).count() == 1


def test_whoever_reads_has_it_counted_again(
    client: Client, signed_in: Any, stranger: User, corpus: Corpus
) -> None:
    counted(corpus)
    answer = client.post(address(corpus, None, "uses/"))
    assert answer.headers["Location"] == f"{address(corpus)}?order=use"
    assert Job.objects.filter(kind=COUNT).count() == 1
    assert signed_in(stranger).post(address(corpus, None, "uses/")).status_code == 404


def test_one_type_is_in_the_same_order_and_pages_go_on(
    client: Client, corpus: Corpus, annotator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.web.registry.listing.ENTITIES_A_PAGE", 1)
    people = [factories.entity(corpus, name) for name in ("Satu", "Dua")]
    country = factories.entity(corpus, "Korea", "country")
    layer = layer_of(annotator_a, corpus)
    for entity, word in ((people[0], "Laras"), (country, "Kami"), (people[1], "Warga")):
        mention(layer, entity, word)
    mention(layer_of(annotator_a, corpus), people[1])
    counted(corpus)
    assert uses(client, corpus, "&type=country") == [("Korea", 1)]
    seen, after = [], ""
    while True:
        listing = client.get(f"{address(corpus)}?order=use&type=person{after}").context["listing"]
        seen += [(row.entity.name, row.uses) for row in listing.rows]
        if not listing.after:
            break
        after = f"&after={listing.after}"
    assert seen == [("Dua", 2), ("Satu", 1)]
