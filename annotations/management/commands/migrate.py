"""Django's `migrate`, run as the owner of the tables and followed by the grants."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from annotations.management.database.privileges import protect


class Command(Migrate):
    help = "Bring the database up to date as its owner, then protect the append-only tables."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(databases=["owner"], database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options.get("plan") and not options.get("check_unapplied"):
            protect(owner=options["database"])
