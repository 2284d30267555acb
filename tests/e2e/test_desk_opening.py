"""How the desk opens: the article first, what stands around it next, then the scripts."""

from collections.abc import Callable
from threading import Event

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from tests.e2e import desk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_the_article_is_shown_before_anything_else_has_come(
    signed_in_browser: Callable[..., BrowserContext],
    annotator: User,
    assignment: Assignment,
) -> None:
    page = signed_in_browser(annotator).new_page()
    held: list[Route] = []
    come = Event()
    page.route(
        "**/static/**/css/desk*.css",
        lambda route: route.continue_() if come.is_set() else held.append(route),
    )
    page.goto(desk.url(assignment), wait_until="commit")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    expect(page.locator("article p").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-opening", "")
    before = page.locator("article p").first.bounding_box()
    page.wait_for_timeout(300)
    assert held
    assert page.locator("label-desk:defined").count() == 0
    come.set()
    for route in held:
        route.continue_()
    desk.ready(page)
    expect(page.locator("html")).not_to_have_attribute("data-opening", "")
    assert page.locator("article p").first.bounding_box() == before


def test_styles_that_do_not_come_keep_nobody_from_working(
    signed_in_browser: Callable[..., BrowserContext], annotator: User, assignment: Assignment
) -> None:
    page = signed_in_browser(annotator).new_page()
    page.route("**/static/**/desk*.css", lambda route: route.abort())
    page.goto(desk.url(assignment))
    page.locator("label-desk[data-ready]").wait_for(state="attached")
    expect(page.get_by_role("button", name="Submit")).to_be_visible()


def test_a_page_that_ends_too_early_says_so(
    signed_in_browser: Callable[..., BrowserContext], annotator: User, assignment: Assignment
) -> None:
    page = signed_in_browser(annotator).new_page()

    def cut(route: Route) -> None:
        answer = route.fetch()
        whole = answer.text()
        route.fulfill(response=answer, body=whole[: whole.index('<script type="application/json"')])

    page.route(f"**{desk.url(assignment)}", cut)
    page.goto(desk.url(assignment))
    expect(page.locator("#notices")).to_contain_text("did not arrive whole")
    expect(page.locator("article")).to_contain_text("bendungan")


def test_without_its_second_file_the_desk_labels_and_says_what_is_missing(
    signed_in_browser: Callable[..., BrowserContext], annotator: User, assignment: Assignment
) -> None:
    page = signed_in_browser(annotator).new_page()
    page.route("**/js/later*.js", lambda route: route.abort())
    page.goto(desk.url(assignment))
    page.locator("label-desk[data-ready]").wait_for()
    expect(page.locator("#desk-alerts")).to_contain_text("could not be fetched")
    desk.focus(page)
    desk.press(page, "w", "1")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"])]


def test_a_key_that_came_too_early_is_not_lost(
    signed_in_browser: Callable[..., BrowserContext], annotator: User, assignment: Assignment
) -> None:
    page = signed_in_browser(annotator).new_page()
    come = Event()
    held: list[Route] = []
    page.route(
        "**/js/later*.js",
        lambda route: route.continue_() if come.is_set() else held.append(route),
    )
    page.goto(desk.url(assignment))
    page.locator("label-desk[data-ready]").wait_for()
    desk.press(page, "?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    come.set()
    for route in held:
        route.continue_()
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert keys.evaluate("dialog => dialog.scrollTop") == 0


def test_what_is_written_for_the_registry_too_early_is_no_command(
    signed_in_browser: Callable[..., BrowserContext], annotator: User, assignment: Assignment
) -> None:
    """The combobox is still on its way: X would remove the span."""
    page = signed_in_browser(annotator).new_page()
    come = Event()
    held: list[Route] = []
    page.route(
        "**/js/later*.js",
        lambda route: route.continue_() if come.is_set() else held.append(route),
    )
    page.goto(desk.url(assignment))
    page.locator("label-desk[data-ready]").wait_for()
    desk.press(page, "w", "1", "@", "x", "e")
    come.set()
    for route in held:
        route.continue_()
    expect(page.get_by_role("combobox", name="Who or what is meant")).to_have_value("xe")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"])]


@pytest.mark.usefixtures("as_written")
def test_browsers_read_the_sources_as_they_are_written(
    signed_in_browser: Callable[..., BrowserContext], annotator: User, assignment: Assignment
) -> None:
    page = signed_in_browser(annotator).new_page()
    files: list[str] = []
    page.on("response", lambda answer: files.append(answer.url))
    page.goto(desk.url(assignment))
    desk.ready(page)
    desk.focus(page)
    desk.press(page, "w", "1")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"])]
    assert any(url.endswith("/js/lib/session.js") for url in files)
