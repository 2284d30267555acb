"""Loads the demo once, and renews the sign-in links of its accounts each time."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from annotations.management import demo_loading


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="where the site answers")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        try:
            if demo_loading.load():
                self.stderr.write("The demo is loaded.")
        except demo_loading.NamesTakenError as error:
            self.stderr.write(f"The demo is not loaded: its names are taken ({error}).")
        demo_loading.renew_accounts(settings.STATE_DIR, url)
