"""What the environment says about database, queue, cache and secret key."""

import stat
from pathlib import Path

import pytest

from workbench.env import Refusal
from workbench.local import connections, paths


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUTIP_STATE", str(tmp_path / "state"))
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "KUTIP_CACHE_URL", "KUTIP_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def database(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, object]:
    monkeypatch.setenv("DATABASE_URL", url)
    return connections.database_settings()["owner"]


def test_without_urls_both_roles_use_the_socket_of_this_state() -> None:
    found = connections.database_settings()

    assert found["default"]["USER"] == "kutip_app"
    assert found["owner"]["USER"] == "kutip_owner"
    assert found["owner"]["HOST"] == str(paths.postgres_socket_dir())
    assert len(found["owner"]["HOST"]) < 80


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://u:p%40ss@db.example:5433/news",
            {"USER": "u", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433", "NAME": "news"},
        ),
        ("postgres://u@%2Fvar%2Frun%2Fpg/news", {"HOST": "/var/run/pg", "NAME": "news"}),
        ("postgresql:///news?host=/run/pg&port=5555", {"HOST": "/run/pg", "PORT": "5555"}),
        ("postgresql://[::1]/news", {"HOST": "::1"}),
        ("postgresql://a:1,b:2/news", {"HOST": "a,b", "PORT": "1,2"}),
    ],
)
def test_a_url_means_what_libpq_makes_of_it(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, str]
) -> None:
    found = database(monkeypatch, url)

    assert {name: found[name] for name in expected} == expected


def test_what_follows_the_question_mark_goes_to_libpq(monkeypatch: pytest.MonkeyPatch) -> None:
    found = database(monkeypatch, "postgresql://h/news?sslmode=require&connect_timeout=9")

    assert found["OPTIONS"] == {"sslmode": "require", "connect_timeout": "9"}


@pytest.mark.parametrize(
    "url",
    [
        "news",
        "mysql://u:hush@h/news",
        "sqlite:///news.db",
        "postgresql://",
        "postgresql://u:hush@h",
        "postgresql://u:hush@h:port/news",
        "postgresql://u:%zzhush@h/news",
        "postgresql://u:hush@h/news?no_such=1",
    ],
)
def test_nonsense_is_refused_without_showing_a_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    with pytest.raises(Refusal, match="DATABASE_URL") as refused:
        database(monkeypatch, url)

    assert "hush" not in str(refused.value)


def test_a_url_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://h/news\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    assert connections.database_settings()["owner"]["NAME"] == "news"
    assert connections.embedded() == {"valkey"}


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("", "unix://{run}/valkey.sock?db=1"),
        ("redis://h:6379", "redis://h:6379/1"),
        ("redis://:pw@h/3", "redis://:pw@h/4"),
        ("rediss://h/0?ssl_cert_reqs=required", "rediss://h/1?ssl_cert_reqs=required"),
        ("redis+socket:///run/r.sock?virtual_host=2", "unix:///run/r.sock?db=3"),
        ("amqp://guest@h//", None),
    ],
)
def test_the_cache_stands_beside_a_broker_that_can_hold_one(
    monkeypatch: pytest.MonkeyPatch, broker: str, cache: str | None
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", broker)

    assert connections.cache_url() == (cache and cache.format(run=paths.run_dir()))


def test_a_broker_of_an_unknown_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "http://h")

    with pytest.raises(Refusal, match="CELERY_BROKER_URL must begin with"):
        connections.broker_url()


def test_the_secret_key_is_made_once_and_read_by_nobody_else() -> None:
    first = connections.secret_key()

    file = paths.state_dir() / "secret-key"
    assert connections.secret_key() == first == file.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["short", "x" * 60, "abcabc" * 20])
def test_a_key_that_is_no_secret_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("KUTIP_SECRET_KEY", key)

    with pytest.raises(Refusal, match="KUTIP_SECRET_KEY must be at least 32 random characters"):
        connections.secret_key()


def test_a_folder_of_sockets_that_is_not_ours_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path)

    for name in ("open", "link"):
        with pytest.raises(Refusal, match="not a private folder of ours"):
            paths.make_private_dir(tmp_path / name)
