"""The desk on long articles, and its weight. Generous limits: they catch a knot, not a slow day."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from playwright.sync_api import BrowserContext, Page

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.schema.models import Label
from tests import factories
from tests.e2e import desk
from workbench.bundling import bundled_scripts, bundled_style
from workbench.storage import ENTRY, stripped_script, stripped_style

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

SENTENCE = "Wali kota Budi Santoso berkata “kami siap 🚢,” lalu warga menolak rencana itu. "


def long_assignment(
    annotator: User, characters: int, spans: int, *, paragraphs: bool
) -> Assignment:
    """An article of about so many characters with spans spread over it, loaded as rows."""
    text = "".join(
        SENTENCE + ("\n" if paragraphs and not number % 6 else "")
        for number in range(characters // len(SENTENCE) + 1)
    )[:characters].strip()
    assignment = factories.assignment(annotator, text)
    labels = list(Label.objects.filter(schema=assignment.schema).order_by("position"))
    step = (len(text) - 60) // spans
    rows = []
    for number in range(spans):
        start = number * step
        end = start + 8 + (number % 4) * 12
        rows.append((str(uuid4()), labels[number % 5].pk, start, end, text[start:end]))
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes,
                                 changed_seq, removed)
               VALUES (%s, %s, %s, ARRAY[%s::int, %s::int], ARRAY[%s], '{}', 1, false)""",
            [(assignment.pk, *row) for row in rows],
        )
    return assignment


def one_change(page: Page) -> float:
    """Milliseconds of main thread to add and show one span, the median of nine."""
    took: float = page.evaluate(
        """() => {
          const desk = document.querySelector("label-desk")
          const { session, text } = desk
          const middle = Math.floor(session.article.length / 2)
          const times = []
          for (let i = 0; i < 9; i += 1) {
            const began = performance.now()
            session.place("ACTOR", [middle + i * 40, middle + i * 40 + 9])
            times.push(performance.now() - began)
          }
          return times.sort((a, b) => a - b)[4]
        }"""
    )
    return took


@pytest.mark.parametrize("paragraphs", [True, False])
def test_a_hundred_thousand_characters_stay_fluent(
    page_of: Callable[..., Page], annotator: User, paragraphs: bool
) -> None:
    assignment = long_assignment(annotator, 100_000, 2_000, paragraphs=paragraphs)
    page = page_of(annotator, desk.url(assignment))
    page.locator("mark").first.wait_for()
    painted = "performance.getEntriesByName('first-contentful-paint')"
    page.wait_for_function(f"() => {painted}.length")
    shown = page.evaluate(f"{painted}[0].startTime")
    desk.ready(page)
    change = one_change(page)
    assert shown < 1500
    assert change < 15
    desk.saved(page)


def test_an_article_and_all_that_shows_it_weigh_little(
    signed_in_browser: Callable[..., BrowserContext], annotator: User
) -> None:
    """Scripts and styles count as `collectstatic` puts them together, the rest as it comes."""
    assignment = long_assignment(annotator, 3_000, 20, paragraphs=True)
    page = signed_in_browser(annotator).new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: packed(answer.body())}))
    page.goto(desk.url(assignment))
    desk.ready(page)
    others = sum(size for url, size in sizes.items() if not re.search(r"/(js|css)/", url))
    read = lambda name: Path(str(finders.find(name))).read_text(encoding="utf-8")
    first, later = map(stripped_script, bundled_scripts(ENTRY, read).values())
    sheets = [
        stripped_style(bundled_style(f"annotations/css/{name}.css", read))
        for name in ("first", "desk")
    ]
    small = [stripped_script(read(f"annotations/js/{name}.js")) for name in ("theme", "opening")]
    ours = sum(packed(text.encode()) for text in (first, *sheets, *small))
    assert ours < 60_000
    assert ours + packed(later.encode()) < 81_000
    assert others + ours < 100_000


def packed(content: bytes) -> int:
    return len(gzip.compress(content))
