"""The desk for every eye, hand and ear."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from tests.e2e import desk
from tests.e2e.access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


def worked_on(page: Page) -> None:
    """Spans of every kind, one of them with nested spans and a relation."""
    desk.focus(page)
    desk.press(page, "w", "Shift+ArrowRight", "1", "w", "4", "w", "Shift+ArrowRight", "5")
    desk.press(page, "w", "Shift+ArrowRight*4", "2", "w", "3", "l", "Enter")
    desk.saved(page)


STATES: dict[str, Callable[[Page], None]] = {
    "nothing selected": lambda page: desk.press(page, "Escape", "Escape", "Escape"),
    "a stance": lambda page: page.locator("mark[data-colour=stance]").click(),
    "an actor": lambda page: page.locator("mark[data-colour=actor]").first.click(),
    "the registry": lambda page: desk.press(page, "k", "k", "k", "@"),
    "a selection": lambda page: desk.drag(page, "penolakan itu"),
    "linking": lambda page: desk.press(page, "k", "l"),
    "all spans": lambda page: page.locator(".all-spans summary").click(),
    "the keys": lambda page: desk.press(page, "?"),
    "what is missing": lambda page: page.get_by_role("button", name="Submit").click(),
    "a suggestion": lambda page: desk.press(page, "."),
    "a note": lambda page: desk.press(page, "k", "f", "c"),
    "what was done": lambda page: desk.press(page, "h"),
    "waiving": lambda page: desk.press(page, "'", "v"),
    "a quote by its words": lambda page: desk.press(page, "q"),
    "the same words": lambda page: desk.press(page, "k", "s"),
}


@pytest.mark.parametrize("theme", ["light", "dark", "sepia", "contrast"])
def test_axe_finds_nothing_in_any_state(
    page_of: Pages, annotator: User, assignment: Assignment, theme: str
) -> None:
    User.objects.filter(pk=annotator.pk).update(preferences={"theme": theme})
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    worked_on(page)
    for name, enter in STATES.items():
        desk.press(page, "Escape")
        desk.focus(page)
        enter(page)
        page.wait_for_timeout(150)
        assert violations(page) == [], name
        if page.get_by_role("dialog").count():
            desk.press(page, "Escape")


def test_axe_finds_nothing_on_a_submitted_and_on_a_narrow_page(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(
        page_of(annotator, desk.url(assignment), viewport={"width": 390, "height": 780})
    )
    worked_on(page)
    assert violations(page) == []
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted")
    page.reload()
    page.locator("label-desk[data-ready]").wait_for()
    assert violations(page) == []


def test_the_article_reads_whole_to_the_ear_and_on_paper(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    worked_on(page)
    tree = page.locator("article").aria_snapshot()
    heard = "".join(tree.split())
    for words in ("🚢", "rencana", "katanya", "Ampel"):
        assert words in heard
    assert page.locator("article").inner_text().split() == desk.TEXT.split()
    page.emulate_media(media="print")
    expect(page.locator(".desk-side")).to_be_hidden()
    expect(page.locator("article p").last).to_be_visible()


def test_a_letter_is_never_part_of_the_text(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    worked_on(page)
    desk.focus(page)
    page.keyboard.press("Control+a")
    copied = page.evaluate("String(getSelection())")
    assert desk.TEXT.split()[0] in copied
    assert "Q“" not in copied


def test_labelling_moves_no_word(page_of: Pages, annotator: User, assignment: Assignment) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    places = (
        "[...document.querySelectorAll('article p')].map(p => p.getBoundingClientRect().toJSON())"
    )
    before = page.evaluate(places)
    worked_on(page)
    assert page.evaluate(places) == before


def test_everything_fits_at_four_hundred_percent(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(
        page_of(annotator, desk.url(assignment), viewport={"width": 320, "height": 256})
    )
    worked_on(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_colour_is_never_the_only_sign(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment), forced_colors="active"))
    worked_on(page)
    lines = page.evaluate(
        "[...document.querySelectorAll('mark[data-badge]')].map(m => [getComputedStyle(m).borderBottomStyle, m.dataset.badge])"
    )
    assert {tuple(line) for line in lines} == {
        ("solid", "A"),
        ("dashed", "S"),
        ("solid", "T"),
        ("double", "Q"),
        ("dotted", "C"),
    }


def test_where_one_is_can_be_heard_on_demand(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = desk.ready(page_of(annotator, desk.url(assignment)))
    worked_on(page)
    desk.press(page, "j", "i")
    expect(page.locator("#desk-live")).to_contain_text("“")


def test_without_scripts_a_submitted_article_is_painted(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    worked_on(desk.ready(page_of(annotator, desk.url(assignment))))
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted")
    painted = page_of(annotator, desk.url(assignment), java_script_enabled=False)
    with_scripts = page_of(annotator, desk.url(assignment))
    with_scripts.locator("label-desk[data-ready]").wait_for()
    for selector in ("mark", "mark[data-badge]"):
        assert (
            painted.locator(selector).all_inner_texts()
            == with_scripts.locator(selector).all_inner_texts()
        )


def test_the_interface_speaks_indonesian(
    page_of: Pages, annotator: User, assignment: Assignment
) -> None:
    page = page_of(annotator, desk.url(assignment), locale="id-ID")
    expect(page.locator(".palette")).to_contain_text("Kutipan")
