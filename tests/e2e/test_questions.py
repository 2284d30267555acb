"""An adjudicator asks at the desk, the annotator answers from home, both by keys alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.conversation.models import Message
from tests.conversation.asking import said
from tests.e2e import desk
from tests.e2e.access import violations
from tests.e2e.test_trash import go_to

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


def test_a_question_is_asked_answered_and_read(
    page_of: Pages, adjudicator: User, annotator: User, gold: Assignment
) -> None:
    page = desk.ready(page_of(adjudicator, desk.url(gold)))
    expect(page.locator("case-panel")).to_be_focused()
    desk.press(page, "q")
    page.keyboard.type("Mengapa hanya “lima”?")
    expect(page.locator(".case-field", has_text="To seto, about this span")).to_be_visible()
    page.context.set_offline(True)
    desk.press(page, "Enter")
    expect(page.get_by_role("alert").filter(has_text="please send it again")).to_be_visible()
    expect(page.locator("[data-focus=question]")).to_have_value("Mengapa hanya “lima”?")
    page.context.set_offline(False)
    desk.press(page, "Enter")
    expect(page.locator(".case-thread")).to_contain_text("Mengapa hanya “lima”?")
    expect(page.locator("case-panel")).to_be_focused()
    assert violations(page) == []
    seto = User.objects.get(username="seto")
    _answer(page_of(seto, "/"))
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".case-thread .chip")).to_have_text("new")
    page.get_by_role("button", name="Read; needs no answer").press("Enter")
    expect(page.locator(".case-thread .chip")).to_have_count(0)
    assert not Message.objects.filter(waits=True).exists()
    assert Message.objects.count() == 2


def test_the_desk_of_the_annotator_leads_to_what_was_asked_by_keys(
    page_of: Pages, adjudicator: User, campaign: Campaign, gold: Assignment
) -> None:
    layer = campaign.assignments.get(annotator__username="seto", article=gold.article)
    span = layer.spans.order_by("fragments")[0].id
    said(layer, adjudicator, "Mengapa hanya “lima”?", span=span)
    said(layer, adjudicator, "Dan artikelnya?")
    page = desk.ready(page_of(layer.annotator, desk.url(layer)))
    ways = page.locator(".thread-ways")
    expect(ways).to_have_text("1 questionwaits for you1 question about spanswaits for you")
    desk.press(page, "j")
    expect(ways).to_have_text("1 questionwaits for you")
    assert violations(page) == []
    page.get_by_role("link", name="1 question").press("Enter")
    expect(page.get_by_text("Mengapa hanya “lima”?")).to_be_visible()
    expect(page.get_by_text("Dan artikelnya?")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Your answer")).to_be_focused()


def _answer(page: Page) -> None:
    """From home to the question, and an answer; wide, narrow and dark."""
    go_to(page, "1 question about your layers")
    expect(page.get_by_role("textbox", name="Your answer")).to_be_focused()
    expect(page.locator("mark")).to_have_text("lima")
    for scheme, width in (("light", 1280), ("dark", 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert violations(page) == []
    page.keyboard.type("Hurufnya tak disebut.")
    desk.press(page, "Tab", "Enter")
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(page.get_by_text("waits for you")).to_have_count(0)
