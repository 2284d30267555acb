"""Selecting in the desk: by keys, with the mouse and its handles, by touch, by quote."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.spans.models import Span
from tests import factories
from tests.e2e import desk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]


SPLIT = "“Kami siap,” katanya, “tapi bukan di sini.”"


def point(page: Page, words: str, part: float = 0.5) -> tuple[float, float]:
    """A point within the line of these words: at their beginning (0), middle, end (1)."""
    x, y = page.evaluate(
        """([words, part]) => {
          const text = document.querySelector("article-text")
          const all = text.article.slice(0, text.article.length)
          const start = [...all.slice(0, all.indexOf(words))].length
          const box = text.rangeOf(start, start + [...words].length).getBoundingClientRect()
          return [box.left + box.width * part, box.top + box.height / 2]
        }""",
        [words, part],
    )
    return x, y


def grip(page: Page, number: int) -> tuple[float, float]:
    """Where one takes hold of a handle: the drop beneath the end of the words."""
    handle = page.locator(".handle").nth(number)
    handle.wait_for()
    box = handle.bounding_box()
    assert box is not None
    inner = 7 if handle.get_attribute("data-out") == "right" else box["width"] - 7
    return box["x"] + inner, box["y"] + 9


def take(page: Page, number: int, to: tuple[float, float]) -> None:
    """Take hold of a handle and drag it to a point in a line of text, without letting go."""
    x, y = grip(page, number)
    page.mouse.move(x, y)
    page.mouse.down()
    lower = y - line_of(page, number)
    page.mouse.move(to[0], to[1] + lower, steps=6)


def line_of(page: Page, number: int) -> float:
    """The middle of the line that a handle stands under."""
    middle: float = (
        page.locator(".handle > i")
        .nth(number)
        .evaluate(
            "line => { const { top, height } = line.getBoundingClientRect(); return top + height / 2 }"
        )
    )
    return middle


def placed(page: Page, assignment: Assignment, label: str = "QUOTE") -> list[str]:
    """The words of the one span of this label, once all is saved."""
    desk.saved(page)
    [words] = [words for key, words in desk.spans_of(assignment) if key == label]
    return words


def opened(page_of: Pages, assignment: Assignment, **options: object) -> Page:
    page = desk.ready(page_of(assignment.annotator, desk.url(assignment), **options))
    desk.focus(page)
    return page


# --- keys


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["Control+ArrowDown"], "Menteri Laras 🚢 menolak rencana bendungan."),
        (["Control+ArrowDown*3", "Control+ArrowUp"], SPLIT),
        (["Alt+ArrowDown"], "“Kami siap,”"),
        (["Alt+ArrowDown*2"], "“tapi bukan di sini.”"),
        (["Alt+ArrowDown*2", "Alt+ArrowUp"], "“Kami siap,”"),
        (["Alt+ArrowDown", "Alt+Shift+ArrowDown"], SPLIT),
        (["w", "Control+Shift+ArrowDown"], "Menteri Laras 🚢 menolak rencana bendungan."),
        (["w", "End"], "bendungan"),
        (["w", "ArrowRight", "Shift+End"], "Laras 🚢 menolak rencana bendungan."),
        (["w", "End", "Shift+Home"], "Menteri Laras 🚢 menolak rencana bendungan"),
        (["w", "ArrowRight", "Alt+Shift+ArrowRight"], "Laras 🚢"),
        (["w", "ArrowRight", "Alt+Shift+ArrowRight*2", "Alt+Shift+ArrowLeft"], "Laras 🚢"),
        (["w", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowUp"], "Laras"),
        (["w", "ArrowRight*2", "ArrowDown*2", "ArrowUp"], "katanya"),
    ],
)
def test_the_cursor_goes_by_every_unit(
    page_of: Pages, assignment: Assignment, keys: list[str], words: str
) -> None:
    page = opened(page_of, assignment)
    desk.press(page, *keys, "2")
    assert placed(page, assignment) == [words]


def test_what_is_chosen_grows_and_shrinks(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    page.mouse.dblclick(*point(page, "siap"))
    desk.press(page, "e*4", "Shift+e", "2")
    assert placed(page, assignment) == ["“Kami siap,” katanya"]


def test_a_selected_span_grows_as_one_step(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    page.mouse.dblclick(*point(page, "siap"))
    desk.press(page, "2", "e")
    assert placed(page, assignment) == ["Kami siap"]
    desk.press(page, "e")
    assert placed(page, assignment) == ["“Kami siap,”"]
    desk.press(page, "Shift+e")
    assert placed(page, assignment) == ["Kami siap"]
    desk.press(page, "z", "z", "z")
    assert placed(page, assignment) == ["siap"]


def test_a_fragment_that_grows_over_another_joins_it(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "Kami siap")
    page.keyboard.press("2")
    desk.drag(page, "“tapi bukan di sini.”")
    desk.press(page, "+", "e", "e", "e")
    assert placed(page, assignment) == [SPLIT]


def test_a_sentence_goes_on_over_the_blocks_of_a_paragraph(page_of: Pages, annotator: User) -> None:
    words = "tanpa akhir " * 400
    assignment = factories.assignment(annotator, f"Satu. Dua {words}selesai. Tiga.\n")
    page = opened(page_of, assignment)
    desk.press(page, "w", "Control+ArrowRight*2", "2")
    assert placed(page, assignment) == [f"Dua {words}selesai."]
    assert page.locator("article p").count() > 1


def test_arrows_go_the_way_that_arabic_is_read(page_of: Pages, annotator: User) -> None:
    assignment = factories.assignment(annotator, "قال الوزير: «إن القرية جاهزة». ثم ذهب.\n")
    page = opened(page_of, assignment)
    desk.press(page, "w", "ArrowLeft*2", "ArrowRight", "Alt+Shift+ArrowLeft*3", "2")
    assert placed(page, assignment) == ["الوزير: «إ"]
    desk.press(page, "z", "w", "Alt+ArrowDown", "2")
    assert placed(page, assignment) == ["«إن القرية جاهزة»"]


def test_growing_of_nothing_says_what_to_do(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "e")
    expect(page.locator("#desk-live")).to_have_text("Select some words first, or press W.")


def test_keys_of_an_input_method_do_nothing(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "w")
    page.evaluate(
        """() => document.querySelector("article").dispatchEvent(
             new KeyboardEvent("keydown", { key: "1", isComposing: true, bubbles: true }))"""
    )
    desk.saved(page)
    assert desk.spans_of(assignment) == []


# --- mouse


def test_a_handle_moves_an_end_in_one_step(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "rencana")
    page.keyboard.press("5")
    desk.saved(page)
    take(page, 1, point(page, "bendungan"))
    assert page.evaluate("CSS.highlights.has('dragged')")
    assert desk.spans_of(assignment) == [("TARGET", ["rencana"])]
    page.mouse.up()
    assert placed(page, assignment, "TARGET") == ["rencana bendungan"]
    assert not page.evaluate("CSS.highlights.has('dragged')")
    assignment.refresh_from_db()
    assert assignment.revision == 2
    take(page, 0, point(page, "menolak", 0.1))
    page.mouse.up()
    assert placed(page, assignment, "TARGET") == ["menolak rencana bendungan"]
    desk.press(page, "z", "z")
    assert placed(page, assignment, "TARGET") == ["rencana"]


def test_escape_leaves_the_span_as_it_is(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "rencana")
    page.keyboard.press("5")
    take(page, 1, point(page, "bendungan"))
    page.keyboard.press("Escape")
    page.mouse.up()
    assert placed(page, assignment, "TARGET") == ["rencana"]
    expect(page.locator("mark[data-selected]")).to_have_text(["rencana"])


def test_with_alt_a_handle_takes_characters(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "rencana")
    page.keyboard.press("5")
    page.keyboard.down("Alt")
    take(page, 1, point(page, "bend", 1))
    page.mouse.up()
    page.keyboard.up("Alt")
    assert placed(page, assignment, "TARGET") == ["rencana bend"]


def test_an_end_never_crosses_the_other(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "rencana bendungan")
    page.keyboard.press("5")
    take(page, 1, point(page, "Menteri"))
    page.mouse.up()
    assert placed(page, assignment, "TARGET") == ["rencana"]


def test_an_end_dragged_into_another_fragment_joins_it(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "“Kami siap,”")
    page.keyboard.press("2")
    desk.drag(page, "“tapi bukan di sini.”")
    page.keyboard.press("+")
    expect(page.locator(".handle")).to_have_count(4)
    take(page, 1, point(page, "katanya"))
    page.mouse.up()
    assert placed(page, assignment) == ["“Kami siap,” katanya", "“tapi bukan di sini.”"]
    take(page, 1, point(page, "bukan"))
    page.mouse.up()
    assert placed(page, assignment) == [SPLIT]
    expect(page.locator(".handle")).to_have_count(2)


def test_a_handle_is_moved_by_two_clicks_instead_of_a_drag(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment)
    desk.drag(page, "rencana")
    page.keyboard.press("5")
    page.mouse.click(*grip(page, 1))
    page.mouse.click(*point(page, "bendungan"))
    assert placed(page, assignment, "TARGET") == ["rencana bendungan"]
    expect(page.locator("mark[data-selected]")).to_have_text(["rencana bendungan"])


def test_handles_of_arabic_stand_where_its_words_begin_and_end(
    page_of: Pages, annotator: User
) -> None:
    text = "قال الوزير Budi إن القرية جاهزة.\n"
    assignment = factories.assignment(annotator, text)
    page = opened(page_of, assignment)
    desk.press(page, "w", "ArrowLeft", "2")
    desk.saved(page)
    assert grip(page, 0)[0] > point(page, "الوزير", 1)[0] > grip(page, 1)[0]
    take(page, 1, point(page, "القرية"))
    page.mouse.up()
    assert placed(page, assignment) == ["الوزير Budi إن القرية"]
    take(page, 0, point(page, "Budi", 0.6))
    page.mouse.up()
    assert placed(page, assignment) == ["Budi إن القرية"]
    assert grip(page, 0)[0] < point(page, "Budi", 0.5)[0]


def test_the_text_comes_along_when_a_handle_is_held_at_the_edge(
    page_of: Pages, annotator: User
) -> None:
    assignment = factories.assignment(annotator, "Warga Desa Ampel mendukung penolakan.\n" * 60)
    page = opened(page_of, assignment)
    desk.press(page, "w", "5")
    x, y = grip(page, 1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, 690, steps=4)
    pane = page.locator("[data-scrolls]")
    for _ in range(200):
        if pane.evaluate("pane => pane.scrollTop") > 900:
            break
        page.wait_for_timeout(50)
    page.mouse.up()
    [words] = placed(page, assignment, "TARGET")
    assert len(words) > 700


def test_the_same_label_twice_in_a_hurry_is_not_kept_when_a_key_came_between(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "w", "1", "w", "1")
    desk.saved(page)
    assert desk.spans_of(assignment) == [("ACTOR", ["Menteri"]), ("ACTOR", ["Laras"])]


def test_a_span_that_cannot_change_has_no_handles(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "w", "2")
    desk.saved(page)
    expect(page.locator(".handle")).to_have_count(2)
    Assignment.objects.filter(pk=assignment.pk).update(status="submitted")
    page.reload()
    page.locator("label-desk[data-ready]").wait_for()
    page.locator("mark").click()
    expect(page.locator("mark[data-selected]")).to_have_count(1)
    expect(page.locator(".handle")).to_have_count(0)
    expect(page.get_by_role("button", name="Label by quote")).to_have_count(0)


def test_what_is_copied_is_the_text_of_the_article(
    signed_in_browser: Callable[..., BrowserContext], annotator: User
) -> None:
    text = "Satu  dua\u00a0tiga\t🚢 empat.\r\n\r\nLima\u2028enam tujuh.\r\n"
    assignment = factories.assignment(annotator, text)
    profile = signed_in_browser(annotator, permissions=["clipboard-read", "clipboard-write"])
    page = profile.new_page()
    page.goto(desk.url(assignment))
    desk.ready(page)
    desk.focus(page)
    desk.press(page, "w", "1", "w", "Shift+ArrowRight*4", "4", "Escape")
    page.evaluate(
        """() => {
          const text = document.querySelector("article-text")
          getSelection().addRange(text.rangeOf(0, text.article.length))
        }"""
    )
    desk.press(page, "Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == text
    page.evaluate("getSelection().removeAllRanges()")
    page.wait_for_timeout(300)
    desk.press(page, "w", "Shift+ArrowLeft", "Control+c")
    assert page.evaluate("navigator.clipboard.readText()") in text


# --- touch


TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 780}}


def selected_by_touch(page: Page, words: str) -> None:
    """The system's handles select these words."""
    page.touchscreen.tap(*point(page, words))
    page.evaluate(
        """words => {
          const text = document.querySelector("article-text")
          const all = text.article.slice(0, text.article.length)
          const start = [...all.slice(0, all.indexOf(words))].length
          getSelection().removeAllRanges()
          getSelection().addRange(text.rangeOf(start, start + [...words].length))
        }""",
        words,
    )
    page.locator("label-bar").wait_for()


