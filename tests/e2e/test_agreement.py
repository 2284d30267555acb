"""The agreement of a campaign as axe sees it, wide, narrow and dark; from a number to its spans."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.agreement import services
from annotations.assignments.models import Campaign
from tests import factories
from tests.agreement.layers import article, lay, mark
from tests.e2e.access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
PAGES = ("", "STANCE/", "-/parts/?by=annotator")


@pytest.fixture
def campaign() -> Campaign:
    corpus = factories.corpus()
    people = [factories.user("annotator_a"), factories.user("annotator_b")]
    rows = [article(corpus, title=f"Berita {at}") for at in range(3)]
    campaign = factories.campaign(corpus, people, slug="kampanye")
    for at, row in enumerate(rows):
        for who, end, polarity in zip(people, (12, 18), ("favor", "against"), strict=True):
            lay(campaign, row, who, mark("STANCE", (7, end), polarity=polarity if at else "favor"))
    services.compute(services.begin(campaign, include_open=False), lambda *progress: None)
    return campaign


def test_every_page_is_sound_and_a_polarity_leads_to_its_spans(
    page_of: Callable[..., Page], manager: User, campaign: Campaign
) -> None:
    url = "/campaigns/kampanye/agreement/"
    page = page_of(manager, url)
    for scheme, width in (("light", 1280), ("dark", 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        for each in PAGES:
            page.goto(page.url.split("/campaigns/")[0] + url + each)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert violations(page) == [], (scheme, each)
    page.goto(page.url.split("/campaigns/")[0] + url)
    row = page.get_by_role("row").filter(has_text="Polarity").filter(has=page.get_by_role("link"))
    row.filter(has_text="Stance").first.locator("a[href*='what=value']").first.press("Enter")
    expect(page.get_by_text("2 places")).to_be_visible()
