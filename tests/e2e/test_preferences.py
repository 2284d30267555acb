"""What a person prefers, in a real browser: at once, before the first paint, in every tab."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from annotations.accounts.models import User
from annotations.accounts.preferences import Preferences
from annotations.accounts.services import prefer
from annotations.assignments.models import Assignment
from annotations.spans.models import Span
from tests import factories
from tests.e2e import desk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]
Profiles = Callable[..., BrowserContext]
LONG = "\n\n".join(f"Alinea {number}. " + "Warga Ampel menolak. " * 12 for number in range(40))


def preferred(user: User) -> Preferences:
    return User.objects.get(pk=user.pk).preferred


def until(page: Page, happened: Callable[[], bool]) -> None:
    for _ in range(100):
        if happened():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not happen")


def kept(page: Page) -> None:
    """The server has every choice."""
    waiting = "Object.keys(localStorage).filter(key => key.startsWith('kutip-preferences')).length"
    until(page, lambda: not page.evaluate(waiting))


def choose(page: Page, question: str, answer: str) -> None:
    page.locator(f"[data-question={question}] [data-answer='{answer}']").click()


def record(page: Page, binding: str, *keys: str) -> None:
    """Choose a key of a binding anew: the first of it."""
    page.locator(f"[data-binding={binding}] .key-cap").first.click()
    desk.press(page, *keys)


def first_in_sight(page: Page) -> int:
    found: int = page.evaluate(
        """() => {
          const edge = document.querySelector("[data-scrolls]").getBoundingClientRect().top
          const blocks = [...document.querySelectorAll("[data-start]")]
          return +blocks.find(one => one.getBoundingClientRect().bottom > edge + 1).dataset.start
        }"""
    )
    return found


def test_a_choice_counts_at_once_and_stays(page_of: Pages, annotator: User) -> None:
    page = page_of(annotator, "/preferences/", color_scheme="light")
    expect(page.get_by_role("button", name="Save")).to_be_hidden()
    choose(page, "theme", "sepia")
    choose(page, "font_size", "5")
    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")
    expect(page.locator("html")).to_have_attribute("data-font-size", "5")
    kept(page)
    assert preferred(annotator) == Preferences(theme="sepia", font_size=5)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")


def test_a_choice_that_arrives_behind_the_question_for_the_next_page_shows_there(
    page_of: Pages, annotator: User
) -> None:
    """The next page was written before the server heard the choice, and the page before has
    forgotten it as sent: only the browser knows better."""
    page = page_of(annotator, "/preferences/", color_scheme="light")
    beside = page.context.new_page()  # a page on its way tells nothing
    beside.goto("/preferences/")
    choices: list[Route] = []
    pages: list[tuple[Route, APIResponse]] = []
    page.route("**/preferences/?of=*", lambda route: choices.append(route))
    page.route("**/", lambda route: pages.append((route, route.fetch())))
    choose(page, "theme", "sepia")
    page.evaluate("setTimeout(() => location.assign('/'))")
    until(beside, lambda: bool(choices and pages))
    choices[0].continue_()
    kept(beside)
    written, answer = pages[0]
    written.fulfill(response=answer)
    expect(page).to_have_url(re.compile("[0-9]/$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")
    kept(page)
    prefer(annotator, {"theme": "dark"})  # elsewhere, later
    page.unroute("**/")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_choice_is_there_before_any_script_has_run(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    prefer(annotator, {"theme": "contrast", "font_size": 5, "typeface": "sans"})
    page = page_of(annotator, "/preferences/", java_script_enabled=False)
    assert page.locator("html").get_attribute("data-theme") == "contrast"
    page.goto(desk.url(assignment))
    assert page.locator("html").get_attribute("data-font-size") == "5"


def test_without_scripts_the_page_is_a_form(page_of: Pages, annotator: User) -> None:
    page = page_of(annotator, "/preferences/", java_script_enabled=False)
    choose(page, "theme", "dark")
    choose(page, "single_keys", "false")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("kept")
    assert preferred(annotator) == Preferences(theme="dark", single_keys=False)


def test_other_tabs_follow(signed_in_browser: Profiles, annotator: User) -> None:
    context = signed_in_browser(annotator, color_scheme="light")
    one, other = context.new_page(), context.new_page()
    one.goto("/preferences/")
    other.goto("/preferences/")
    choose(one, "theme", "dark")
    choose(one, "line_length", "wide")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    expect(other.locator("[name=line_length][value=wide]")).to_be_checked()


def test_what_was_chosen_offline_waits_for_the_server(
    signed_in_browser: Profiles, annotator: User
) -> None:
    context = signed_in_browser(annotator, color_scheme="light")
    page = context.new_page()
    page.goto("/preferences/")
    context.set_offline(True)
    choose(page, "theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert preferred(annotator).theme == "auto"
    context.set_offline(False)
    kept(page)
    assert preferred(annotator).theme == "dark"


def test_the_size_of_the_text_moves_neither_the_place_nor_an_offset(
    page_of: Pages, annotator: User
) -> None:
    assignment = factories.assignment(annotator, LONG)
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    page.evaluate("document.querySelector('[data-start]:nth-child(20)').scrollIntoView()")
    page.wait_for_timeout(300)  # blocks that come into sight find their height
    before = first_in_sight(page)
    assert before > 0
    page.get_by_label("Reading").click()
    for question, answer in (("font_size", "5"), ("line_length", "narrow"), ("font_size", "1")):
        choose(page, question, answer)
        page.wait_for_timeout(120)
        assert first_in_sight(page) == before
    page.keyboard.press("Escape")
    page.mouse.dblclick(*desk.middle_of(page, f"Alinea {_number_at(before) + 1}."))
    page.keyboard.press("1")
    desk.saved(page)
    [span] = Span.objects.filter(assignment=assignment)
    assert LONG[span.fragments[0] :].startswith(f"Alinea {_number_at(before) + 1}.")


def _number_at(offset: int) -> int:
    """The number of the paragraph whose block begins here."""
    return int(LONG[offset:].split(".")[0].split()[-1])


def test_the_letters_of_labels_can_be_hidden(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "w", "1", "Escape")
    shown = "getComputedStyle(document.querySelector('mark'), '::before').display"
    assert page.evaluate(shown) != "none"
    page.get_by_label("Reading").click()
    choose(page, "badges", "false")
    assert page.evaluate(shown) == "none"


def test_a_key_chosen_anew_works_on_the_desk_at_once(
    signed_in_browser: Profiles, annotator: User, assignment: Assignment
) -> None:
    context = signed_in_browser(annotator)
    work, page = context.new_page(), context.new_page()
    work.goto(desk.url(assignment))
    desk.ready(work)
    page.goto("/preferences/")
    record(page, "cursor", "F9")
    expect(page.locator("[data-binding=cursor] .key-cap")).to_have_text("F9")
    kept(page)
    assert preferred(annotator).keys == {"cursor": ["F9"]}
    expect(work.locator(".desk-keys [data-key=cursor]")).to_have_text("F9")
    desk.focus(work)
    desk.press(work, "w", "1", "F9", "2")
    desk.saved(work)
    assert [label for label, _ in desk.spans_of(assignment)] == ["QUOTE"]
    desk.press(work, "?")
    expect(work.locator(".keys-list dt", has_text="F9")).to_have_count(1)


def test_a_key_that_is_taken_is_refused_and_said(page_of: Pages, annotator: User) -> None:
    page = page_of(annotator, "/preferences/")
    record(page, "cursor", "j")
    objection = page.locator("[data-binding=cursor] .key-objection")
    expect(objection).to_have_text("“J” already means: Next span. Choose another.")
    expect(page.locator("key-settings [role=status]")).to_have_text(objection.inner_text())
    desk.press(page, "3")
    expect(objection).to_contain_text("digits are the schema's")
    desk.press(page, "Control+w")
    expect(objection).to_contain_text("belongs to the browser")
    desk.press(page, "Escape")
    expect(page.locator("[data-binding=cursor] .key-cap")).to_be_focused()
    assert preferred(annotator).keys == {}


def test_keys_are_added_removed_and_given_back(page_of: Pages, annotator: User) -> None:
    page = page_of(annotator, "/preferences/")
    row = page.locator("[data-binding=undo]")
    row.get_by_label("Another key").click()
    desk.press(page, "u")
    expect(row.locator(".key-cap")).to_have_text(["Z", "Ctrl Z", "U"])
    row.locator(".key-cap").first.click()
    row.get_by_role("button", name="Remove").click()
    expect(row.locator(".key-cap")).to_have_text(["Ctrl Z", "U"])
    row.get_by_role("button", name="Reset").click()
    expect(row.locator(".key-cap")).to_have_text(["Z", "Ctrl Z"])
    record(page, "cursor", "F9")
    record(page, "help", "F1")
    page.get_by_role("button", name="Reset all keys").click()
    kept(page)
    assert preferred(annotator).keys == {}
    expect(page.get_by_role("button", name="Reset all keys")).to_be_hidden()


def test_without_single_keys_only_the_others_work(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    prefer(annotator, {"single_keys": False, "keys": {"cursor": ["Alt+w", "w"]}})
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    desk.focus(page)
    desk.press(page, "Alt+w", "ArrowRight", "1", "x")
    page.locator(".palette").get_by_role("button", name="Actor").click()
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Laras"])]
    desk.press(page, "z")
    desk.press(page, "Control+z")
    expect(page.locator("mark")).to_have_count(0)
    desk.saved(page)
    expect(page.locator(".desk-keys [data-key=link]")).to_be_hidden()


def test_home_leads_on_by_one_key(page_of: Pages, annotator: User, assignment: Assignment) -> None:
    page = page_of(annotator, "/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{desk.url(assignment)}")


@pytest.mark.parametrize("theme", ["light", "dark", "sepia", "contrast"])
def test_axe_finds_nothing_to_complain_of(
    page_of: Pages, annotator: User, assignment: Assignment, theme: str
) -> None:
    prefer(annotator, {"theme": theme, "keys": {"undo": ["u"]}, "single_keys": False})
    page = page_of(annotator, "/preferences/", bypass_csp=True)
    page.locator("[data-binding=cursor] .key-add").click()
    found = {"preferences": faults(page)}
    page.goto("/")
    found["home"] = faults(page)
    page.goto(desk.url(assignment))
    desk.ready(page)
    page.get_by_label("Reading").click()
    found["desk"] = faults(page)
    assert {place: said for place, said in found.items() if said} == {}


def faults(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found]


@pytest.mark.parametrize("locale", ["en-US", "id-ID"])
def test_nothing_hangs_over_the_edge_of_a_phone(
    page_of: Pages, annotator: User, assignment: Assignment, locale: str
) -> None:
    page = page_of(
        annotator, "/preferences/", locale=locale, viewport={"width": 360, "height": 740}
    )
    page.locator(".key-row").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.goto(desk.url(assignment))
    desk.ready(page)
    page.locator(".reading-menu summary").click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
