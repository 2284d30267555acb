"""Registers a schema version from a JSON file."""

from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.schema.services import register
from annotations.schema.spec import SpecError


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="JSON document of one schema version")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            schema = register(msgspec.json.decode(file.read_bytes()))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (msgspec.MsgspecError, SpecError) as error:
            raise CommandError(f"{file} is no schema: {error}.") from error
        self.stdout.write(str(schema))
