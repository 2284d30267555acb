"""Rings again for jobs the broker lost, takes back those of dead workers, clears away what loads
left that died for good, and uploads that nothing came for; has what was loaded made searchable, new
names compared, the trash emptied, and the files of old exports removed; for ever."""

import logging
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from annotations.corpora.upkeep import behind
from annotations.corpora.uploads import remove_stale
from annotations.exchange import expiring
from annotations.exchange.handlers import EMPTY_TRASH, EXPIRE
from annotations.exchange.purging import is_anything_due
from annotations.exchange.turns import discard_abandoned
from annotations.jobs import services as jobs
from annotations.jobs.models import Job, State
from annotations.jobs.sweep import sweep
from annotations.registry import duplicates
from annotations.registry.handlers import COMPARE

REST = timedelta(minutes=10)
"""After a job that failed for good, before the same is tried again."""

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own attribute

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep once, then end")
        parser.add_argument("--every", type=float, default=3.0, help="seconds between sweeps")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        while True:
            try:
                sweep()
                discard_abandoned()
                remove_stale(time.time())
                index()
                compare_names()
                empty_trash()
                expire_exports()
            except DatabaseError:
                logger.warning("the database does not answer; trying again")
                connections.close_all()
            if once:
                return
            time.sleep(every)


def index() -> None:
    """A job makes searchable what every load left behind, one for a corpus."""
    for corpus in behind():
        _start("index_articles", {"corpus": corpus}, f"index_articles:{corpus}")


def compare_names() -> None:
    """A job looks for duplicates among names that are new or changed, one for a registry."""
    for registry in duplicates.behind():
        _start(COMPARE, {"registry": registry}, f"{COMPARE}:{registry}")


def empty_trash() -> None:
    """A job removes what lay in the trash for as long as is promised."""
    if is_anything_due():
        _start(EMPTY_TRASH, {}, EMPTY_TRASH)


def expire_exports() -> None:
    """A job removes the files of exports that are older than is promised."""
    if expiring.is_anything_due():
        _start(EXPIRE, {}, EXPIRE)


def _start(kind: str, args: dict[str, object], key: str) -> None:
    """The job waits or runs, but for a while after it failed or was cancelled."""
    ended = Job.objects.filter(dedupe_key=key, finished_at__gt=timezone.now() - REST)
    if not ended.filter(state__in=(State.FAILED, State.CANCELLED)).exists():
        jobs.start(kind, args, by=None, dedupe_key=key)
