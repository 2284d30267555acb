"""What a start has to do before Kutip can serve, and the note of what need not be done again."""

import json
from pathlib import Path

from workbench.local import fingerprints, paths

APP = paths.CHECKOUT / "annotations"
PROJECT = paths.CHECKOUT / "workbench"
EVERYWHERE = (paths.CHECKOUT / "requirements.txt", PROJECT / "settings.py")
MIGRATIONS = (APP / "migrations", APP / "management", *EVERYWHERE)
STATIC = (APP / "static", PROJECT / "storage.py", *EVERYWHERE)


def chores_due(*, demo: bool) -> list[str]:
    """The commands that this start must run, in order. The database must answer."""
    done = _notes()
    due = []
    if done.get("migrate") != _of_migrations():
        due.append("migrate")
    if done.get("collectstatic") != _of_static():
        due.append("collectstatic")
    return [*due, "load_demo" if demo else "first_admin_link"]


def note_done(names: list[str]) -> None:
    """The next start knows that these chores were done on what is there now."""
    notes = _notes()
    if "migrate" in names:
        notes["migrate"] = _of_migrations()
    if "collectstatic" in names:
        notes["collectstatic"] = _of_static()
    paths.write_private(_notes_file(), json.dumps(notes, indent=1))


def _of_migrations() -> str:
    database = fingerprints.of_database()
    return f"{fingerprints.of_files(*MIGRATIONS)} {database}" if database else ""


def _of_static() -> str:
    made = paths.state_dir() / "static"
    return fingerprints.of_files(*STATIC) if made.is_dir() else ""


def _notes() -> dict[str, str]:
    try:
        notes: dict[str, str] = json.loads(_notes_file().read_text())
    except (OSError, ValueError):
        return {}
    return notes


def _notes_file() -> Path:
    return paths.state_dir() / "done.json"
