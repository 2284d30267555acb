"""When Valkey is away, people still sign in, and those who are signed in stay."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from workbench.cache import ForgivingCache

GONE = "unix:///nonexistent/valkey.sock"


def test_a_cache_that_is_away_finds_nothing_and_refuses_nothing() -> None:
    cache = ForgivingCache(GONE, {})
    cache.set("a", 1)
    assert cache.get("a", "missing") == "missing"
    assert cache.add("lock", 1)
    assert (cache.delete("a"), cache.touch("a"), cache.has_key("a")) == (False, False, False)
    assert not cache.clear()


@pytest.mark.django_db
def test_one_signs_in_without_a_cache(client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "workbench.cache.ForgivingCache", "LOCATION": GONE}}
    user = factories.user("laras")
    user.set_password(factories.PASSWORD)
    user.save()
    answer = client.post("/sign-in/", {"login": "laras", "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200
