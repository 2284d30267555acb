"""The labelling desk as a person uses it."""

from playwright.sync_api import Page, expect

from annotations.assignments.models import Assignment
from annotations.spans.models import Relation, Span

TEXT = (
    "Menteri Laras 🚢 menolak rencana bendungan.\n\n"
    "“Kami siap,” katanya, “tapi bukan di sini.”\n\n"
    "Warga Desa Ampel mendukung penolakan itu.\n"
)


def url(assignment: Assignment) -> str:
    return f"/desk/{assignment.pk}/"


def ready(page: Page) -> Page:
    """The desk has come to life, and what an earlier page left is sent."""
    page.locator("label-desk[data-ready][data-whole]").wait_for()
    saved(page)
    return page


def saved(page: Page) -> None:
    """Everything is at the server, and the page says so: what a dialog was answered, too, which
    the desk hears a moment after the dialog has closed."""
    expect(page.locator("dialog[aria-labelledby=dialog-title]:not([open])")).to_have_count(0)
    expect(page.locator("save-state")).to_have_attribute("data-state", "saved")


def focus(page: Page) -> None:
    page.locator("article").focus()


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other; "ArrowRight*3" three times."""
    for key in keys:
        name, _, times = key.partition("*")
        for _ in range(int(times or 1)):
            page.keyboard.press(name)


def drag(page: Page, words: str, *, margin: int = 3) -> None:
    """Select words with the mouse, a little sloppily: from inside the first to inside the last,
    `margin` pixels from their edges."""
    box = page.evaluate(
        """([words, margin]) => {
          const text = document.querySelector("article-text")
          const all = text.article.slice(0, text.article.length)
          const start = [...all.slice(0, all.indexOf(words))].length
          const rects = [...text.rangeOf(start, start + [...words].length).getClientRects()]
          const last = rects.at(-1)
          // whole pixels, as a mouse has them: Chromium drops a drag between two of them
          const from = [rects[0].left + margin, rects[0].top + 12]
          return [...from, last.right - margin, last.bottom - 12].map(Math.round)
        }""",
        [words, margin],
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move(box[2], box[3], steps=5)
    page.mouse.up()


def middle_of(page: Page, words: str) -> tuple[float, float]:
    """Where on the screen these words stand."""
    x, y = page.evaluate(
        """words => {
          const text = document.querySelector("article-text")
          const all = text.article.slice(0, text.article.length)
          const start = [...all.slice(0, all.indexOf(words))].length
          const { left, top, width, height } = text.rangeOf(start, start + words.length).getBoundingClientRect()
          return [left + width / 2, top + height / 2]
        }""",
        words,
    )
    return x, y


def spans_of(assignment: Assignment) -> list[tuple[str, list[str]]]:
    """The label and the words of each span the server has, in reading order."""
    rows = Span.objects.filter(assignment=assignment, removed=False).select_related("label")
    return [(row.label.key, row.text) for row in sorted(rows, key=lambda row: row.fragments)]


def relations_of(assignment: Assignment) -> list[tuple[str, str, str]]:
    """Each relation as its type and the words at its ends ("" for an end that is no span)."""
    words = {row.id: " … ".join(row.text) for row in Span.objects.filter(assignment=assignment)}
    rows = Relation.objects.filter(assignment=assignment, removed=False).select_related("type")
    return sorted(
        (row.type.key, words.get(row.from_id, ""), words.get(row.to_id, "")) for row in rows
    )
