"""Rings again for jobs the broker lost, takes back those of dead workers and clears away what
loads left that died for good; for ever."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.db.utils import Error as DatabaseError

from annotations.exchange.turns import discard_abandoned
from annotations.jobs.sweep import sweep

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
            except DatabaseError:
                logger.warning("the database does not answer; trying again")
                connections.close_all()
            if once:
                return
            time.sleep(every)
