"""What an annotator is corrected in, from home by keyboard alone, as axe sees it, wide, narrow and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from tests import factories
from tests.adjudication.correcting import settled_first, shown_campaign
from tests.e2e.access import violations
from tests.e2e.test_trash import go_to

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.fixture
def annotator() -> User:
    return factories.user("annotator_b")


@pytest.fixture
def campaign(annotator: User) -> Campaign:
    adjudicator = factories.user("arya", role="adjudicator")
    found = shown_campaign(factories.user("annotator_a"), annotator, adjudicator=adjudicator)
    settled_first(found, adjudicator)
    return found


def test_from_home_to_what_was_corrected_and_into_the_article(
    page_of: Callable[..., Page], annotator: User, campaign: Campaign
) -> None:
    page = page_of(annotator, "/")
    go_to(page, "1 article of yours is settled: what was corrected")
    expect(page.get_by_role("heading", level=1)).to_have_text("What was corrected")
    go_to(page, "Other boundaries\n1")
    expect(page.get_by_role("listitem").filter(has_text="Tanpa kata pengantar")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert violations(page) == []
    go_to(page, "Write about this")
    page.wait_for_url("**/questions/*/?span=*")
    expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
    page.go_back()
    go_to(page, "Berita 1")
    page.wait_for_url("**/desk/*/**")
    expect(page.get_by_text("This article is settled.")).to_be_visible()
    go_to(page, "What was corrected")
    page.wait_for_url("**/corrections/?article=*")
