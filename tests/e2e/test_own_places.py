"""Words in one's own articles, chosen, labelled and taken back, with the keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.assignments.services import start
from annotations.corpora.models import Membership
from annotations.spans.models import Span
from tests import factories
from tests.e2e import desk
from tests.e2e.access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]
TEXTS = ("Menteri Laras menolak. Warga bersorak.", "Kata Menteri Laras, 🚢 warga menunggu menteri.")


@pytest.fixture
def laras() -> User:
    return factories.user("laras", role="annotator")


@pytest.fixture
def campaign(laras: User) -> Campaign:
    corpus = factories.corpus("pelabuhan")
    for text in TEXTS:
        factories.article(corpus, text, title=text.partition(".")[0])
    factories.searchable(corpus)
    manager = factories.user("mira", role="manager")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return factories.campaign(corpus, [laras], slug="sidang")


def press_until(page: Page, key: str, found: Any) -> None:
    """Go on with a key until this has the focus, as a person does who looks where it is."""
    for _ in range(60):
        if found.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError("it never has the focus")


def standing() -> list[str]:
    return sorted(" ".join(span.text) for span in Span.objects.filter(removed=False))


def test_places_are_labelled_and_taken_back_by_keys(
    page_of: Pages, laras: User, campaign: Campaign
) -> None:
    page = page_of(laras, "/")
    press_until(page, "Tab", page.get_by_role("link", name="Find words in your articles"))
    page.keyboard.press("Enter")
    press_until(page, "Tab", page.get_by_label("Words in your articles"))
    page.keyboard.type("menteri")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 places")).to_be_visible()
    ticks = page.get_by_role("checkbox")
    for number in (0, 2):
        press_until(page, "Tab", ticks.nth(number))
        page.keyboard.press("Space")
    press_until(page, "Tab", page.get_by_label("Label", exact=True))
    page.keyboard.type("Ac")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Places labelled: 2, in 2 articles.")).to_be_visible()
    assert standing() == ["Menteri", "menteri"]
    press_until(page, "Tab", page.get_by_role("button", name="Undo all of this"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("All of this was taken back.")).to_be_visible()
    assert standing() == []


def test_what_was_labelled_so_is_undone_on_the_desk_in_one_step(
    page_of: Pages, laras: User, campaign: Campaign
) -> None:
    page = page_of(laras, "/campaigns/sidang/places/?q=menteri&all=1")
    page.get_by_label("Label", exact=True).select_option("ACTOR")
    page.get_by_role("button", name="Label the chosen").click()
    page.get_by_role("link", name="Kata Menteri Laras").click()
    expect(page.locator("mark")).to_have_count(2)
    desk.ready(page)
    desk.press(page, "z")
    expect(page.locator("mark")).to_have_count(0)
    desk.saved(page)
    assert standing() == ["Menteri"]


def test_a_place_opens_where_its_words_stand(
    page_of: Pages, laras: User, campaign: Campaign
) -> None:
    paragraphs = "\n\n".join(f"Menteri {number} hadir di sini." for number in range(90))
    factories.article(campaign.corpus, f"{paragraphs}\n\nMenteri terakhir pulang.")
    factories.searchable(campaign.corpus)
    start(campaign, by=None)
    page = page_of(laras, "/campaigns/sidang/places/?q=menteri&page=2")
    page.get_by_role("row").last.get_by_role("link").click()
    desk.ready(page)
    expect(page.get_by_text("Menteri terakhir pulang.")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_of(
    page_of: Pages, laras: User, campaign: Campaign, scheme: Any, width: int
) -> None:
    wide = {"width": width, "height": 800}
    page = page_of(laras, "/", color_scheme=scheme, bypass_csp=True, viewport=wide)
    found = {}
    for path in ("?q=menteri", "?q=takada", ""):
        page.goto(f"/campaigns/sidang/places/{path}")
        found[path] = violations(page)
    page.goto("/campaigns/sidang/places/?q=menteri&all=1")
    page.get_by_role("button", name="Label the chosen").click()
    found["refused"] = violations(page)
    page.get_by_label("Label", exact=True).select_option("ACTOR")
    page.get_by_role("button", name="Label the chosen").click()
    found["labelled"] = violations(page)
    campaign.assignments.update(status="submitted")
    other = page_of(
        User.objects.get(username="mira"),
        "/campaigns/sidang/concordance/?sort=left",
        color_scheme=scheme,
        bypass_csp=True,
        viewport=wide,
    )
    found["spans"] = violations(other)
    other.goto("/corpora/pelabuhan/concordance/?q=menteri")
    found["words"] = violations(other)
    assert {path: kinds for path, kinds in found.items() if kinds} == {}
