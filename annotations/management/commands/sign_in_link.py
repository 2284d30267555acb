from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from annotations.accounts import services as accounts
from annotations.accounts.models import User
from annotations.history.services import record


class Command(BaseCommand):
    help = "Print a link that signs USERNAME in, once, within seven days: for a lost password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"There is no user {username!r}.")
        if not user.is_active:
            raise CommandError(f"The account of {username!r} is closed.")
        with transaction.atomic():
            path = accounts.make_sign_in_link(user, "recovery", None)
            record("person.link-made", user, by=None)
        self.stdout.write(f"{settings.PUBLIC_URL.rstrip('/')}{path}")
