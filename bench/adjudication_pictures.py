"""Takes the pictures of docs/guide/adjudication.md: the demo's adjudicator settles two articles at the
desk, by its keys, and asks about a third. Run: `python -m bench.adjudication_pictures`
"""

from collections.abc import Callable
from typing import Any

from bench.pictures import IMAGES, WIDE, pages
from bench.serving import set_up_django, site

PORT = 8922
MOST_CASES = 60
QUESTION = "What made you mark just these words?"
REASONS = (
    "The introducing words are the cue, not part of the quote.",
    "A quote ends with the mark that closes it.",
    "What is said goes on to the end of the sentence.",
)


def main() -> None:
    with site(PORT) as running:
        set_up_django()
        from annotations.management import demo_loading

        demo_loading.load()
        with pages(running) as page_of:
            page = page_of("adjudicator")
            page.goto("/")
            _shoot(page, "home-adjudicator", 420)
            _settled(page)
            _settled(page)
            _begun(page)
            page.goto("/campaigns/demo/adjudication/")
            page.get_by_text("cases are open").wait_for()
            _shoot(page, "adjudication", 700)
            page.goto("/campaigns/demo/adjudication/decisions/?about=QUOTE")
            _shoot(page, "adjudication-decisions", 1000)
            _asked(page_of)


def _begun(page: Any) -> None:
    """The next article is open on the desk, at its first case."""
    page.goto("/campaigns/demo/adjudication/")
    page.get_by_role("button", name="Adjudicate next").click()
    page.get_by_text("cases to settle").wait_for()
    _shoot(page, "adjudication-desk", 860, calm=False)


def _asked(page_of: Callable[[str], Any]) -> None:
    """Whoever was asked at the case that is open sees it among their questions."""
    from annotations.accounts.models import User

    page = page_of("adjudicator")
    page.goto("/campaigns/demo/adjudication/")
    page.get_by_role("button", name="Adjudicate next").click()
    page.get_by_text("cases to settle").wait_for()
    page.keyboard.press("q")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".case-thread").wait_for()
    asked = page_of(User.objects.get(assignments__messages__asks=True).username)
    asked.goto("/questions/")
    _shoot(asked, "questions", 660)


def _settled(page: Any) -> None:
    """The next article is settled and submitted: most often by the first version, some with a
    reason."""
    page.goto("/campaigns/demo/adjudication/")
    page.get_by_role("button", name="Adjudicate next").click()
    page.get_by_text("to settle").wait_for()
    for number in range(MOST_CASES):
        if page.get_by_text("Every case is settled.").count():
            break
        if number % 3 == 0:
            page.keyboard.press("y")
            page.keyboard.type(REASONS[number // 3 % len(REASONS)])
            page.keyboard.press("Escape")
        page.keyboard.press("1")
        page.wait_for_timeout(300)
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Next article").wait_for()


def _shoot(page: Any, name: str, height: int, *, calm: bool = True) -> None:
    if calm:
        page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.screenshot(
        path=IMAGES / f"{name}.png",
        clip={"x": 0, "y": 0, "width": WIDE["width"], "height": height},
    )
    print(name, flush=True)


if __name__ == "__main__":
    main()
