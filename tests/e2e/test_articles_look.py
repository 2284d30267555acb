"""Loading articles in the browser: the files, how they are read, another column, the report."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotations.accounts.models import User
from annotations.corpora.looking import LOAD, LOOK
from annotations.corpora.models import Article, Corpus, Membership
from annotations.jobs.models import Job
from annotations.jobs.running import execute
from tests import factories

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

ROWS = [
    "Judul;Ringkasan;Isi;Tanggal;Koran;Desk",
    *(
        f"Rapat {n};Café “Laut” dibuka lagi {n}.;Pendek {n}.;{n:02}/05/2024;Harian Kota;politik"
        for n in range(1, 13)
    ),
    "Salah;x;y;besok;Harian Kota;politik",
]


@pytest.fixture
def corpus(settings: Any, tmp_path: Path) -> Corpus:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    corpus = factories.corpus("sidang")
    manager = factories.user("mira", role="manager")
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    return corpus


def run(kind: str) -> None:
    """The worker takes the job that waits."""
    execute(Job.objects.get(kind=kind, state="queued").pk)


def look_into(page: Page, file: Path) -> None:
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Look into the files").click()
    expect(page.get_by_text("Nothing is loaded yet. This goes on")).to_be_visible()
    run(LOOK)
    expect(page.get_by_role("heading", name="What a load would do")).to_be_visible()


def test_a_csv_is_loaded_after_a_column_was_changed(
    page_of: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    file = tmp_path / "berita.csv"
    file.write_bytes("\r\n".join(ROWS).encode("windows-1252"))
    page = page_of(User.objects.get(username="mira"), "/corpora/sidang/load/")
    look_into(page, file)
    expect(page.locator("#files")).to_contain_text("windows-1252 (guessed)")
    expect(page.locator("#files")).to_contain_text("Nothing tells whether 01/05/2024")
    expect(page.locator("#faults")).to_contain_text("“besok” is no date.")
    first = page.locator("#rows-0 tbody tr").first
    expect(first).to_contain_text("Pendek 1.")
    expect(first).to_contain_text("1 May 2024")

    page.get_by_label("What Isi becomes").select_option(label="keep as metadata")
    page.get_by_label("What Ringkasan becomes").select_option(label="Text")
    expect(first).to_contain_text("Café “Laut” dibuka lagi 1.")
    page.get_by_label("Order in dates").select_option(label="the month first: 12/31/2024")
    expect(page.locator("#rows-0 tbody tr").nth(1)).to_contain_text("5 Feb 2024")
    page.get_by_label("Order in dates").select_option(label="the day first: 31/12/2024")
    expect(page.locator("#rows-0 tbody tr").nth(1)).to_contain_text("2 May 2024")

    page.get_by_label("Load the rest").check()
    page.get_by_role("button", name="Load these articles").click()
    expect(page).to_have_url(re.compile(r"/corpora/sidang/loads/"))
    run(LOAD)
    expect(page.get_by_role("heading", name="Loaded, but not all")).to_be_visible()
    expect(page.locator("#faults")).to_contain_text("“besok” is no date.")
    article = Article.objects.select_related("body").get(title="Rapat 2")
    assert article.body.text == "Café “Laut” dibuka lagi 2."
    assert article.metadata == {"Isi": "Pendek 2.", "Desk": "politik"}
    assert article.published is not None
    assert (article.published.day, article.published.month) == (2, 5)
    assert Article.objects.count() == 12

    page.goto("/corpora/sidang/load/")
    look_into(page, file)
    expect(page.get_by_text("As at the last load of files with these columns.")).to_be_visible()
    page.get_by_role("button", name="Choose other files").click()
    expect(page.get_by_role("button", name="Look into the files")).to_be_visible()


def test_the_path_works_without_scripts_and_by_keyboard(
    page_of: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    file = tmp_path / "berita.csv"
    file.write_bytes("\r\n".join(ROWS[:3]).encode())
    page = page_of(
        User.objects.get(username="mira"), "/corpora/sidang/load/", java_script_enabled=False
    )
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Look into the files").press("Enter")
    run(LOOK)
    page.reload()
    page.get_by_role("button", name="Load these articles").press("Enter")
    run(LOAD)
    page.reload()
    expect(page.get_by_role("heading", name="All loaded")).to_be_visible()
    assert Article.objects.count() == 2
