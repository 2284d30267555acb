"""A real browser on a live server: what people see is what these tests read."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import get_resolver
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.web import opening
from annotations.web.desk import presenters
from tests import factories
from tests.adjudication.settling import campaign_of, gold_of
from tests.agreement.layers import mark
from tests.e2e import desk
from tests.needs import missing
from workbench.browser import MISSING
from workbench.browser import find as find_chromium

log = logging.getLogger(__name__)

# Playwright's loop runs in this thread; the ORM is used between its steps, never inside one
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]

# “lima huruf”, “setiap kata”, “lima huruf”: the extent differs, a value does, one is missing
LAYERS = {
    "laras": (
        mark("ACTOR", (7, 17), form="name"),
        mark("QUOTE", (18, 29), type="direct"),
        mark("CUE", (30, 40)),
    ),
    "seto": (mark("ACTOR", (7, 11), form="name"), mark("QUOTE", (18, 29), type="mixed")),
}

CLOSING_SECONDS = 30


class Chromium:
    """The browser of all tests; another one where it was killed."""

    def __init__(self, playwright: Playwright, program: Path) -> None:
        self._playwright, self._program = playwright, program
        self._browser = self._launched()

    def _launched(self) -> Browser:
        return self._playwright.chromium.launch(executable_path=self._program, args=QUIET)

    def open(self) -> Browser:
        if not self._browser.is_connected():
            self._browser = self._launched()
        return self._browser

    def close(self, context: BrowserContext) -> None:
        """The profile is gone. Once in some hundred times Chromium never says so, and Playwright
        waits for ever: then the browser is killed, which is no fault of the test."""
        killer = threading.Timer(CLOSING_SECONDS, self._kill)
        killer.start()
        try:
            context.close()
        except PlaywrightError:
            log.warning("Chromium did not close a profile and was killed")
        finally:
            killer.cancel()

    def _kill(self) -> None:
        for process in psutil.Process().children(recursive=True):
            if Path(process.name()).name.startswith(("chrom", "headless_shell")):
                process.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    program = find_chromium()
    if program is None:
        missing(MISSING)
    with sync_playwright() as playwright:
        opened = Chromium(playwright, program)
        yield opened
        opened.open().close()


@pytest.fixture
def browser(chromium: Chromium) -> Browser:
    return chromium.open()


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of a server that has the scripts and styles people get: linked and shortened."""
    folder = tmp_path_factory.mktemp("static")
    there = {
        "STATIC_ROOT": folder,
        "STORAGES": settings.STORAGES
        | {"staticfiles": {"BACKEND": "workbench.storage.ModuleStorage"}},
    }
    with override_settings(WHITENOISE_SKIP_COMPRESS_EXTENSIONS=("css", "js", "svg"), **there):
        call_command("collectstatic", "--noinput", verbosity=0)
    finder = "django.contrib.staticfiles.finders.FileSystemFinder"
    return there | {"STATICFILES_DIRS": [folder], "STATICFILES_FINDERS": [finder]}


@contextmanager
def _serving(**there: Any) -> Iterator[None]:
    """Pages name these files, and what was kept of others is forgotten."""
    kept = (get_finder, opening._collected, presenters._scripts, presenters._preloads)
    with override_settings(**there):
        for one in kept:
            one.cache_clear()
        yield
    for one in kept:
        one.cache_clear()


@pytest.fixture(autouse=True)
def served(collected: dict[str, Any]) -> Iterator[None]:
    """What is tested is what people get."""
    with _serving(**collected):
        yield


@pytest.fixture
def as_written(served: None) -> Iterator[None]:
    """The sources, as browsers read them while we work."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    finder = "django.contrib.staticfiles.finders.AppDirectoriesFinder"
    with _serving(
        STORAGES=settings.STORAGES | plain, STATICFILES_DIRS=[], STATICFILES_FINDERS=[finder]
    ):
        yield


@pytest.fixture
def annotator() -> User:
    return factories.user("laras", role="annotator")


@pytest.fixture
def assignment(annotator: User) -> Assignment:
    return factories.assignment(annotator, desk.TEXT)


@pytest.fixture
def adjudicator() -> User:
    return factories.user("arum", role="adjudicator")


@pytest.fixture
def campaign(annotator: User, adjudicator: User) -> Campaign:
    return campaign_of(annotator, factories.user("seto"), adjudicators=(adjudicator,))


@pytest.fixture
def gold(campaign: Campaign, adjudicator: User) -> Assignment:
    """An open gold layer over what two annotators submitted, with three cases."""
    return gold_of(campaign, adjudicator, **LAYERS)


@pytest.fixture
def signed_in_browser(
    chromium: Chromium, live_server: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser profile in which this person is signed in; its errors fail the test."""
    _ = get_resolver().url_patterns  # the pages are read before anybody comes, as in the product
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def profile(user: User, **options: Any) -> BrowserContext:
        context = chromium.open().new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        context.add_cookies([{**session_of(user), "url": live_server.url}])
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda message: _note(message, errors))
        opened.append(context)
        return context

    yield profile
    for context in opened:
        chromium.close(context)
    assert errors == []


def _note(message: Any, errors: list[str]) -> None:
    """What a page says of itself; a request that failed on purpose is no error of the page."""
    if message.type == "error" and "Failed to load resource" not in message.text:
        errors.append(message.text)


def session_of(user: User) -> Any:
    """The cookie of a session in which this person is signed in."""
    client = Client()
    client.force_login(user, backend="annotations.accounts.backends.Backend")
    return {"name": "session", "value": client.cookies["session"].value}


@pytest.fixture
def page_of(signed_in_browser: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page in a fresh profile, signed in, at a path."""

    def page(user: User, path: str, **options: Any) -> Page:
        opened = signed_in_browser(user, **options).new_page()
        opened.goto(path)
        return opened

    return page
