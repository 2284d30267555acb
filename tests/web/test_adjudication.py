"""The list of what is adjudicated, the ways from it into the desk, and the ways to it."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from annotations.accounts.models import Role, User
from annotations.adjudication.counting import counts_of
from annotations.adjudication.queries import first_ready
from annotations.adjudication.services import open_gold
from annotations.agreement import services as agreement
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Campaign, Kind, Status
from annotations.corpora.models import Article, Membership
from annotations.jobs.models import Job, State
from tests import factories
from tests.adjudication.settling import campaign_of, more, submitted
from tests.agreement.layers import lay, mark, set_status
from tests.plans import plans_of
from tests.web.test_agreement_page import queries_of

pytestmark = pytest.mark.django_db

QUOTE, LONGER = mark("QUOTE", (7, 12), type="direct"), mark("QUOTE", (7, 18), type="direct")


@pytest.fixture
def campaign(annotator_a: User, annotator_b: User, adjudicator: User, manager: User) -> Campaign:
    """One article is ready, one is with annotator_b still, one waits for both."""
    found = campaign_of(annotator_a, annotator_b, adjudicators=(adjudicator, manager))
    articles = [*found.corpus.articles.all(), *more(found, 2)]
    submitted(found, articles[0], annotator_a=(QUOTE,), annotator_b=(LONGER,))
    lay(found, articles[1], annotator_a, QUOTE)
    opened = found.assignments.get(article=articles[1], annotator=annotator_b)
    set_status(opened, Status.OPEN)
    return found


@pytest.fixture
def client(signed_in: Any, adjudicator: User) -> Client:
    browser: Client = signed_in(adjudicator)
    return browser


def url(campaign: Campaign, name: str = "adjudication", *args: object) -> str:
    return reverse(name, args=[campaign.slug, *args])


def first(campaign: Campaign) -> Article:
    return campaign.corpus.articles.order_by("pk")[0]


def settle(campaign: Campaign, by: User) -> Assignment:
    """The first article is settled by this person."""
    gold = open_gold(campaign, first(campaign), by=by)
    set_status(gold, Status.SUBMITTED)
    return gold


def page_of(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def rows_of(page: str) -> list[str]:
    return page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]


def test_the_list_says_what_stands_where_and_why(client: Client, campaign: Campaign) -> None:
    page = page_of(client, url(campaign))
    ready, labelled, waiting = rows_of(page)
    assert "Ready" in ready
    assert "annotator_a, annotator_b" in ready
    assert "Adjudicate</button>" in ready
    assert "with annotator_b" in labelled
    assert "waits for annotator_a, annotator_b" in waiting
    assert "Adjudicate</button>" not in labelled + waiting
    numbers = re.findall(r'>([A-Z][a-z ]+) <span class="number">(\d+)<', page)
    assert [f"{words} {number}" for words, number in numbers] == [
        "All 3",
        "Ready 1",
        "In progress 0",
        "Settled 0",
        "Not ready yet 2",
    ]


def test_nobody_waits_for_who_is_gone(
    client: Client, campaign: Campaign, annotator_b: User
) -> None:
    User.objects.filter(pk=annotator_b.pk).update(is_active=False)
    row = rows_of(page_of(client, url(campaign)))[1]
    assert "Adjudicate</button>" in row
    assert "annotator_b" not in row


def test_next_opens_the_first_that_is_ready_and_then_goes_on_with_it(
    client: Client, campaign: Campaign
) -> None:
    for _ in range(2):
        answer = client.post(url(campaign, "adjudicate_next"))
        gold = Assignment.objects.get(kind=Kind.GOLD)
        assert answer.headers["Location"] == f"/desk/{gold.pk}/"
    assert "Go on adjudicating" in rows_of(page_of(client, url(campaign)))[0]
    set_status(gold, Status.SUBMITTED)
    assert client.post(url(campaign, "adjudicate_next")).headers["Location"] == url(campaign)
    assert "No article is ready for you" in page_of(client, url(campaign))


def test_an_article_is_opened_where_one_came_from(client: Client, campaign: Campaign) -> None:
    address = url(campaign, "adjudicate", first(campaign).pk)
    landed = client.post(address, {"from": "7", "to": "12"}).headers["Location"]
    assert landed == f"/desk/{Assignment.objects.get(kind=Kind.GOLD).pk}/?from=7&to=12"
    assert client.post(address, {"from": "x", "to": "-1"}).headers["Location"].endswith("/")


def test_what_cannot_be_settled_is_told_and_what_is_elsewhere_is_not_there(
    client: Client, campaign: Campaign
) -> None:
    waiting = campaign.corpus.articles.order_by("-pk")[0]
    assert client.post(url(campaign, "adjudicate", waiting.pk)).headers["Location"] == url(campaign)
    assert "This article is not ready" in page_of(client, url(campaign))
    elsewhere = factories.article(factories.corpus(), "Lain.")
    assert client.post(url(campaign, "adjudicate", elsewhere.pk)).status_code == 404
    assert client.post(url(campaign, "adjudicate", 10**30)).status_code == 404
    assert client.get(url(campaign, "adjudication_left", 10**30)).status_code == 404
    assert not Assignment.objects.filter(kind=Kind.GOLD).exists()


def test_what_another_settles_can_be_taken_over(
    client: Client, campaign: Campaign, manager: User, adjudicator: User, signed_in: Any
) -> None:
    gold = open_gold(campaign, first(campaign), by=manager)
    page = page_of(client, url(campaign))
    row = rows_of(page)[0]
    assert "Take over…" in row
    assert "everything that manager has settled" in page
    assert "Adjudicate</button>" not in row
    answer = client.post(url(campaign, "adjudication_take_over", first(campaign).pk))
    assert answer.headers["Location"] == f"/desk/{gold.pk}/"
    gold.refresh_from_db()
    assert gold.annotator == adjudicator
    theirs = signed_in(manager)
    assert theirs.get(f"/desk/{gold.pk}/").status_code == 404
    assert "Go on adjudicating" not in page_of(theirs, url(campaign))


def test_a_settled_article_says_what_changed_since_and_can_be_reopened(
    client: Client, campaign: Campaign, adjudicator: User, annotator_a: User
) -> None:
    gold = settle(campaign, adjudicator)
    assert "changed since" not in rows_of(page_of(client, url(campaign)))[0]
    campaign.assignments.filter(article=first(campaign), annotator=annotator_a).update(
        submitted_at=timezone.now()
    )
    row = rows_of(page_of(client, url(campaign)))[0]
    assert "changed since: annotator_a" in row
    assert f'href="/desk/{gold.pk}/"' in row
    reopening = url(campaign, "adjudication_reopen", first(campaign).pk)
    assert "Reopen this gold layer?" in page_of(client, reopening)
    client.post(reopening, {"reason": "Siti membetulkan batas"})
    gold.refresh_from_db()
    assert gold.status == Status.REOPENED
    assert "In progress" in rows_of(page_of(client, url(campaign)))[0]
    assert "Only a submitted" in page_of(client, client.post(reopening).headers["Location"])


def test_what_is_in_progress_says_how_much_is_left(
    client: Client, campaign: Campaign, adjudicator: User
) -> None:
    open_gold(campaign, first(campaign), by=adjudicator)
    left = url(campaign, "adjudication_left", first(campaign).pk)
    assert left in rows_of(page_of(client, url(campaign)))[0]
    assert "1 case is open" in page_of(client, left)
    elsewhere = campaign.corpus.articles.order_by("-pk")[0]
    assert client.get(url(campaign, "adjudication_left", elsewhere.pk)).status_code == 404


def test_what_all_agree_on_is_taken_over_by_one_job(client: Client, campaign: Campaign) -> None:
    assert "Take over what all agree on?" in page_of(client, url(campaign))
    for _ in range(2):
        client.post(url(campaign, "adjudication_agreed"), {"rule": "majority"})
    job = Job.objects.get()
    assert (job.kind, job.args) == ("adjudicate", {"campaign": campaign.pk, "rule": "majority"})
    page = page_of(client, url(campaign))
    assert url(campaign, "adjudication_progress") in page
    assert f"/jobs/{job.pk}/cancel/" in page
    assert "Adjudicate next" not in page
    assert "Waiting for its turn" in page_of(client, url(campaign, "adjudication_progress"))
    Job.objects.update(state=State.FAILED, error="Kertasnya habis.")
    assert "Kertasnya habis." in page_of(client, url(campaign))
    Job.objects.update(state=State.DONE)
    assert "HX-Refresh" in client.get(url(campaign, "adjudication_progress")).headers


def test_a_rule_that_nobody_knows_starts_nothing(client: Client, campaign: Campaign) -> None:
    client.post(url(campaign, "adjudication_agreed"), {"rule": "dice"})
    assert "Say whether all annotators must agree" in page_of(client, url(campaign))
    assert not Job.objects.exists()


def test_where_articles_stand_is_counted_from_what_is_kept(campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    counts_of([campaign.pk])
    known = "".join(plans_of(lambda: counts_of([campaign.pk])))
    assert "assignment" not in known
    assert "Index Only Scan using article_standing_in" in known
    with connection.cursor() as cursor:  # among few rows an index that covers less costs as little
        cursor.execute("SET LOCAL enable_indexscan = off")
    looked = "".join(plans_of(lambda: first_ready(campaign)))
    assert "Index Only Scan using assignment_to_gold" in looked


def test_the_list_is_parted_by_state_and_by_whose_it_is(
    client: Client, campaign: Campaign, manager: User
) -> None:
    title = first(campaign).title
    assert title in page_of(client, f"{url(campaign)}?state=ready")
    assert "No such articles" in page_of(client, f"{url(campaign)}?state=progress")
    open_gold(campaign, first(campaign), by=manager)
    assert title in page_of(client, f"{url(campaign)}?state=progress")
    assert "Nothing of this is yours" in page_of(client, f"{url(campaign)}?mine=1")
    assert len(rows_of(page_of(client, f"{url(campaign)}?state=nonsense&after=x&before=-1"))) == 3


def test_pages_lead_on_and_back(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.adjudication.queries.ON_A_PAGE", 2)
    ahead = re.search(r'rel="next" href="([^"]*)"', page_of(client, url(campaign)))
    assert ahead
    second = page_of(client, url(campaign) + ahead[1])
    assert len(rows_of(second)) == 1
    back = re.search(r'rel="prev" href="([^"]*)"', second)
    assert back
    assert len(rows_of(page_of(client, url(campaign) + back[1]))) == 2


def test_more_articles_are_not_more_queries(
    client: Client, campaign: Campaign, manager: User
) -> None:
    before = queries_of(client, url(campaign))
    for article in more(campaign, 5):
        submitted(campaign, article, annotator_a=(QUOTE,))
        open_gold(campaign, article, by=manager)
    assert queries_of(client, url(campaign)) == before
    assert before <= 14
    assert queries_of(client, url(campaign)) == before - 6, "where nothing changed since"


@pytest.mark.parametrize("who", ["annotator_a", "stranger", "analyst"])
@pytest.mark.parametrize(
    "name", ["adjudication", "adjudicate_next", "adjudicate", "adjudication_take_over"]
)
def test_nobody_else_learns_of_it(
    request: pytest.FixtureRequest, signed_in: Any, campaign: Campaign, who: str, name: str
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    settled = name in ("adjudicate", "adjudication_take_over")
    address = url(campaign, name, *([first(campaign).pk] if settled else []))
    ask = browser.get if name == "adjudication" else browser.post
    assert ask(address).status_code == 404
    assert not Assignment.objects.filter(kind=Kind.GOLD).exists()
    assert "/adjudication/" not in page_of(browser, "/")


def test_an_adjudicator_who_labels_here_does_not_adjudicate_here(
    signed_in: Any, campaign: Campaign, annotator_a: User
) -> None:
    Membership.objects.filter(user=annotator_a).update(role=Role.ADJUDICATOR)
    User.objects.filter(pk=annotator_a.pk).update(role=Role.ADJUDICATOR)
    browser = signed_in(User.objects.get(pk=annotator_a.pk))
    assert browser.get(url(campaign)).status_code == 404
    article = f"/corpora/{campaign.corpus.slug}/articles/{first(campaign).pk}/"
    for address in ("/", f"/campaigns/{campaign.slug}/", article):
        assert "/adjudication/" not in page_of(browser, address)


def test_one_key_at_home_leads_on(client: Client, campaign: Campaign) -> None:
    home = page_of(client, "/")
    assert "1 ready" in home
    assert "0 / 3" in home
    assert "Adjudicate next" in home
    assert home.count("autofocus") == 1
    client.post(url(campaign, "adjudicate_next"))
    home = page_of(client, "/")
    assert "Go on adjudicating" in home
    assert "1 article in your hands" in home


def test_where_nothing_waits_home_is_silent(client: Client, campaign: Campaign) -> None:
    set_status(campaign.assignments.filter(article=first(campaign))[0], Status.REOPENED)
    assert "To adjudicate" not in page_of(client, "/")
    assignments.close(campaign, by=None)
    assert "To adjudicate" not in page_of(client, "/")


def test_who_labels_and_adjudicates_is_led_to_labelling_first(
    client: Client, campaign: Campaign, adjudicator: User
) -> None:
    other = factories.corpus()
    factories.article(other, "Naskah.")
    factories.campaign(other, [adjudicator])
    home = page_of(client, "/")
    assert home.count("autofocus") == 1
    assert home.index("autofocus") < home.index("Adjudicate next")


def test_home_takes_as_many_queries_for_many_campaigns(
    client: Client, campaign: Campaign, adjudicator: User
) -> None:
    before = queries_of(client, "/")
    people = [factories.user(), factories.user()]
    for _ in range(3):
        other = campaign_of(*people, adjudicators=(adjudicator,))
        submitted(other, first(other))
    assert queries_of(client, "/") == before
    assert page_of(client, "/").count("Adjudicate next") == 4


def test_agreement_leads_to_the_place_that_differs(
    client: Client, campaign: Campaign, adjudicator: User, signed_in: Any, analyst: User
) -> None:
    Membership.objects.create(corpus=campaign.corpus, user=analyst, role=Role.ANALYST)
    run = agreement.begin(campaign, include_open=False)
    agreement.compute(run, lambda *progress: None)
    behind = url(campaign, "agreement_spans") + "?step=boundary"
    page = page_of(client, behind)
    assert url(campaign, "adjudicate", first(campaign).pk) in page
    assert '<input type="hidden" name="from" value="7">' in page
    assert '<input type="hidden" name="to" value="18">' in page
    gold = open_gold(campaign, first(campaign), by=adjudicator)
    assert f'href="/desk/{gold.pk}/?from=7&to=18"' in page_of(client, behind)
    assert "/desk/" not in page_of(signed_in(analyst), behind)


def test_an_article_shows_its_gold_layer_and_the_way_to_it(
    client: Client, campaign: Campaign, adjudicator: User, analyst: User, signed_in: Any
) -> None:
    Membership.objects.create(corpus=campaign.corpus, user=analyst, role=Role.ANALYST)
    article = f"/corpora/{campaign.corpus.slug}/articles/{first(campaign).pk}/"
    assert url(campaign, "adjudicate", first(campaign).pk) in page_of(client, article)
    gold = settle(campaign, adjudicator)
    page = page_of(client, article)
    assert "<strong>Gold</strong> (<bdi>adjudicator</bdi>)" in page
    assert f'href="/desk/{gold.pk}/"' in page
    assert "/desk/" not in page_of(signed_in(analyst), article)


def test_a_campaign_leads_to_its_adjudication_and_readers_to_what_was_decided(
    client: Client, campaign: Campaign, signed_in: Any, analyst: User
) -> None:
    Membership.objects.create(corpus=campaign.corpus, user=analyst, role=Role.ANALYST)
    address = f"/campaigns/{campaign.slug}/"
    assert f'href="{url(campaign)}"' in page_of(client, address)
    read = page_of(signed_in(analyst), address)
    assert f'href="{url(campaign)}"' not in read
    assert f'href="{url(campaign, "decisions")}"' in read


def test_of_a_closed_campaign_gold_is_read_and_nothing_more_is_offered(
    client: Client, campaign: Campaign, adjudicator: User, manager: User
) -> None:
    articles = [first(campaign), *more(campaign, 2)]
    for article, by in zip(articles, (adjudicator, manager, adjudicator), strict=True):
        submitted(campaign, article)
        open_gold(campaign, article, by=by)
    settle(campaign, adjudicator)
    assignments.close(campaign, by=None)
    page = page_of(client, url(campaign))
    assert "This campaign is closed" in page
    assert page.count("Gold layer</a>") == 2
    for word in ("Adjudicate</button>", "Take over", "Reopen", "Adjudicate next", "Go on"):
        assert word not in page


def test_where_one_person_labels_and_where_nothing_is_the_page_says_so(
    client: Client, campaign: Campaign
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(overlap=1)
    assert "labelled by one person here" in page_of(client, url(campaign))
    campaign.assignments.filter(article=first(campaign)).update(status=Status.OPEN)
    assert "Nothing is ready yet" in page_of(client, f"{url(campaign)}?state=ready")
    campaign.assignments.update(withdrawn=True)
    assert "Nothing to settle yet" in page_of(client, url(campaign))


def test_it_speaks_indonesian(client: Client, campaign: Campaign) -> None:
    client.cookies["django_language"] = "id"
    with translation.override("en"):
        page = page_of(client, url(campaign))
    assert "Ajudikasi" in page
    assert "di tangan annotator_b" in page
