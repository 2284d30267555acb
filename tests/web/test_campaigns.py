"""Campaigns as managers see them: the design, the progress, what was handed in."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from annotations.accounts.models import User
from annotations.assignments import services, withdrawing
from annotations.assignments.models import Assignment, Campaign
from annotations.assignments.queries import reopenings
from annotations.corpora import tagging
from annotations.corpora.models import Article, Corpus, Membership
from annotations.corpora.versions import succeed
from annotations.schema.services import find
from annotations.web.campaigns.presenters import ASSIGNMENTS_A_PAGE
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(manager: User) -> Corpus:
    corpus = factories.corpus("sidang")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


@pytest.fixture
def campaign(corpus: Corpus, annotator_a: User, annotator_b: User) -> Campaign:
    for number in range(3):
        factories.article(corpus, f"Isi {number}.", title=f"Judul {number}")
    return factories.campaign(corpus, [annotator_a, annotator_b], slug="putaran")


@pytest.fixture
def client(signed_in: Any, manager: User) -> Client:
    browser: Client = signed_in(manager)
    return browser


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def handed_in(campaign: Campaign, person: User, spans: int = 3) -> Assignment:
    """The next article of this person, submitted with a count of spans."""
    assignment = services.claim_next(campaign, person)
    assert assignment is not None
    Assignment.objects.filter(pk=assignment.pk).update(
        status="submitted", span_count=spans, active_seconds=150
    )
    return assignment


def design(*people: User, **told: object) -> dict[str, object]:
    return {
        "name": "Putaran Dua",
        "schema": find("atribusi@1.0").pk,
        "annotators": [person.pk for person in people],
        "overlap": 2,
        "stories": "each",
        **told,
    }


DOORS = ["", "options/", "start/", "close/", "assignments/"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["annotator_a", "stranger"])
def test_a_campaign_does_not_exist_for_whoever_labels(
    door: str, who: str, request: Any, signed_in: Any, campaign: Campaign
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    path = f"/campaigns/putaran/{door}"
    knock = browser.get if door in ("", "assignments/") else browser.post
    assert knock(path).status_code == 404
    assert browser.get("/campaigns/new/sidang/").status_code == 404


def test_the_list_is_not_for_annotators(
    signed_in: Any, annotator_a: User, campaign: Campaign
) -> None:
    assert signed_in(annotator_a).get("/campaigns/").status_code == 404


def test_an_assignment_is_not_reopened_by_its_annotator(
    signed_in: Any, annotator_a: User, campaign: Campaign
) -> None:
    done = handed_in(campaign, annotator_a)
    path = f"/campaigns/putaran/assignments/{done.pk}/reopen/"
    assert signed_in(annotator_a).post(path).status_code == 404
    done.refresh_from_db()
    assert done.status == "submitted"


def test_an_assignment_is_not_reopened_through_another_campaign(
    client: Client, campaign: Campaign, annotator_a: User
) -> None:
    done = handed_in(campaign, annotator_a)
    other = factories.campaign(campaign.corpus, [annotator_a])
    path = f"/campaigns/{other.slug}/assignments/{done.pk}/reopen/"
    assert client.post(path).status_code == 404


def test_a_campaign_is_made_as_it_was_designed(
    client: Client, corpus: Corpus, annotator_a: User, annotator_b: User
) -> None:
    answer = client.post("/campaigns/new/sidang/", design(annotator_a, annotator_b))
    assert answer.headers["Location"] == "/campaigns/putaran-dua/"
    campaign = Campaign.objects.get(slug="putaran-dua")
    assert (campaign.corpus, campaign.overlap, campaign.status) == (corpus, 2, "draft")
    assert set(campaign.annotators.all()) == {annotator_a, annotator_b}


def test_a_campaign_has_the_options_that_were_ticked(
    client: Client, corpus: Corpus, annotator_a: User, annotator_b: User
) -> None:
    shown = page(client, "/campaigns/new/sidang/")
    assert re.search(r'name="suggestions"[^>]* checked', shown)
    assert not re.search(r'name="quote_coverage"[^>]* checked', shown)
    told = design(annotator_a, annotator_b, quote_coverage="on", gold_shown="on")
    client.post("/campaigns/new/sidang/", told)
    campaign = Campaign.objects.get()
    assert (campaign.suggestions, campaign.quote_coverage) == (False, True)
    assert campaign.gold_shown
    facts = page(client, "/campaigns/putaran-dua/")
    assert "annotators see their own agreement with it" in facts
    assert "not offered" in facts
    assert "each must be attributed before submit" in facts


def test_the_options_of_a_draft_can_change_and_those_of_others_not(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    campaign = factories.campaign(corpus, [annotator_a], slug="draf", started=False)
    path = "/campaigns/draf/options/"
    assert path in page(client, "/campaigns/draf/")
    client.post(path, {"quote_coverage": "on", "stories": "each"})
    campaign.refresh_from_db()
    assert (campaign.suggestions, campaign.quote_coverage) == (False, True)
    services.start(campaign, by=None)
    assert path not in page(client, "/campaigns/draf/")
    shown = client.post(
        path, {"suggestions": "on", "stories": "each"}, follow=True
    ).content.decode()
    assert "its options can change no more" in shown
    campaign.refresh_from_db()
    assert (campaign.suggestions, campaign.quote_coverage) == (False, True)


def test_a_campaign_made_on_the_command_line_has_its_options(
    corpus: Corpus, annotator_a: User
) -> None:
    words = ("--corpus", "sidang", "--annotators", "annotator_a", "--overlap", "1")
    call_command("create_campaign", "biasa", *words, stdout=StringIO())
    call_command(
        "create_campaign",
        "ketat",
        *words,
        "--no-suggestions",
        "--quote-coverage",
        "--show-gold",
        stdout=StringIO(),
    )
    options = dict(Campaign.objects.values_list("slug", "suggestions"))
    assert options == {"biasa": True, "ketat": False}
    assert Campaign.objects.get(quote_coverage=True, gold_shown=True).slug == "ketat"


@pytest.mark.parametrize(
    "told", [{"overlap": 3}, {"overlap": 0}, {"annotators": []}, {"name": ""}, {"slug": "new"}]
)
def test_a_design_that_cannot_be_is_refused_beside_the_form(
    client: Client, corpus: Corpus, annotator_a: User, annotator_b: User, told: dict[str, object]
) -> None:
    sent = design(annotator_a, annotator_b) | told
    assert client.post("/campaigns/new/sidang/", sent).status_code == 422
    assert not Campaign.objects.exists()


def test_a_closed_account_cannot_be_chosen(client: Client, corpus: Corpus) -> None:
    gone = factories.user("pergi", is_active=False)
    assert client.post("/campaigns/new/sidang/", design(gone, overlap=1)).status_code == 422


def test_starting_hands_out_every_article(
    client: Client, corpus: Corpus, annotator_a: User, annotator_b: User
) -> None:
    factories.article(corpus)
    factories.campaign(corpus, [annotator_a, annotator_b], slug="draf", started=False)
    client.post("/campaigns/draf/start/")
    assert Campaign.objects.get(slug="draf").status == "running"
    assert Assignment.objects.count() == 2


def test_articles_loaded_since_are_handed_out_too(client: Client, campaign: Campaign) -> None:
    factories.article(campaign.corpus, "Baru.")
    shown = client.post("/campaigns/putaran/start/", follow=True).content.decode()
    assert "2 assignments were made." in shown


STORY = " ".join(f"kata{number}" for number in range(60))


@pytest.fixture
def stories(corpus: Corpus) -> list[int]:
    """Three articles, of which the last retells the first; all but the second are tagged."""
    texts = (STORY, "Berita lain sama sekali.", f"{STORY} Tambahan redaksi.")
    keys = [factories.article(corpus, text).pk for text in texts]
    tagging.tag(corpus, "pilihan", [keys[0], keys[2]], by=None)
    factories.searchable(corpus)
    return keys


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ({}, [0, 1, 2]),
        ({"stories": "one"}, [0, 1]),
        ({"tag": "pilihan"}, [0, 2]),
        ({"tag": "pilihan", "stories": "one"}, [0]),
    ],
)
def test_a_campaign_is_about_the_part_it_was_designed_for(
    client: Client,
    corpus: Corpus,
    annotator_a: User,
    stories: list[int],
    told: dict[str, str],
    places: list[int],
) -> None:
    sent = {**told, "tag": corpus.tags.get().pk} if "tag" in told else told
    client.post("/campaigns/new/sidang/", design(annotator_a, overlap=1) | sent)
    client.post("/campaigns/putaran-dua/start/")
    labelled = Assignment.objects.order_by("article").values_list("article", flat=True)
    assert list(labelled) == [stories[place] for place in places]
    facts = page(client, "/campaigns/putaran-dua/")
    assert ("one of each story" in facts) is ("stories" in told)
    assert ("those with the tag “pilihan”" in facts) is ("tag" in told)


def test_the_first_of_a_story_that_is_left_is_handed_out(
    corpus: Corpus, annotator_a: User, stories: list[int]
) -> None:
    withdrawing.withdraw(corpus, stories[:1], reason="", by=None)
    words = ("--corpus", "sidang", "--annotators", "annotator_a", "--overlap", "1")
    call_command("create_campaign", "satu", *words, "--stories", "one", stdout=StringIO())
    assert set(Assignment.objects.values_list("article", flat=True)) == set(stories[1:])


def test_a_story_whose_text_was_corrected_is_not_handed_out_again(
    corpus: Corpus, annotator_a: User, stories: list[int]
) -> None:
    words = ("--corpus", "sidang", "--annotators", "annotator_a", "--overlap", "1")
    call_command("create_campaign", "satu", *words, "--stories", "one", stdout=StringIO())
    campaign = Campaign.objects.get()
    newer = succeed(Article.objects.get(pk=stories[0]), f"Ralat. {STORY}", by=None)
    services.follow(campaign, stories[0], newer.pk)
    factories.searchable(corpus)
    services.start(campaign, by=None)
    live = campaign.assignments.filter(withdrawn=False)
    assert set(live.values_list("article", flat=True)) == {stories[1], newer.pk}


def test_articles_of_one_story_are_handed_out_one_after_the_other(
    corpus: Corpus, annotator_a: User, stories: list[int]
) -> None:
    words = ("--corpus", "sidang", "--annotators", "annotator_a", "--overlap", "1")
    call_command("create_campaign", "satu", *words, "--stories", "together", stdout=StringIO())
    campaign = Campaign.objects.get()
    given = []
    while assignment := services.claim_next(campaign, annotator_a):
        given.append(assignment.article_id)
        Assignment.objects.filter(pk=assignment.pk).update(status="submitted")
    assert given == [stories[0], stories[2], stories[1]]


def test_single_stories_wait_until_all_articles_are_compared(
    client: Client, corpus: Corpus, annotator_a: User, stories: list[int]
) -> None:
    factories.article(corpus, "Belum dibandingkan.")
    client.post("/campaigns/new/sidang/", design(annotator_a, overlap=1, stories="one"))
    shown = client.post("/campaigns/putaran-dua/start/", follow=True).content.decode()
    assert "still being compared" in shown
    assert not Assignment.objects.exists()
    factories.searchable(corpus)
    client.post("/campaigns/putaran-dua/start/")
    assert Assignment.objects.count() == 3


def test_the_tag_of_a_campaign_stays_when_no_article_has_it_any_more(
    corpus: Corpus, annotator_a: User, stories: list[int]
) -> None:
    words = ("--corpus", "sidang", "--annotators", "annotator_a", "--overlap", "1")
    call_command("create_campaign", "satu", *words, "--tag", "pilihan", stdout=StringIO())
    tagging.untag(corpus.tags.get(), stories, by=None)
    assert Campaign.objects.get().tag == corpus.tags.get()
    with pytest.raises(CommandError, match="has the tag"):
        call_command("create_campaign", "dua", *words, "--tag", "lain", stdout=StringIO())


def test_a_tag_of_another_corpus_is_refused(
    client: Client, corpus: Corpus, annotator_a: User
) -> None:
    tag = tagging.named(factories.corpus(), "lain", None)
    sent = design(annotator_a, overlap=1, tag=tag.pk)
    assert client.post("/campaigns/new/sidang/", sent).status_code == 422


def test_a_closed_campaign_says_so(client: Client, campaign: Campaign) -> None:
    shown = client.post("/campaigns/putaran/close/", follow=True).content.decode()
    assert "Nobody can label in it any more." in shown
    again = client.post("/campaigns/putaran/start/", follow=True).content.decode()
    assert "This campaign is closed." in again


def test_the_progress_counts_each_person(
    client: Client, campaign: Campaign, annotator_a: User
) -> None:
    handed_in(campaign, annotator_a, spans=41)
    handed_in(campaign, annotator_a, spans=1)
    shown = page(client, "/campaigns/putaran/")
    row = shown.split("annotator_a</a>")[1].split("</tr>")[0]
    numbers = [cell.split("<")[0] for cell in row.split('class="number">')[1:]]
    assert numbers == ["1", "0", "2", "0", "42", "5"]
    assert "2 / 6" in shown


def test_the_pages_cost_the_same_however_many_there_are(
    client: Client, campaign: Campaign, annotator_a: User, django_assert_num_queries: Any
) -> None:
    handed_in(campaign, annotator_a)
    for _ in range(3):
        factories.campaign(campaign.corpus, [annotator_a, factories.user()])
    for path, queries in (("", 4), ("putaran/", 10), ("putaran/assignments/", 6)):
        with django_assert_num_queries(queries):
            client.get(f"/campaigns/{path}")


def test_a_manager_who_labels_sees_nothing_of_the_others_work(
    signed_in: Any, corpus: Corpus, manager: User, annotator_a: User
) -> None:
    factories.article(corpus)
    campaign = factories.campaign(corpus, [annotator_a, manager], slug="serta")
    handed_in(campaign, annotator_a, spans=4_711)
    browser = signed_in(manager)
    for path in ("", "assignments/"):
        shown = page(browser, f"/campaigns/serta/{path}")
        assert not re.search(r"\b4[,.]?711\b", re.sub(r"<time[^>]*>", "", shown))
        assert "/agreement" not in shown
        assert "/exports" not in shown


def test_what_was_set_aside_stands_with_its_reason(
    client: Client, campaign: Campaign, annotator_a: User
) -> None:
    opened = services.claim_next(campaign, annotator_a)
    assert opened is not None
    services.skip(opened, reason="Hanya foto <b>", by=annotator_a)
    assert "Hanya foto &lt;b&gt;" in page(client, "/campaigns/putaran/")


def test_a_layer_handed_in_can_be_reopened(
    client: Client, campaign: Campaign, annotator_a: User
) -> None:
    done = handed_in(campaign, annotator_a)
    path = f"/campaigns/putaran/assignments/{done.pk}/reopen/"
    assert "annotator_a" in page(client, path)
    sent = {"reason": " Kutipan kedua belum ada. "}
    assert "is open again" in client.post(path, sent, follow=True).content.decode()
    done.refresh_from_db()
    assert done.status == "reopened"
    assert reopenings([done.pk])[done.pk].reason == "Kutipan kedua belum ada."
    assert "Only a submitted" in client.post(path, follow=True).content.decode()


def test_what_was_handed_in_comes_in_pages_and_by_person(
    client: Client, corpus: Corpus, annotator_a: User, annotator_b: User
) -> None:
    for number in range(ASSIGNMENTS_A_PAGE):
        factories.article(corpus, f"Isi {number}.", title=f"Judul {number:02}")
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="putaran")
    campaign.assignments.update(status="submitted")
    whole = page(client, "/campaigns/putaran/assignments/")
    assert whole.count("/reopen/") == ASSIGNMENTS_A_PAGE
    after = whole.split("after=")[1].split('"')[0]
    rest = page(client, f"/campaigns/putaran/assignments/?after={after}")
    assert rest.count("/reopen/") == ASSIGNMENTS_A_PAGE
    one = page(client, f"/campaigns/putaran/assignments/?annotator={annotator_a.pk}")
    assert "annotator_b</td>" not in one


@pytest.mark.parametrize("query", ["annotator=x", "after=x", "annotator=²", "after=-1"])
def test_a_query_that_means_nothing_is_passed_over(
    client: Client, campaign: Campaign, query: str
) -> None:
    page(client, f"/campaigns/putaran/assignments/?{query}")
