"""A real browser on a live server: what people see is what these tests read."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from tests import factories
from tests.e2e import desk
from workbench import browser as chromium
from workbench.env import text

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.find()
    if program is None:
        if text("CI").lower() not in ("", "0", "false"):
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def annotator() -> User:
    return factories.user("laras", role="annotator")


@pytest.fixture
def assignment(annotator: User) -> Assignment:
    return factories.assignment(annotator, desk.TEXT)


@pytest.fixture
def signed_in_browser(
    browser: Browser, live_server: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser profile in which this person is signed in; its errors fail the test."""
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def profile(user: User, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        context.add_cookies([{**session_of(user), "url": live_server.url}])
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda message: _note(message, errors))
        opened.append(context)
        return context

    yield profile
    for context in opened:
        context.close()
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
