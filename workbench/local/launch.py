"""What a start has to do before Kutip can serve, and the note of what need not be done again."""

import json
from collections.abc import Callable
from pathlib import Path

from workbench.local import fingerprints, paths

APP = paths.CHECKOUT / "annotations"
PROJECT = paths.CHECKOUT / "workbench"
EVERYWHERE = (paths.CHECKOUT / "requirements.txt", PROJECT / "settings.py")
MIGRATIONS = (APP / "migrations", APP / "management", *EVERYWHERE)
STATIC = (APP / "static", PROJECT / "storage.py", *EVERYWHERE)


def _of_migrations() -> str:
    database = fingerprints.of_database()
    return f"{fingerprints.of_files(*MIGRATIONS)} {database}" if database else ""


def _of_static() -> str:
    made = paths.state_dir() / "static"
    return fingerprints.of_files(*STATIC) if made.is_dir() else ""


# What each chore depends on; empty when it was certainly not done.
SIGNS: dict[str, Callable[[], str]] = {
    "migrate": _of_migrations,
    "collectstatic": _of_static,
}


def chores_due(*, demo: bool) -> list[str]:
    """The commands that this start must run, in order. The database must answer."""
    notes = _notes()
    signs = {name: sign() for name, sign in SIGNS.items()}
    due = [name for name, sign in signs.items() if not sign or notes.get(name) != sign]
    return [*due, "load_demo" if demo else "first_admin_link"]


def note_done(names: list[str]) -> None:
    """The next start knows that these chores were done on what is there now."""
    notes = _notes() | {name: sign() for name, sign in SIGNS.items() if name in names}
    paths.write_private(_notes_file(), json.dumps(notes, indent=1))


def _notes() -> dict[str, str]:
    try:
        notes: dict[str, str] = json.loads(_notes_file().read_text())
    except (OSError, ValueError):
        return {}
    return notes


def _notes_file() -> Path:
    return paths.state_dir() / "done.json"
