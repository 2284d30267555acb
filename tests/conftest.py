"""The cast, and the two database roles: data is made and read as the app, owned by the owner."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

from annotations.accounts.models import User
from tests import databases, factories

# how long an example takes by the clock says more of the machine and its other work than of us
settings.register_profile("kutip", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kutip")


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules live as long as the run: no collection looks at them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(databases.ready())
        yield
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A request in another language leaves it active in this thread: not for the next test."""
    yield
    translation.deactivate()


@pytest.fixture
def annotator_a(db: None) -> User:
    return factories.user("annotator_a", role="annotator")


@pytest.fixture
def annotator_b(db: None) -> User:
    return factories.user("annotator_b", role="annotator")


@pytest.fixture
def adjudicator(db: None) -> User:
    return factories.user("adjudicator", role="adjudicator")


@pytest.fixture
def manager(db: None) -> User:
    return factories.user("manager", role="manager")


@pytest.fixture
def analyst(db: None) -> User:
    return factories.user("analyst", role="analyst")


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, a member of nothing: every door must refuse them."""
    return factories.user("stranger", role="annotator")


@pytest.fixture
def signed_in() -> Any:
    """A browser in which this person is signed in."""

    def client(user: User, **options: Any) -> Client:
        browser = Client(**options)
        browser.force_login(user, backend="annotations.accounts.backends.Backend")
        return browser

    return client
