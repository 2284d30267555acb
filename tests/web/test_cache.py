"""When Valkey is away, people still sign in, and those who are signed in stay."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tests import factories
from workbench.cache import ForgivingCache

GONE = "unix:///nonexistent/valkey.sock"


def test_a_cache_that_is_away_finds_nothing_and_refuses_nothing() -> None:
    away = ForgivingCache(GONE, {})
    away.set("a", 1)
    assert away.get("a", "missing") == "missing"
    assert away.add("lock", 1)
    assert (away.delete("a"), away.touch("a"), away.has_key("a")) == (False, False, False)
    assert not away.clear()


def test_a_kept_client_outlives_its_connections() -> None:
    here: Any = caches["default"]
    here.set("a", 1)
    before = here._cache.get_client()
    before.client_kill_filter(_type="normal", skipme=False)
    assert here.get("a") == 1
    assert here._cache.get_client() is before


@pytest.mark.django_db
def test_one_signs_in_without_a_cache(client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "workbench.cache.ForgivingCache", "LOCATION": GONE}}
    user = factories.user("laras")
    user.set_password(factories.PASSWORD)
    user.save()
    answer = client.post("/sign-in/", {"login": "laras", "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200
