"""The main job, from an empty corpus to a checked export, as people do it: in the browser, on the
product as `make run` starts it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e import desk
from tests.product import Product
from tests.product import product as running_product

pytestmark = pytest.mark.e2e

SECONDS = 20
"""How late a page that stands open may be: it asks every five."""

SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

TEXT = (
    "TELUK AMPEL – Menteri Perhubungan Laras Prabasari 🚢 menolak rencana tanggul laut.\n\n"
    "“Kami siap bicara,” katanya, Selasa, “tetapi bukan di bawah ancaman.”\n\n"
    "Serikat Nelayan Ampel mendukung penolakan itu. “Laut bukan halaman rumah mereka,” "
    "ujar ketuanya.\n"
)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with running_product("--demo", port=8970) as running:
        yield running


def signed_in(browser: Browser, product: Product, username: str) -> Page:
    """A page of a fresh profile, in which this person used their one-time link."""
    accounts = json.loads((product.state / "demo-accounts.json").read_text())
    [link] = [a["sign_in_url"] for a in accounts if a["username"] == username]
    context: BrowserContext = browser.new_context(base_url=f"http://127.0.0.1:{product.port}")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name=f"Sign in as {username}").click()
    expect(page).not_to_have_url(link)
    return page


def load_and_start(page: Page, file: Path) -> None:
    """The manager makes a corpus, uploads the file and starts a campaign for two."""
    page.goto("/corpora/new/")
    page.get_by_label("Name", exact=True).fill("Teluk Ampel")
    page.get_by_label("Short name").fill("ampel")
    page.locator("main form button.button-primary").click()
    page.goto("/corpora/ampel/load/")
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Look into the files").click()
    page.get_by_role("button", name="Load these articles").click(timeout=30_000)
    expect(page.get_by_role("heading", name="All loaded")).to_be_visible(timeout=30_000)
    page.goto("/campaigns/new/ampel/")
    page.get_by_label("Name", exact=True).fill("Tanggul laut")
    page.get_by_label("Short name").fill("tanggul")
    for name in ("siti", "bayu"):
        page.get_by_role("checkbox", name=name).check()
    page.locator("main form button.button-primary").click()
    page.goto("/campaigns/tanggul/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    expect(page.get_by_text("Running").first).to_be_visible()


def label(page: Page, *, quote: tuple[str, ...]) -> None:
    """One annotator labels the article: a new entity, a split quote with its clitic speaker, and
    a stance with its holder and target; then submits."""
    page.goto("/")
    task = page.locator("article.task", has_text="Tanggul laut")
    task.get_by_role("button").click()
    desk.ready(page)
    place(page, "1", "Menteri Perhubungan Laras Prabasari")
    page.keyboard.press("n")
    page.get_by_role("option", name="Person").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("span-inspector")).to_contain_text("Laras Prabasari")
    place(page, "5", "rencana tanggul laut")
    place(page, "4", "menolak")
    page.keyboard.press("-")
    link(page, "Menteri Perhubungan Laras Prabasari", "holder")
    select(page, "menolak")
    link(page, "rencana tanggul laut", "toward")
    place(page, "3", "kata", exactly=True)
    place(page, "1", "nya", exactly=True)
    place(page, "2", quote[0])
    for more in quote[1:]:
        choose(page, more)
        page.keyboard.press("+")
    link(page, "nya", "speaker")
    desk.saved(page)
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Stay here").click()
    expect(page.get_by_text("Submitted", exact=True)).to_be_visible()


def place(page: Page, key: str, words: str, *, exactly: bool = False) -> None:
    """Select words and press a label's key."""
    choose(page, words, exactly=exactly)
    desk.focus(page)
    page.keyboard.press(key)
    expect(page.locator("span-inspector")).to_contain_text(words)


def choose(page: Page, words: str, *, exactly: bool = False) -> None:
    """Select words with the mouse; `exactly`: with Alt, where they end inside a word. As people do,
    who see that something else is selected, and try again."""
    for _ in range(5):
        page.evaluate(SETTLED)
        if exactly:
            page.keyboard.down("Alt")
        desk.drag(page, words, margin=1 if exactly else 3)
        if exactly:
            page.keyboard.up("Alt")
        page.evaluate(SETTLED)
        selected = page.evaluate("getSelection().toString()")
        if selected == words:
            return
        # a drag that begins within a selection would carry that along
        page.evaluate("getSelection().removeAllRanges()")
    raise AssertionError(f"“{selected}” is selected, and not “{words}”")


def select(page: Page, words: str) -> None:
    page.mouse.click(*desk.middle_of(page, words))


def link(page: Page, words: str, role: str) -> None:
    """From the selected span to the one at these words, as this role."""
    page.keyboard.press("l")
    select(page, words)
    page.keyboard.press("Enter")
    choice = page.get_by_role("dialog").get_by_role("button", name=role)
    if choice.count():
        choice.first.click()


def see_it_follow(manager: Page) -> None:
    """The page of agreement that stands open shows what was submitted elsewhere, untouched: five of
    six spans are equal; and then the figures in depth."""
    every_label = manager.get_by_role("row", name="All labels").first
    expect(every_label).to_contain_text("0.833", timeout=SECONDS * 1000)
    expect(manager.get_by_text("Gamma-cat, gamma-k")).to_be_visible(timeout=SECONDS * 1000)


def test_the_main_job_from_upload_to_export(
    browser: Browser, product: Product, tmp_path: Path
) -> None:
    file = tmp_path / "ampel.txt"
    file.write_text(TEXT, encoding="utf-8")
    manager = signed_in(browser, product, "manager")
    load_and_start(manager, file)
    label(
        signed_in(browser, product, "siti"),
        quote=("“Kami siap bicara,”", "“tetapi bukan di bawah ancaman.”"),
    )
    manager.goto("/campaigns/tanggul/agreement/")
    manager.get_by_role("button", name="Measure agreement").click()
    expect(manager.get_by_text("Nothing to compare yet")).to_be_visible(timeout=60_000)
    label(signed_in(browser, product, "bayu"), quote=("“Kami siap bicara,”",))
    see_it_follow(manager)
    manager.goto("/campaigns/tanggul/exports/")
    manager.get_by_role("button", name="Export as JSONL").click()
    download = manager.get_by_role("link", name="JSONL").first
    download.wait_for(timeout=60_000)
    with manager.expect_download() as got:
        download.click()
    lines = [json.loads(line) for line in Path(got.value.path()).read_bytes().splitlines()]
    check(lines)


def check(lines: list[dict[str, object]]) -> None:
    [line] = lines
    assert line["article"]["text"] == TEXT  # type: ignore[index]
    layers = {layer["annotator"]: layer for layer in line["layers"]}  # type: ignore[attr-defined]
    assert set(layers) == {"siti", "bayu"}
    for layer in layers.values():
        for span in layer["spans"]:
            assert [TEXT[start:end] for start, end in span["fragments"]] == span["text"]
    quotes = {
        name: [s["text"] for s in layer["spans"] if s["label"] == "QUOTE"]
        for name, layer in layers.items()
    }
    assert quotes == {
        "siti": [["“Kami siap bicara,”", "“tetapi bukan di bawah ancaman.”"]],
        "bayu": [["“Kami siap bicara,”"]],
    }
    assert {r["type"] for r in layers["siti"]["relations"]} == {"SPEAKER", "HOLDER", "TOWARD"}
    assert len(line["entities"]) == 2  # type: ignore[arg-type]
