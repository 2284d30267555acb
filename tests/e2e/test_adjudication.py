"""An adjudicator at the desk: cases settled by keys alone, taken back, kept while offline."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Status
from annotations.assignments.services import reopen
from annotations.spans.models import Remark
from tests.e2e import desk
from tests.e2e.access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


@pytest.fixture
def page(page_of: Pages, adjudicator: User, gold: Assignment) -> Page:
    opened = desk.ready(page_of(adjudicator, desk.url(gold)))
    expect(opened.locator("case-panel")).to_be_focused()
    return opened


def title(page: Page, words: str) -> None:
    expect(page.locator("case-panel h2")).to_have_text(words)


def settlements_of(gold: Assignment) -> list[dict[str, str]]:
    rows = Remark.objects.filter(assignment=gold, kind="settlement", removed=False)
    return [row.body for row in rows.order_by("changed_seq")]


def decisions_of(gold: Assignment) -> list[str]:
    return [each["decision"] for each in settlements_of(gold)]


def reasons_of(gold: Assignment) -> list[str]:
    return [each["reason"] for each in settlements_of(gold)]


def test_every_case_is_settled_by_keys_and_the_article_submitted(
    page: Page, gold: Assignment
) -> None:
    title(page, "Case 1 of 3")
    expect(page.locator("case-marks .case-flag")).to_have_count(3)
    desk.press(page, "Control+Enter")
    dialog = page.get_by_role("dialog", name="3 cases to settle")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    desk.press(page, "Escape", "y")
    page.keyboard.type("Nama saja")
    desk.press(page, "Enter", "2")
    title(page, "Case 2 of 3")
    desk.press(page, "m", "Tab", "Tab", "ArrowRight", "Enter")
    title(page, "Case 3 of 3")
    desk.press(page, "r")
    expect(page.locator("#desk-live")).to_contain_text("Every case is settled.")
    desk.press(page, "Control+Enter")
    page.get_by_role("dialog", name="Submit").get_by_role("button", name="Submit").press("Enter")
    expect(page.get_by_role("dialog", name="Submitted")).to_be_visible()
    gold.refresh_from_db()
    assert gold.status == Status.SUBMITTED
    assert desk.spans_of(gold) == [("ACTOR", ["lima huruf"]), ("QUOTE", ["setiap kata"])]
    assert decisions_of(gold) == ["take", "merge", "none"]
    assert reasons_of(gold) == ["Nama saja", "", ""]


def test_a_decision_is_taken_back_in_one_step_and_its_case_is_looked_at_again(
    page: Page, gold: Assignment
) -> None:
    desk.press(page, "1")
    title(page, "Case 2 of 3")
    desk.press(page, "u")
    title(page, "Case 1 of 3")
    expect(page.locator("case-panel .case-head .chip")).to_have_text("open")
    desk.press(page, "Shift+u", "Shift+k")
    desk.saved(page)
    assert decisions_of(gold) == ["take"]


def test_a_key_that_is_held_down_decides_once(page: Page, gold: Assignment) -> None:
    for _ in range(3):
        page.keyboard.down("1")
    title(page, "Case 2 of 3")
    desk.saved(page)
    assert decisions_of(gold) == ["take"]


def test_what_is_edited_by_hand_is_settled_as_it_stands_and_tells_where_it_came_from(
    page: Page, gold: Assignment
) -> None:
    desk.press(page, "e")
    expect(page.locator("article")).to_be_focused()
    desk.press(page, "}", "}", "p", "0")
    title(page, "Case 2 of 3")
    desk.press(page, "p", "j")
    expect(page.locator("case-origin")).to_contain_text("Case 1 of 3")
    desk.saved(page)
    assert decisions_of(gold) == ["merge"]
    assert desk.spans_of(gold) == [("ACTOR", ["lima huruf setiap"])]


def test_decisions_made_offline_arrive_later(page: Page, gold: Assignment) -> None:
    page.context.set_offline(True)
    desk.press(page, "1", "2")
    expect(page.locator("save-state")).to_have_attribute("data-state", "offline")
    title(page, "Case 3 of 3")
    page.context.set_offline(False)
    desk.saved(page)
    assert decisions_of(gold) == ["take", "take"]


def test_a_layer_that_goes_back_to_its_annotator_is_told_and_its_versions_go(
    page: Page, gold: Assignment
) -> None:
    expect(page.locator(".case-version")).to_have_count(2)
    reopen(gold.campaign.assignments.get(annotator__username="seto"), by=None)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("case-panel .notice")).to_contain_text("seto (reopened)")
    expect(page.locator(".case-version")).to_have_count(1)
    expect(page.locator("#desk-live")).to_contain_text("Layers of annotators have changed.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_any_case(
    page_of: Pages, adjudicator: User, gold: Assignment, theme: str
) -> None:
    User.objects.filter(pk=adjudicator.pk).update(preferences={"theme": theme})
    page = desk.ready(page_of(adjudicator, desk.url(gold)))
    title(page, "Case 1 of 3")
    desk.press(page, "1", "m")
    assert violations(page) == []
    desk.press(page, "Escape", "Shift+k")
    page.locator(".case-all summary").click()
    expect(page.locator(".case-settled")).to_be_visible()
    assert violations(page) == []


def test_a_case_of_the_list_keeps_the_focus_when_it_is_gone_to(page: Page) -> None:
    page.locator(".case-all summary").press("Enter")
    last = page.locator(".case-all li button").last
    last.press("Enter")
    expect(last).to_have_attribute("aria-current", "true")
    expect(last).to_be_focused()
