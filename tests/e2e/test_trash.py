"""Corpora and campaigns in the trash: by keyboard alone, and while somebody labels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments import trash
from annotations.assignments.models import Assignment
from annotations.corpora.models import Corpus, Membership
from annotations.registry.duplicates import compare
from annotations.spans.uses import count
from tests import factories
from tests.e2e import desk
from tests.e2e.access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


@pytest.fixture
def manager(assignment: Assignment) -> User:
    manager = factories.user("manager", role="manager")
    Membership.objects.create(corpus=assignment.corpus, user=manager, role="manager")
    return manager


def go_to(page: Page, words: str) -> None:
    """Move the focus by Tab to what has these words, and choose it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = (
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
        )
        if page.evaluate(focused).strip() == words:
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab does not come to “{words}”")


def test_a_campaign_and_its_corpus_are_deleted_and_restored_by_keyboard(
    page_of: Pages, manager: User, assignment: Assignment
) -> None:
    campaign, corpus = assignment.campaign, assignment.corpus
    page = page_of(manager, f"/campaigns/{campaign.slug}/")
    go_to(page, "Delete…")
    page.get_by_role("heading", name="Delete this campaign?").wait_for()
    go_to(page, "Delete")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash")
    go_to(page, f"Restore {campaign.name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(campaign.name)
    page.goto(f"/corpora/{corpus.slug}/trash/")
    go_to(page, "Delete the whole corpus…")
    page.get_by_role("heading", name="Delete this corpus?").wait_for()
    go_to(page, "Delete")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash")
    go_to(page, f"Restore {corpus.name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(corpus.name)


def test_who_labels_meanwhile_is_told_and_loses_nothing(
    page_of: Pages, manager: User, annotator: User, assignment: Assignment
) -> None:
    page = page_of(annotator, desk.url(assignment))
    desk.ready(page)
    trash.withdraw_campaign(assignment.campaign, by=manager)
    desk.focus(page)
    desk.press(page, "w", "1")
    state = page.locator("save-state")
    expect(state).to_contain_text("Not yours any more")
    state.get_by_role("button", name="Look").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("waits in the trash")
    expect(dialog).to_contain_text("kept on this device")
    assert desk.spans_of(assignment) == []
    trash.restore_campaign(assignment.campaign, by=manager)
    dialog.get_by_role("button", name="Try again").click()
    desk.saved(page)
    assert [label for label, _ in desk.spans_of(assignment)] == ["ACTOR"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_for_everyone(
    page_of: Pages, manager: User, assignment: Assignment, theme: str, width: int
) -> None:
    corpus = Corpus.objects.get(pk=assignment.corpus_id)
    for name in ("Sari Dewi", "Sari Dewi", "Sari Dewii"):
        factories.entity(corpus, name)
    compare(corpus.registry_id, progress=lambda done, total: None, hold=lambda: None)
    count(corpus.registry, hold=lambda: None)
    trash.withdraw_campaign(factories.campaign(corpus, [manager]), by=manager)
    size = {"width": width, "height": 844}
    page = page_of(manager, "/trash/", color_scheme=theme, viewport=size)
    found = {}
    for path in (
        "/trash/",
        f"/corpora/{corpus.slug}/delete/",
        f"/campaigns/{assignment.campaign.slug}/delete/",
        f"/registry/{corpus.registry_id}/?order=use",
        f"/registry/{corpus.registry_id}/duplicates/",
    ):
        page.goto(path)
        found[path] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append("wider than the window")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
