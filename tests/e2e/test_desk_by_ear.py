"""The desk for those who listen: buttons and dialogs alone, as a screen reader offers them where it
keeps the single keys for itself. What is read is the browser's accessibility tree, and what the page
says of itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from tests.e2e import desk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


class Listener:
    """Presses what has a name, and hears."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._browser = page.context.new_cdp_session(page)

    def press(self, name: str, *, hears: str = "") -> None:
        """The first button whose name begins so; `hears`: what is said then."""
        button = self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first
        button.focus()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#desk-live")).to_contain_text(hears)

    def label(self, words: str, label: str) -> None:
        """Label by quote."""
        self.press("Label by quote")
        dialog = self.page.get_by_role("dialog", name="Label by quote")
        self.page.keyboard.insert_text(words)
        dialog.get_by_label("Label", exact=True).select_option(label)
        expect(dialog.get_by_role("status").last).to_contain_text("They stand here once.")
        self.press("Place", hears=f"{label} “\u2068{words}\u2069”")

    @property
    def at(self) -> tuple[str, str]:
        """The role and the name of what has the focus."""
        for node in self._browser.send("Accessibility.getFullAXTree")["nodes"]:
            known = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
            if known.get("focused") and node["role"]["value"] != "RootWebArea":
                return node["role"]["value"], node["name"]["value"]
        return "", ""


def test_a_whole_job_is_done_by_what_has_a_name_and_is_heard(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    person = Listener(desk.ready(page_of(annotator, desk.url(assignment))))
    article = ("article", "Untitled article")
    person.label("Menteri Laras", "Actor")
    assert person.at == article
    person.label("Warga Desa Ampel", "Actor")
    person.label("menolak", "Stance")
    person.press("Choose a span as holder", hears="Link to Actor “\u2068Menteri Laras")
    assert person.at == article
    person.press("Next", hears="Link to Actor “\u2068Warga Desa Ampel")
    assert person.at == ("button", "Next")
    person.press("Previous", hears="Link to Actor “\u2068Menteri Laras")
    person.press("Link", hears="Linked: holder")
    assert person.at == article
    person.press("against")
    assert person.at == ("button", "against")
    desk.saved(person.page)
    assert desk.relations_of(assignment) == [("HOLDER", "menolak", "Menteri Laras")]

    person.press("Remove holder: Menteri Laras")
    assert person.at == ("button", "Choose a span as holder")
    person.page.locator(".all-spans summary").press("Enter")
    person.press("Actor: Warga Desa Ampel", hears="Actor “\u2068Warga Desa Ampel")
    assert person.at == article
    person.press("Remove the selected span", hears="Removed.")
    assert person.at == article
    person.press("Undo", hears="Undone.")
    assert person.at == article
    desk.saved(person.page)
    assert len(desk.spans_of(assignment)) == 3


def test_a_span_of_the_list_is_the_other_end_while_one_is_sought(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    person = Listener(desk.ready(page_of(annotator, desk.url(assignment))))
    person.label("Menteri Laras", "Actor")
    person.label("Warga Desa Ampel", "Actor")
    person.label("menolak", "Stance")
    person.page.locator(".all-spans summary").press("Enter")
    person.press("Choose a span as holder")
    person.press("Actor: Warga Desa Ampel", hears="Linked: holder")
    desk.saved(person.page)
    assert desk.relations_of(assignment) == [("HOLDER", "menolak", "Warga Desa Ampel")]


@pytest.mark.parametrize("name", ["Label by quote", "All keys"])
def test_a_dialog_that_is_left_leads_back_to_where_it_was_asked_from(
    page_of: Pages, annotator: User, assignment: Assignment, name: str
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    person, dialog = Listener(page), page.get_by_role("dialog")
    button = page.get_by_role("button", name=name)
    person.press(name)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Close").first.click()
    expect(dialog).to_have_count(0)
    assert person.at == ("article", "Untitled article")


def test_who_is_at_a_span_of_the_list_stays_there_while_it_changes(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    person = Listener(page)
    person.label("Menteri Laras", "Actor")
    person.label("menolak", "Stance")
    page.locator(".all-spans summary").press("Enter")
    rows = page.locator(".all-spans button")
    actor = rows.filter(has_text="Menteri Laras")
    actor.focus()
    # as when a change of another tab comes
    page.evaluate("document.querySelector('label-desk').session.place('ACTOR', [60, 70])")
    expect(rows).to_have_count(3)
    expect(actor).to_be_focused()
    page.evaluate(
        "(({ session }) => session.remove(session.inOrder[0]))(document.querySelector('label-desk'))"
    )
    expect(rows).to_have_count(2)
    expect(rows.first).to_be_focused()
