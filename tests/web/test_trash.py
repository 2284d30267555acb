"""Corpora and campaigns deleted and restored, through the doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from annotations import policy
from annotations.accounts import services as accounts
from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments import trash
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Corpus, Membership
from annotations.corpora.services import SlugTakenError, create_corpus
from annotations.history.models import Event
from annotations.jobs.services import start
from tests import factories
from tests.factories import TEXT, placed

pytestmark = pytest.mark.django_db


@dataclass
class Place:
    corpus: Corpus
    campaign: Campaign
    assignment: Assignment
    manager: User
    annotator: User


@pytest.fixture
def place(manager: User, annotator_a: User) -> Place:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    assignment = factories.assignment(annotator_a, corpus_=corpus)
    campaign = assignment.campaign
    Campaign.objects.filter(pk=campaign.pk).update(name="Putaran <i>satu</i>")
    campaign.refresh_from_db()
    return Place(corpus, campaign, assignment, manager, annotator_a)


@pytest.fixture
def client(signed_in: Any, place: Place) -> Client:
    browser: Client = signed_in(place.manager)
    return browser


@pytest.fixture
def labeller(signed_in: Any, place: Place) -> Client:
    browser: Client = signed_in(place.annotator)
    return browser


def save(browser: Client, place: Place, base: int = 0) -> Any:
    body = {"client": "0190a000-0000-7000-8000-000000000001", "base": base}
    return browser.post(
        f"/desk/{place.assignment.pk}/operations",
        msgspec.json.encode(body | {"operations": [placed(TEXT, "Laras")]}),
        content_type="application/json",
    )


def pages(place: Place, client: Client, labeller: Client) -> Mapping[str, Any]:
    """What everyone sees, by address: the status, and the page without what changes each time."""
    corpus, campaign = place.corpus, place.campaign
    seen = {
        client: (
            "/corpora/",
            f"/corpora/{corpus.slug}/",
            f"/corpora/{corpus.slug}/articles/{place.assignment.article_id}/",
            f"/corpora/{corpus.slug}/concordance/",
            f"/registry/{corpus.registry_id}/",
            "/campaigns/",
            f"/campaigns/{campaign.slug}/",
            f"/campaigns/{campaign.slug}/assignments/",
            f"/campaigns/{campaign.slug}/agreement/",
            f"/campaigns/{campaign.slug}/exports/",
            f"/campaigns/{campaign.slug}/concordance/",
        ),
        labeller: ("/", f"/desk/{place.assignment.pk}/", f"/desk/{place.assignment.pk}/state"),
    }
    answers = {}
    for browser, addresses in seen.items():
        for address in addresses:
            answer = browser.get(address)
            content = answer.getvalue() if answer.streaming else answer.content
            answers[address] = (answer.status_code, content.decode())
    return answers


def statuses(answers: Mapping[str, Any]) -> dict[str, int]:
    return {address: status for address, (status, _) in answers.items()}


def test_the_question_names_what_goes_along(client: Client, labeller: Client, place: Place) -> None:
    save(labeller, place)
    factories.entity(place.corpus)
    for address, told in {
        "/corpora/sidang/delete/": ("Articles 1 Campaigns 1 Layers with work 1 Spans 1 "
                                    "Entities of its registry 1"),
        f"/campaigns/{place.campaign.slug}/delete/": "Articles 1 Layers with work 1 Spans 1",
    }.items():  # fmt: skip
        page = client.get(address).content.decode()
        facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0]
        plain = facts.replace("<dt>", " ").replace("</dt>", " ").replace("<dd>", "")
        assert " ".join(plain.replace("</dd>", "").split()) == told
        assert "30 days" in page
        assert "<i>satu</i>" not in page


def test_who_labels_there_is_not_told_how_much_the_others_did(
    client: Client, labeller: Client, place: Place
) -> None:
    save(labeller, place)
    factories.campaign(place.corpus, [place.manager])
    assert "Spans" not in client.get("/corpora/sidang/delete/").content.decode()


def test_a_corpus_in_the_trash_is_nowhere_and_comes_back_as_it_was(
    client: Client, labeller: Client, place: Place
) -> None:
    save(labeller, place)
    before = pages(place, client, labeller)
    assert set(statuses(before).values()) == {200}
    answer = client.post("/corpora/sidang/delete/")
    assert answer.headers["Location"] == "/trash/"
    assert "“Sidang” is in the trash now" in client.get("/trash/").content.decode()
    hidden = pages(place, client, labeller)
    assert {a for a, s in statuses(hidden).items() if s == 200} == {"/corpora/", "/campaigns/", "/"}
    assert not any(
        name in page for _, page in hidden.values() for name in (place.corpus.name, "Putaran")
    )
    assert place.corpus.name in client.get("/trash/").content.decode()
    answer = client.post("/corpora/sidang/restore/")
    assert answer.headers["Location"] == "/corpora/sidang/"
    assert "is restored" in client.get("/corpora/sidang/").content.decode()
    assert without_tokens(pages(place, client, labeller)) == without_tokens(before)


def without_tokens(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        address: [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line]
        for address, (_, page) in answers.items()
    }


def test_a_campaign_in_the_trash_is_nowhere_and_comes_back_as_it_was(
    client: Client, labeller: Client, place: Place
) -> None:
    save(labeller, place)
    before = pages(place, client, labeller)
    address = f"/campaigns/{place.campaign.slug}/"
    assert client.post(f"{address}delete/").headers["Location"] == "/trash/"
    assert "is in the trash now" in client.get("/trash/").content.decode()
    hidden = pages(place, client, labeller)
    gone = {address for address, status in statuses(hidden).items() if status == 404}
    assert gone == {one for one in hidden if place.campaign.slug in one or "/desk/" in one}
    assert not any("Putaran" in page for _, page in hidden.values())
    trashed = client.get("/trash/").content.decode()
    assert "Putaran &lt;i&gt;satu&lt;/i&gt;" in trashed
    assert client.post(f"{address}restore/").headers["Location"] == address
    assert "is restored" in client.get(address).content.decode()
    assert without_tokens(pages(place, client, labeller)) == without_tokens(before)
    assert "The trash is empty" in client.get("/trash/").content.decode()


@pytest.mark.parametrize("what", ["corpus", "campaign"])
def test_asking_twice_is_no_fault_and_is_written_down_once(
    what: str, client: Client, place: Place
) -> None:
    slug = {"corpus": "corpora/sidang", "campaign": f"campaigns/{place.campaign.slug}"}[what]
    for _ in range(2):
        assert client.post(f"/{slug}/delete/").headers["Location"] == "/trash/"
    assert client.get(f"/{slug}/delete/").headers["Location"] == "/trash/"
    for _ in range(2):
        assert client.post(f"/{slug}/restore/").headers["Location"] == f"/{slug}/"
    verbs = Event.objects.filter(thing=what, verb__regex="withdrawn|restored").order_by("pk")
    assert [(one.verb, one.by) for one in verbs] == [
        (f"{what}.withdrawn", place.manager),
        (f"{what}.restored", place.manager),
    ]


@pytest.mark.parametrize("who", ["analyst", "annotator_a", "stranger", "foreign manager"])
def test_who_does_not_manage_it_deletes_and_restores_nothing(
    who: str, request: Any, signed_in: Any, place: Place
) -> None:
    if who == "foreign manager":
        person = factories.user("asing", role="manager")
        Membership.objects.create(corpus=factories.corpus(), user=person, role="manager")
    else:
        person = request.getfixturevalue(who)
    if who == "analyst":
        Membership.objects.create(corpus=place.corpus, user=person, role="analyst")
    browser = signed_in(person)
    doors = [f"/corpora/sidang/{one}/" for one in ("delete", "restore")]
    doors += [f"/campaigns/{place.campaign.slug}/{one}/" for one in ("delete", "restore")]
    for door in doors:
        assert browser.post(door).status_code == 404
    trash.withdraw_campaign(place.campaign, by=None)
    trash.withdraw_corpus(place.corpus, by=None)
    for door in doors:
        assert browser.post(door).status_code == 404
    place.campaign.refresh_from_db()
    place.corpus.refresh_from_db()
    assert place.campaign.withdrawn_at
    assert place.corpus.withdrawn_at
    page = browser.get("/trash/").content.decode()
    assert "Putaran" not in page
    assert place.corpus.name not in page


def test_unsent_work_stays_with_its_annotator_until_the_campaign_is_back(
    client: Client, labeller: Client, place: Place
) -> None:
    """404 with JSON is what the desk keeps its outbox for; after the restore the same is taken."""
    trash.withdraw_campaign(place.campaign, by=place.manager)
    answer = save(labeller, place)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert "waits in the trash" in answer.json()["message"]
    submitted = labeller.post(
        f"/desk/{place.assignment.pk}/submit", {"base": 0}, content_type="application/json"
    )
    assert submitted.status_code == 404
    trash.restore_campaign(place.campaign, by=place.manager)
    assert save(labeller, place).json()["revision"] == 1


def test_a_withdrawn_article_takes_no_more_work_either(
    client: Client, labeller: Client, place: Place
) -> None:
    client.post(f"/corpora/sidang/articles/{place.assignment.article_id}/delete/")
    assert save(labeller, place).status_code == 404
    client.post("/corpora/sidang/trash/", {"articles": [place.assignment.article_id]})
    assert save(labeller, place).status_code == 200


def test_a_text_that_was_taken_down_takes_no_more_work(
    client: Client, labeller: Client, place: Place
) -> None:
    told = {"reason": "Putusan 1", "sure": "on"}
    client.post(f"/corpora/sidang/articles/{place.assignment.article_id}/takedown/", told)
    assert save(labeller, place).status_code == 404


def test_the_api_knows_nothing_of_it(place: Place) -> None:
    token = accounts.make_token(place.annotator)
    api = Client(headers={"Authorization": f"Bearer {token}"})
    trash.withdraw_corpus(place.corpus, by=None)
    assert api.get("/api/v1/assignments").json() == {"assignments": []}
    base = f"/api/v1/assignments/{place.assignment.pk}"
    assert api.get(base).status_code == 404
    body = {"campaign": place.campaign.slug}
    claimed = api.post("/api/v1/assignments/next", body, content_type="application/json")
    assert claimed.status_code == 404
    submitted = api.post(f"{base}/submit", {"base": 0}, content_type="application/json")
    assert submitted.status_code == 404


def test_a_short_name_in_the_trash_is_not_given_again(place: Place) -> None:
    trash.withdraw_corpus(place.corpus, by=None)
    with pytest.raises(SlugTakenError, match="in the trash"):
        create_corpus("sidang", name="Lain", by=place.manager)
    with pytest.raises(assignments.Impossible, match="in the trash"):
        factories.campaign(factories.corpus(), [place.annotator], slug=place.campaign.slug)


def test_nothing_begins_in_what_lies_in_the_trash(place: Place) -> None:
    trash.withdraw_corpus(place.corpus, by=None)
    with pytest.raises(assignments.Impossible, match="in the trash"):
        factories.campaign(place.corpus, [place.annotator])
    with pytest.raises(assignments.Impossible, match="in the trash"):
        assignments.start(place.campaign, by=None)


def test_a_campaign_deleted_before_its_corpus_stays_in_the_trash(
    client: Client, place: Place
) -> None:
    other = factories.campaign(place.corpus, [place.annotator])
    trash.withdraw_campaign(place.campaign, by=place.manager)
    trash.withdraw_corpus(place.corpus, by=place.manager)
    assert client.post(f"/campaigns/{place.campaign.slug}/restore/").status_code == 404
    client.post("/corpora/sidang/restore/")
    assert list(policy.campaigns_read_by(place.manager)) == [other]
    client.post(f"/campaigns/{place.campaign.slug}/restore/")
    assert set(policy.campaigns_read_by(place.manager)) == {other, place.campaign}


def test_after_thirty_days_nothing_is_restored(client: Client, place: Place) -> None:
    trash.withdraw_corpus(place.corpus, by=place.manager)
    late = timezone.now() - timedelta(days=30, minutes=1)
    Corpus.objects.filter(pk=place.corpus.pk).update(withdrawn_at=late)
    assert client.post("/corpora/sidang/restore/").status_code == 404
    assert not trash.restore_corpus(place.corpus, by=place.manager)
    assert "The trash is empty" in client.get("/trash/").content.decode()


def test_its_managers_keep_the_registry_that_another_corpus_shares(place: Place) -> None:
    shared = factories.corpus(registry=place.corpus.registry)
    Membership.objects.create(corpus=shared, user=place.manager, role="manager")
    trash.withdraw_corpus(place.corpus, by=place.manager)
    assert place.corpus.registry in policy.registries_managed_by(place.manager)


def test_jobs_are_stopped_and_the_question_says_so(client: Client, place: Place) -> None:
    for kind, about in (
        ("load_articles", {"corpus": place.corpus.pk}),
        ("agreement", {"campaign": place.campaign.pk}),
        ("index_articles", {"corpus": place.corpus.pk}),
        ("load_articles", {"corpus": place.corpus.pk + 1}),
    ):
        start(kind, about, by=None)
    assert "2 jobs about it" in client.get("/corpora/sidang/delete/").content.decode()
    client.post("/corpora/sidang/delete/")
    page = client.get("/jobs/")
    assert page.status_code == 200
    event = Event.objects.get(verb="corpus.withdrawn")
    assert event.data == {"slug": "sidang", "stopped": 2}


@pytest.mark.parametrize(("what", "queries"), [("corpus", 11), ("campaign", 7)])
def test_the_question_costs_the_same_however_much_there_is(
    what: str, queries: int, client: Client, place: Place, django_assert_num_queries: Any
) -> None:
    slug = {"corpus": "corpora/sidang", "campaign": f"campaigns/{place.campaign.slug}"}[what]
    for _ in range(2):
        factories.campaign(place.corpus, [factories.user() for _ in range(3)])
    with django_assert_num_queries(queries):
        client.get(f"/{slug}/delete/")
