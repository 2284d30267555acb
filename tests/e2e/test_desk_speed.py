"""The desk on long articles, and its weight. Generous limits: they catch a knot, not a slow day."""

import gzip
import re
from collections.abc import Callable
from uuid import uuid4

import brotli
import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, Page, Response

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.schema.models import Label
from tests import factories
from tests.e2e import desk

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

INSIDE = re.compile(r'<(?:style|script) nonce="[^"]+">(.*?)</(?:style|script)>', re.DOTALL)
OURS = re.compile(r"/(?:js|css|i18n)/")
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
    """All scripts and styles, also those that come inside the page or a moment later; and the rest."""
    assignment = long_assignment(annotator, 3_000, 20, paragraphs=True)
    page = signed_in_browser(annotator).new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(desk.url(assignment))
    desk.ready(page)
    files = [one.body() for one in answers if OURS.search(one.url)]
    document = next(one for one in answers if one.request.resource_type == "document")
    inside = [part.encode() for part in INSIDE.findall(document.text())]
    assert len(files) == 4  # two of scripts, one of styles, and the words of scripts
    assert len(inside) == 3
    assert sum(len(brotli.compress(one)) for one in (*files, *inside)) < 60_000
    assert sum(len(gzip.compress(one)) for one in (*files, *inside)) < 67_000
    others = [one.body() for one in answers if not OURS.search(one.url)]
    assert sum(len(gzip.compress(one)) for one in (*files, *others)) < 100_000
