"""The shell in a real browser: coming in, finding one's way, and pages that everyone can use."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from annotations.accounts.models import User
from annotations.corpora.models import Corpus, Membership
from annotations.jobs.models import Job, State
from tests import factories

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

Pages = Callable[..., Page]
PAYLOAD = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def manager() -> User:
    """A manager with a corpus, a campaign, a job that runs, and a colleague of a strange name."""
    manager = factories.user("manager", role="manager", display_name=PAYLOAD)
    corpus = factories.corpus("pelabuhan")
    Corpus.objects.update(name=PAYLOAD)
    factories.article(corpus, title=PAYLOAD)
    Membership.objects.create(corpus=corpus, user=manager, role="manager")
    factories.campaign(corpus, [factories.user("laras"), manager])
    running(manager)
    return manager


def running(by: User) -> Job:
    now = timezone.now()
    return Job.objects.create(
        kind="agreement",
        state=State.RUNNING,
        requested_by=by,
        run_after=now,
        lease_until=now + timezone.timedelta(hours=1),
        lease_token=1,
        done=3,
        total=10,
        message=PAYLOAD,
    )


def paths() -> list[str]:
    person, job = User.objects.get(username="laras"), Job.objects.get()
    return [
        "/",
        "/people/",
        "/people/invite/",
        f"/people/{person.pk}/",
        "/people/of/pelabuhan/",
        "/jobs/",
        f"/jobs/{job.pk}/",
        "/account/password/new/",
        "/nothing/here/",
    ]


def test_the_theme_chosen_stays(page_of: Pages, manager: User) -> None:
    page = page_of(manager, "/", color_scheme="light")
    root, switch = page.locator("html"), page.locator(".theme-switch")
    expect(root).to_have_attribute("data-theme", "light")
    switch.click()
    switch.click()
    expect(switch).to_have_attribute("aria-label", "Theme: dark")
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")


def test_without_a_choice_the_theme_is_the_system_s(page_of: Pages, manager: User) -> None:
    page = page_of(manager, "/", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_the_account_menu_closes_by_escape_and_by_a_click_elsewhere(
    page_of: Pages, manager: User
) -> None:
    page = page_of(manager, "/")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_an_invited_person_comes_in_and_comes_back(
    page_of: Pages, manager: User, browser: Browser, live_server: Any
) -> None:
    page = page_of(manager, "/people/invite/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("User name").fill("bayu")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    guest = browser.new_context(base_url=live_server.url).new_page()
    guest.goto(link)
    guest.get_by_role("button", name="Sign in as bayu").click()
    guest.get_by_label("New password", exact=True).fill(factories.PASSWORD)
    guest.get_by_label("New password confirmation").fill(factories.PASSWORD)
    guest.get_by_role("button", name="Set password").click()
    expect(guest.locator("h1")).to_have_text("Hello, bayu")
    guest.locator("details.menu summary").click()
    guest.get_by_role("button", name="Sign out").click()
    guest.get_by_label("User name or e-mail").fill("bayu")
    guest.get_by_label("Password").fill(factories.PASSWORD)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.locator("h1")).to_have_text("Hello, bayu")
    guest.context.close()


def test_a_link_is_copied_where_browsers_give_no_clipboard(page_of: Pages, manager: User) -> None:
    """As over plain HTTP from another machine."""
    page = page_of(manager, "/people/invite/", permissions=["clipboard-read"])
    page.get_by_label("User name").fill("baru")
    page.locator("main form button.button-primary").click()
    page.evaluate("navigator.clipboard.writeText = undefined")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "/sign-in/link/" in page.evaluate("navigator.clipboard.readText()")


def test_a_job_is_watched_without_reloading_until_it_ends(page_of: Pages, manager: User) -> None:
    job = Job.objects.get()
    page = page_of(manager, f"/jobs/{job.pk}/")
    expect(page.locator(".job .chip")).to_have_text("Running")
    Job.objects.update(state=State.DONE, lease_until=None, done=10, message="Selesai dihitung")
    expect(page.locator(".job .chip")).to_have_text("Done")
    expect(page.locator(".job")).not_to_have_attribute("hx-trigger", re.compile("every"))


def test_what_is_replaced_keeps_the_focus_and_is_told(page_of: Pages, manager: User) -> None:
    """A job's page asks for itself every second: who stands on its button stays there."""
    job = Job.objects.get()
    page = page_of(manager, f"/jobs/{job.pk}/")
    page.get_by_role("button", name="Cancel").focus()
    Job.objects.update(done=4)
    expect(page.locator(".job progress")).to_have_attribute("value", "4")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    Job.objects.update(state=State.DONE, lease_until=None, done=10)
    expect(page.locator("#announced")).to_contain_text("Done")
    expect(page.locator(".job .card-head a")).not_to_be_focused()
    expect(page.locator(".job .card-head")).to_be_focused()


def test_closing_an_account_asks_first(page_of: Pages, manager: User) -> None:
    laras = User.objects.get(username="laras")
    page = page_of(manager, f"/people/{laras.pk}/")
    page.get_by_role("button", name="Close the account").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Close the account").click()
    page.get_by_role("dialog").get_by_role("button", name="Close the account").click()
    expect(page.locator("#notices")).to_contain_text("is closed")
    assert not User.objects.get(username="laras").is_active


@pytest.mark.parametrize("locale", ["en-US", "id-ID"])
def test_nothing_hangs_over_the_edge_of_a_phone(page_of: Pages, manager: User, locale: str) -> None:
    page = page_of(manager, "/", locale=locale, viewport={"width": 360, "height": 740})
    wide = {}
    for path in paths():
        page.goto(path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {path: over for path, over in wide.items() if over > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_of(page_of: Pages, manager: User, scheme: str) -> None:
    page = page_of(manager, "/", color_scheme=scheme, bypass_csp=True)
    found = {}
    for path in [*paths(), "/sign-out/", "/sign-up/"]:
        page.goto(path)
        found[path] = [fault["id"] for fault in Axe().run(page).response["violations"]]
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_strange_names_are_only_text(page_of: Pages, manager: User) -> None:
    page = page_of(manager, "/")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for path in paths():
        page.goto(path)
    page.goto("/")
    expect(page.locator("h1")).to_have_text(f"Hello, {PAYLOAD}")
    assert page.locator("img").count() == 0
