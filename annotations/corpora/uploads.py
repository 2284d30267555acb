"""Files that wait to be loaded, in a folder of their own, under names that are ours."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

_WEEK_SECONDS = 604_800


def upload_path(upload: UUID) -> Path:
    """Where an upload lies until it is loaded."""
    return _folder() / str(upload)


def report_path(job: UUID) -> Path:
    """Where the full report of a load lies."""
    return _folder() / f"{job}.report.jsonl"


def look_report_path(job: UUID) -> Path:
    """Where the full report of a look lies; it is as stale after a week as the upload."""
    return _folder() / f"{job}.look"


def remove_uploads(files: Iterable[Mapping[str, str]]) -> None:
    """The uploads that a job's `files` name (`id`, `name`) are gone."""
    for file in files:
        upload_path(UUID(file["id"])).unlink(missing_ok=True)


def are_kept(files: Iterable[Mapping[str, str]]) -> bool:
    """Whether all uploads that a job's `files` name are there."""
    return all(upload_path(UUID(file["id"])).is_file() for file in files)


def suffice(args: Mapping[str, Any], checkpoint: Mapping[str, Any]) -> bool:
    """Whether a job that ended early finds what it still has to read: all files that its arguments
    name, unless its checkpoint holds already what came of them."""
    if "report" in checkpoint or "layers" in checkpoint:
        return True
    paths = _uploads_of(args)
    paths += [Path(args["path"])] if "path" in args else []
    return all(path.is_file() for path in paths)


def kept_until(args: Mapping[str, Any]) -> datetime | None:
    """When the first of the uploads that a job's arguments name will be removed; None where they
    name none, or one is gone."""
    try:
        first = min((path.stat().st_mtime for path in _uploads_of(args)), default=None)
    except FileNotFoundError:
        return None
    return None if first is None else datetime.fromtimestamp(first + _WEEK_SECONDS, UTC)


def remove_stale(now: float) -> None:
    """Uploads older than a week are gone, also those of loads that failed or were cancelled: until
    then they can be tried again. `now` is in seconds since 1970; reports of loads stay."""
    if not _folder().is_dir():
        return
    for path in _folder().iterdir():
        if path.suffix != ".jsonl" and _is_stale(path, now):
            path.unlink(missing_ok=True)


def _is_stale(path: Path, now: float) -> bool:
    try:
        return path.stat().st_mtime < now - _WEEK_SECONDS
    except FileNotFoundError:  # loaded this very moment
        return False


def _uploads_of(args: Mapping[str, Any]) -> list[Path]:
    uploads = [file["id"] for file in args.get("files", ())]
    uploads += [args[word] for word in ("upload", "file") if word in args]
    return [upload_path(UUID(upload)) for upload in uploads]


def _folder() -> Path:
    return Path(settings.UPLOAD_DIR)
