"""A manager finds articles, reads the places of a word, deletes and restores: in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from tests import factories
from tests.e2e.access import violations

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.fixture
def corpus(manager: User) -> Corpus:
    made = factories.corpus("sidang")
    Membership.objects.create(corpus=made, user=manager, role="manager")
    for number in range(60):
        factories.article(
            made, f"Kapal nomor {number} tiba di pelabuhan.", title=f"Kapal {number:02}"
        )
    factories.article(made, "Warga menolak rencana itu.", title="Warga menolak", source="Pagi")
    factories.searchable(made)
    return made


def test_articles_are_found_without_leaving_the_page(
    page_of: Callable[..., Page], manager: User, corpus: Corpus
) -> None:
    page = page_of(manager, "/corpora/sidang/")
    field = page.get_by_label("Words in title and text")
    field.fill("kapal")
    field.press("Enter")
    expect(page.locator("#found").get_by_text("60 articles found")).to_be_visible()
    expect(page.locator("#announced")).to_have_text("60 articles found")
    expect(field).to_be_focused()
    expect(page).to_have_url(re.compile("q=kapal"))
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Kapal 59")).to_be_visible()
    field.fill("warga")
    field.press("Enter")
    expect(page.locator("#found").get_by_text("1 article found")).to_be_visible()
    expect(page.locator("#articles mark")).to_have_text("Warga")
    page.go_back()
    expect(page.get_by_role("link", name="Kapal 59")).to_be_visible()


def test_a_place_of_a_word_leads_into_its_article(
    page_of: Callable[..., Page], manager: User, corpus: Corpus
) -> None:
    page = page_of(manager, "/corpora/sidang/concordance/")
    field = page.get_by_label("Words in title and text")
    field.fill("menolak")
    field.press("Enter")
    page.get_by_role("link", name="menolak", exact=True).click()
    expect(page.locator("mark#hit")).to_have_text("menolak")
    expect(page.locator("h1")).to_have_text("Warga menolak")


def test_chosen_articles_are_tagged_deleted_and_restored(
    page_of: Callable[..., Page], manager: User, corpus: Corpus
) -> None:
    page = page_of(manager, "/corpora/sidang/?q=warga")
    page.get_by_role("checkbox", name="Warga menolak").check()
    page.get_by_label("Tag", exact=True).last.fill("penting")
    page.get_by_role("button", name="Tag the chosen").click()
    expect(page.locator("#articles .chip")).to_have_text("penting")
    page.get_by_role("checkbox", name="Warga menolak").check()
    page.get_by_role("button", name="Delete the chosen").click()
    expect(page.get_by_text("No article was found")).to_be_visible()
    page.goto("/corpora/sidang/trash/")
    page.get_by_label("Choose Warga menolak").check()
    page.get_by_role("button", name="Restore the chosen").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    page.goto("/corpora/sidang/?q=warga")
    expect(page.locator("#articles .chip")).to_have_text("penting")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_articles_are_open_to_everyone(
    page_of: Callable[..., Page], manager: User, corpus: Corpus, theme: str
) -> None:
    article = corpus.articles.get(title="Warga menolak")
    page = page_of(manager, "/corpora/sidang/?q=kapal&source=", color_scheme=theme)
    found = {}
    for path in (
        "?q=kapal&order=newest",
        "concordance/?q=kapal",
        "trash/",
        f"articles/{article.pk}/?from=0&to=5",
        f"articles/{article.pk}/correct/",
        f"articles/{article.pk}/delete/",
        f"articles/{article.pk}/takedown/",
    ):
        page.goto(f"/corpora/sidang/{path}")
        page.locator("details:not(.menu) > summary").first.or_(page.locator("h1")).first.click()
        found[path] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