def test_by_touch_the_labels_stand_below_the_words_and_are_as_large_as_fingers(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment, **TOUCH)
    selected_by_touch(page, "menolak rencana")
    bar = page.locator("label-bar").bounding_box()
    assert bar is not None
    assert bar["y"] >= point(page, "rencana")[1] + 50
    for button in page.locator("label-bar button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    page.locator("label-bar").get_by_role("button", name="Stance").tap()
    assert placed(page, assignment, "STANCE") == ["menolak rencana"]


def test_a_tap_selects_a_span_and_its_handles_follow_a_finger(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment, **TOUCH)
    selected_by_touch(page, "menolak")
    page.locator("label-bar").get_by_role("button", name="Stance").tap()
    page.touchscreen.tap(*point(page, "katanya"))
    expect(page.locator("mark[data-selected]")).to_have_count(0)
    page.touchscreen.tap(*point(page, "menolak"))
    expect(page.locator("mark[data-selected]")).to_have_count(1)
    swipe(page, grip(page, 1), point(page, "rencana"))
    assert placed(page, assignment, "STANCE") == ["menolak rencana"]


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger goes from one point to another; the words are above it, as they were at first."""
    tool = page.context.new_cdp_session(page)
    low = start[1] - end[1]
    touches = [start, ((start[0] + end[0]) / 2, start[1]), (end[0], end[1] + low)]
    for kind, (x, y) in zip(("Start", "Move", "Move"), touches, strict=True):
        point_ = {"x": x, "y": y}
        tool.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [point_]})
    tool.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# --- by quote


def test_words_are_labelled_by_quoting_them(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "q")
    dialog = page.get_by_role("dialog", name="Label by quote")
    page.keyboard.insert_text('"Kami\n siap,"')
    expect(dialog.get_by_role("radio")).to_be_checked()
    expect(dialog).to_contain_text("They stand here once.")
    dialog.get_by_label("Label", exact=True).select_option("Quote")
    dialog.get_by_role("button", name="Place").press("Enter")
    assert placed(page, assignment) == ["“Kami siap,”"]
    assert page.evaluate("document.activeElement.tagName") == "ARTICLE"


def test_one_of_several_places_is_chosen(page_of: Pages, annotator: User) -> None:
    assignment = factories.assignment(annotator, "Kim pergi. Kim datang. Kim lagi.\n")
    page = opened(page_of, assignment)
    page.get_by_role("button", name="Label by quote").click()
    dialog = page.get_by_role("dialog")
    page.keyboard.insert_text("Kim")
    dialog.get_by_role("radio", name="here: Kim datang").check()
    dialog.get_by_role("button", name="Place").click()
    desk.saved(page)
    assert [list(span.fragments) for span in Span.objects.all()] == [[11, 14]]


def test_words_that_are_not_there_cannot_be_placed(page_of: Pages, assignment: Assignment) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "q")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Place")).to_be_disabled()
    page.keyboard.insert_text("Kami pergi")
    expect(dialog).to_contain_text("These words are not in the article.")
    expect(dialog.get_by_role("button", name="Place")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "ARTICLE"
    assert desk.spans_of(assignment) == []


def test_of_a_megabyte_that_is_pasted_some_is_taken_and_the_dialog_says_so(
    page_of: Pages, assignment: Assignment
) -> None:
    page = opened(page_of, assignment)
    desk.press(page, "q")
    page.keyboard.insert_text("satu dua 🚢 " * 100_000)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Only the first 10,000 of 1,100,000 characters were taken.")
    assert page.evaluate("[...document.getElementById('quote-words').value].length") == 10_000
