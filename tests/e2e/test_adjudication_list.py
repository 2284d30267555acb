"""The list of what is adjudicated and the decisions, by keyboard alone, as axe sees them, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.adjudication.services import open_gold
from annotations.assignments.models import Assignment, Campaign, Kind
from tests import factories
from tests.adjudication.settling import campaign_of, more, submitted
from tests.agreement.layers import mark
from tests.e2e.access import violations
from tests.e2e.test_trash import go_to
from tests.web.test_decisions import settle

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]
SIZES = ({"width": 1280, "height": 900}, {"width": 360, "height": 700})


@pytest.fixture
def adjudicator() -> User:
    return factories.user("arya", role="adjudicator")


@pytest.fixture
def campaign(adjudicator: User) -> Campaign:
    """Three articles: one is settled, one is with another adjudicator, one is ready."""
    people = [factories.user(name) for name in ("annotator_a", "annotator_b")]
    other = factories.user("dewi", role="adjudicator")
    found = campaign_of(*people, adjudicators=(adjudicator, other))
    quote, longer = mark("QUOTE", (7, 12)), mark("QUOTE", (7, 18))
    articles = [*found.corpus.articles.all(), *more(found, 2)]
    for article in articles:
        cue = mark("CUE", (40, 44))
        submitted(found, article, annotator_a=(quote, cue), annotator_b=(longer,))
    settle(found, articles[0], adjudicator)
    open_gold(found, articles[1], by=other)
    return found


def test_from_home_to_the_desk_and_over_what_another_holds_by_keyboard(
    page_of: Pages, adjudicator: User, campaign: Campaign
) -> None:
    page = page_of(adjudicator, "/")
    expect(page.get_by_role("button", name="Adjudicate next")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/*/")
    page.goto(f"/campaigns/{campaign.slug}/adjudication/?state=progress")
    expect(page.get_by_text("2 cases are open")).to_have_count(2)
    go_to(page, "Take over…")
    expect(page.get_by_role("dialog")).to_contain_text("dewi can open it no more")
    go_to(page, "Take over")
    page.wait_for_url("**/desk/*/")
    held = Assignment.objects.filter(kind=Kind.GOLD, annotator=adjudicator)
    assert held.count() == 3


def test_list_and_decisions_are_in_order_wide_and_narrow(
    page_of: Pages, adjudicator: User, campaign: Campaign
) -> None:
    page = page_of(adjudicator, f"/campaigns/{campaign.slug}/adjudication/")
    for address in ("", "decisions/"):
        page.goto(f"/campaigns/{campaign.slug}/adjudication/{address}")
        for size in SIZES:
            page.set_viewport_size(size)
            overflow = "document.documentElement.scrollWidth > innerWidth"
            assert not page.evaluate(overflow), (address, size)
            assert violations(page) == []
