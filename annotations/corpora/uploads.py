"""Files that wait to be loaded, in a folder of their own, under names that are ours."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def upload_path(upload: UUID) -> Path:
    """Where an upload lies until it is loaded."""
    return _folder() / str(upload)


def report_path(job: UUID) -> Path:
    """Where the full report of a load lies."""
    return _folder() / f"{job}.report.jsonl"


def _folder() -> Path:
    return Path(settings.UPLOAD_DIR)
