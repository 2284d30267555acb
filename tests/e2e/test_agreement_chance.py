"""Whether a difference is more than chance: asked by keyboard alone, as axe sees it, narrow and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.agreement import services
from annotations.assignments.models import Campaign
from tests import factories
from tests.agreement.layers import article, lay, mark
from tests.e2e.access import violations
from tests.e2e.test_trash import go_to

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.fixture
def campaign() -> Campaign:
    """Of two sources, annotators agree about one."""
    people = [factories.user(name) for name in ("annotator_a", "annotator_b")]
    corpus = factories.corpus()
    rows = [article(corpus, source=source) for source in ("Kompas", "Tempo") for _ in range(4)]
    campaign = factories.campaign(corpus, people, slug="kampanye")
    for row in rows:
        lay(campaign, row, people[0], mark("QUOTE", (0, 9)))
        lay(campaign, row, people[1], mark("QUOTE", (int(row.source == "Tempo"), 9)))
    services.compute(services.begin(campaign, include_open=False), lambda *told: None)
    return campaign


def test_parts_are_asked_about_by_keyboard(
    page_of: Callable[..., Page], manager: User, campaign: Campaign
) -> None:
    page = page_of(manager, "/campaigns/kampanye/agreement/-/parts/?by=source")
    go_to(page, "Test each against all others")
    expect(page.get_by_role("row", name="Kompas")).to_contain_text("more than chance")
    page.set_viewport_size({"width": 360, "height": 800})
    assert violations(page) == []
    page.get_by_label("This part").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer = page.get_by_role("status").filter(has_text="either way")
    expect(answer).to_contain_text("−1.000")
    page.emulate_media(color_scheme="dark")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert violations(page) == []
