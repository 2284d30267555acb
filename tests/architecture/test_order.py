"""The database obeys the same order as the imports, and the indexes forget nothing."""

import importlib
import pkgutil
from configparser import ConfigParser
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

import annotations

ROOMS = (
    "accounts",
    "history",
    "jobs",
    "registry",
    "schema",
    "corpora",
    "assignments",
    "spans",
    "conversation",
    "agreement",
    "adjudication",
    "exchange",
)


def _room(model: type[Model]) -> int:
    return ROOMS.index(model.__module__.split(".")[1])


def _room_models() -> list[type[Model]]:
    found = []
    for info in pkgutil.walk_packages(annotations.__path__, "annotations."):
        if info.name.endswith(".models"):
            module = importlib.import_module(info.name)
            found += [
                value
                for value in vars(module).values()
                if isinstance(value, type)
                and issubclass(value, Model)
                and value.__module__ == info.name
                and not value._meta.abstract
            ]
    return found


def test_foreign_keys_point_down() -> None:
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_app_config("annotations").get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label == "annotations"
        and _room(field.related_model) > _room(model)
    ]
    assert wrong == []


def test_the_models_index_lists_every_model() -> None:
    index = importlib.import_module("annotations.models")
    missing = [m.__name__ for m in _room_models() if getattr(index, m.__name__, None) is not m]
    assert missing == []
    assert sorted(index.__all__) == sorted(model.__name__ for model in _room_models())


def test_the_tasks_index_brings_every_handler() -> None:
    importlib.import_module("annotations.tasks")
    from annotations.jobs import registry

    listed = set(registry._handlers)
    for info in pkgutil.walk_packages(annotations.__path__, "annotations."):
        if info.name.endswith(".handlers"):
            importlib.import_module(info.name)
    assert set(registry._handlers) == listed
    assert {"load_articles", "import_layers", "agreement", "export"} <= listed


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_models_and_the_migrations_say_the_same() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out, stderr=out)
    assert "No changes" in out.getvalue()


def test_migrations_are_named_like_commits() -> None:
    migrations = importlib.import_module("annotations.migrations")
    names = [info.name for info in pkgutil.iter_modules(migrations.__path__)]
    assert names
    assert [name for name in names if "_auto_" in name] == []


def test_every_screen_is_kept_apart_from_the_others() -> None:
    root = Path(annotations.__path__[0])
    screens = {f"annotations.web.{one.parent.name}" for one in root.glob("web/*/urls.py")}
    config = ConfigParser()
    config.read(root.parent / ".importlinter")
    assert screens <= set(config["importlinter:contract:screens"]["modules"].split())
