"""Export files are kept for as long as the house promises (`EXPORT_DAYS`, 0: for ever). The rows
stay, and say what was there."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations.exchange.models import Export
from annotations.exchange.store import remove
from annotations.history.services import record
from annotations.jobs.models import LIVE

_LOCK = 0x4B75746970  # "Kutip": one number for all who make or remove export files
_LEFT_BEHIND = 86_400
"""Seconds after which a file whose job is dead is removed, and what was made of an export and nobody
asks for."""

Progress = Callable[[int], None]


def due() -> "QuerySet[Export]":
    """The exports whose time is over."""
    kept = Export.objects.filter(finished_at__isnull=False, expired_at__isnull=True)
    if not settings.EXPORT_DAYS:
        return kept.none()
    return kept.filter(finished_at__lt=timezone.now() - timedelta(days=settings.EXPORT_DAYS))


def is_anything_due() -> bool:
    return due().exists() or any(_left_behind()) or any(_not_asked_for())


def expire(progress: Progress) -> int:
    """What is due has no file any more, and its row says since when. Returns how many these were.
    A file that another export has, too, stays for that one."""
    count = 0
    for key in due().order_by("pk").values_list("pk", flat=True):
        count += _expire(key)
        progress(count)
    for file in chain(_left_behind(), _not_asked_for()):
        file.unlink(missing_ok=True)
    _remove_unknown()
    return count


def keep_others_from_removing() -> None:
    """Until the caller's transaction ends, no export file is removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


@transaction.atomic
def _expire(key: UUID) -> bool:
    """The file goes before the row says so: whatever stops this, the next call does it again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    export = due().select_related("campaign").filter(pk=key).first()
    if export is None:
        return False
    export.expired_at = timezone.now()
    export.save(update_fields=["expired_at"])
    sha256 = bytes(export.sha256 or b"")
    record("export.expired", export, by=None, campaign=export.campaign.slug, sha256=sha256.hex())
    if not Export.objects.filter(sha256=export.sha256, expired_at__isnull=True).exists():
        remove(sha256)
    return True


def _left_behind() -> Iterator[Path]:
    """Half-written files whose jobs died for good."""
    long_ago = time.time() - _LEFT_BEHIND
    for part in Path(settings.EXPORT_DIR, "parts").glob("*.part"):
        if _changed_at(part) < long_ago and not _is_being_written(part):
            yield part


@transaction.atomic
def _remove_unknown() -> None:
    """No file is left that no export has: that of one whose worker died before its row said so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    rows = Export.objects.filter(sha256__isnull=False, expired_at__isnull=True)
    known = {bytes(sha256 or b"").hex() for sha256 in rows.values_list("sha256", flat=True)}
    long_ago = time.time() - _LEFT_BEHIND
    for file in Path(settings.EXPORT_DIR, "sha256").glob("*/*.jsonl"):
        if file.stem not in known and _changed_at(file) < long_ago:
            file.unlink(missing_ok=True)
    for folder in Path(settings.EXPORT_DIR, "made").glob("*"):
        if folder.name not in known:
            remove(bytes.fromhex(folder.name))


def _not_asked_for() -> Iterator[Path]:
    """Of what was made of exports."""
    long_ago = time.time() - _LEFT_BEHIND
    for file in Path(settings.EXPORT_DIR, "made").glob("*/*"):
        if _changed_at(file) < long_ago:
            yield file


def _changed_at(part: Path) -> float:
    try:
        return part.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _is_being_written(part: Path) -> bool:
    try:
        export = UUID(part.name.partition(".")[0])
    except ValueError:
        return False
    return Export.objects.filter(pk=export, job__state__in=LIVE).exists()
