"""Notes, flags and confidence, waived quotations, and the way back through what was done."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.spans.models import Remark
from tests import factories
from tests.e2e import desk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


@pytest.fixture
def page(page_of: Pages, annotator: User, assignment: Assignment) -> Page:
    opened = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(opened)
    return opened


def remarks_of(assignment: Assignment) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for row in Remark.objects.filter(assignment=assignment, removed=False).order_by("at"):
        found.setdefault(row.kind, []).append(row.body)
    return found


def label_first_words(page: Page) -> None:
    """“Menteri Laras” is an actor, and selected."""
    desk.press(page, "w", "Shift+ArrowRight", "1")
    desk.saved(page)


def test_a_note_on_a_span_is_written_by_keys_and_kept(page: Page, assignment: Assignment) -> None:
    label_first_words(page)
    desk.press(page, "c")
    page.keyboard.type("Jabatan dan nama?")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_contain_text("Jabatan dan nama?")
    desk.saved(page)
    [note] = remarks_of(assignment)["note"]
    assert note["text"] == "Jabatan dan nama?"
    desk.ready(page.goto(page.url) and page)
    page.mouse.click(*desk.middle_of(page, "Laras"))
    expect(page.locator(".note")).to_contain_text("laras")


def test_a_note_that_is_kept_by_enter_gives_the_keys_back(
    page: Page, assignment: Assignment
) -> None:
    label_first_words(page)
    desk.press(page, "c")
    page.keyboard.type("ragu")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_contain_text("ragu")
    assert page.evaluate("document.activeElement.tagName") == "ARTICLE"
    desk.press(page, "x")
    desk.saved(page)
    assert desk.spans_of(assignment) == []


def test_a_note_on_the_article_is_changed_and_removed(page: Page, assignment: Assignment) -> None:
    desk.press(page, "c")
    page.keyboard.type("Teks terpotong")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Change this note").click()
    page.keyboard.type(" di akhir")
    page.keyboard.press("Enter")
    expect(page.locator(".note-words")).to_have_text("Teks terpotong di akhir")
    page.get_by_role("button", name="Remove this note").click()
    expect(page.locator(".note")).to_have_count(0)
    desk.saved(page)
    assert remarks_of(assignment) == {}


def test_what_is_written_in_a_note_outlives_a_change_elsewhere(page: Page) -> None:
    label_first_words(page)
    desk.press(page, "c")
    page.keyboard.type("belum selesai")
    page.locator(".choice-flag").first.click()
    field = page.get_by_label("Note on this span")
    expect(page.locator(".note")).to_contain_text("belum selesai")
    expect(field).to_have_value("")


def test_flags_and_confidence_of_a_span(page: Page, assignment: Assignment) -> None:
    label_first_words(page)
    desk.press(page, "f")
    page.get_by_role("button", name="high").click()
    desk.saved(page)
    [flag] = remarks_of(assignment)["flag"]
    assert (flag["flags"], flag["confidence"]) == (["unsure"], 3)
    expect(page.locator("article mark[data-flagged]")).to_have_count(1)
    desk.focus(page)
    desk.press(page, "f", "z", "z", "z")
    desk.saved(page)
    assert remarks_of(assignment) == {}


def test_removing_a_span_takes_its_note_and_undo_brings_it_back(
    page: Page, assignment: Assignment
) -> None:
    label_first_words(page)
    desk.press(page, "c")
    page.keyboard.type("penting")
    page.keyboard.press("Enter")
    desk.focus(page)
    desk.press(page, "x")
    desk.saved(page)
    assert remarks_of(assignment) == {}
    desk.press(page, "z")
    desk.saved(page)
    assert [note["text"] for note in remarks_of(assignment)["note"]] == ["penting"]


def test_every_quotation_is_attributed_or_waived_with_a_reason(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    Campaign.objects.update(quote_coverage=True, suggestions=False)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    coverage = page.get_by_role("region", name="Quotations")
    expect(coverage).to_contain_text("0 of 2 quoted stretches attributed")
    desk.focus(page)
    desk.press(page, "'", "2")
    expect(coverage).to_contain_text("1 of 2 quoted stretches attributed")
    desk.press(page, "Escape", "Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("tapi bukan di sini")
    dialog.get_by_role("button", name="Back to the article").click()
    desk.press(page, "'", "v")
    page.keyboard.type("ironi")
    dialog.get_by_role("button", name="Waive").click()
    expect(coverage).to_contain_text("1 waived")
    desk.saved(page)
    assert [w["reason"] for w in remarks_of(assignment)["waiver"]] == ["ironi"]
    desk.press(page, "Control+Enter")
    expect(dialog.get_by_role("button", name="Submit")).to_be_visible()


def test_back_to_any_step_and_forth_again(page: Page, assignment: Assignment) -> None:
    label_first_words(page)
    desk.press(page, "Escape", "w", "2", "Escape", "w", "5")
    desk.saved(page)
    assert len(desk.spans_of(assignment)) == 3
    desk.press(page, "Escape", "h")
    dialog = page.get_by_role("dialog")
    steps = dialog.locator(".past-step")
    expect(steps).to_have_count(3)
    expect(steps.first).to_contain_text(re.compile("now"))
    steps.last.get_by_role("button", name="Back to here").click()
    expect(page.locator("mark")).to_have_count(1)
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri Laras"])]
    desk.press(page, "z")
    desk.saved(page)
    assert len(desk.spans_of(assignment)) == 3
    desk.press(page, "h")
    expect(dialog.locator(".past-step")).to_have_count(5)


def test_signing_in_again_over_the_page_sends_what_was_kept(
    page: Page, annotator: User, assignment: Assignment
) -> None:
    annotator.set_password(factories.PASSWORD)
    annotator.save()
    page.context.clear_cookies(name="session")
    label_first_words_offline(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sign in again")
    page.keyboard.type("bukan kata sandi")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri Laras"])]


def label_first_words_offline(page: Page) -> None:
    desk.press(page, "w", "Shift+ArrowRight", "1")
    expect(page.locator("save-state")).to_have_attribute("data-state", "signed-out")


def test_the_next_quotation_continues_the_selected_quote(
    page: Page, assignment: Assignment
) -> None:
    desk.press(page, "'", "2", "'", "+")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("QUOTE", ["“Kami siap,”", "“tapi bukan di sini.”"])]
