from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from annotations.accounts import services as accounts
from annotations.accounts.models import User
from annotations.history.services import record


class Command(BaseCommand):
    help = "Print a new API token of USERNAME. It is shown only now: what is kept is its hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {username!r}.")
        with transaction.atomic():
            token = accounts.make_token(user)
            record("person.token-made", user, by=None)
        self.stdout.write(token)
